"""From a client in codes to packages, and from their lines to providers, with reasons. Nothing is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.matching import asked, joint_words, lines, result, score
from netmap.matching.choosing import Chooser
from netmap.matching.facts import Client, Library
from netmap.matching.intake import Places, read_client
from netmap.matching.joint import decide
from netmap.matching.lines import Desk, Serves, Wanted
from netmap.matching.models import OUTCOMES, REASONS, Decision
from netmap.matching.providers import NOBODY, Served
from netmap.matching.rules import Rules
from netmap.matching.score import Scores
from netmap.matching.supply import Supply, supply_for
from netmap.vocabulary.terms import vocabulary


def match(
    session: Session, settings: Settings, client: Mapping[str, object], limit: int = 5
) -> dict[str, Any]:
    """Return the packages that fit a client, with providers and reasons; see `Matcher.match`."""
    return Matcher(session, settings).match(client, limit)


class Matcher:
    """Answers for many clients over the directory as it is at the first question.

    Parameters
    ----------
    session : Session
        Is only read from.
    settings : Settings
    rules : Rules
        The weights and thresholds.
    """

    def __init__(self, session: Session, settings: Settings, rules: Rules | None = None) -> None:
        self.session, self.settings = session, settings
        self.rules = rules or Rules()
        self._moment: datetime = now().astimezone(settings.zone())

    @cached_property
    def supply(self) -> Supply:
        """Offers, names, areas and packages, brought up to date."""
        return supply_for(self.session, self.settings)

    @cached_property
    def library(self) -> Library:
        """All packages in use."""
        return self.supply.library

    @property
    def places(self) -> Places:
        """All areas."""
        return self.supply.places

    def read(self, values: Mapping[str, object]) -> Client:
        """Return the client, checked; raises Invalid with every wrong field."""
        return read_client(values, self.places, self.settings.max_km, self._moment.date())

    def match(
        self, values: Mapping[str, object], limit: int = 5, *, only: str | None = None
    ) -> dict[str, Any]:
        """Return the best packages with providers for every line.

        Parameters
        ----------
        values : mapping
            The client, see `netmap.matching.intake.read_client`.
        limit : int
            How many packages at most.
        only : str, optional
            The code of one package that alone is wanted, suitable or not.

        Returns
        -------
        dict
            ``packages`` (best first), ``not_suitable`` (would fit but for a circumstance), ``pairs`` (twos
            that together serve clearly better, the best first, three at most), ``pair`` (the first of them
            or None), ``triage`` (the way of working, then its triggers), ``safety`` (need codes that outrank
            every score), ``safety_not_asked``, ``prompts`` (what else to ask) and ``contested`` (codes, left
            out of every score). A package has ``lines``, ``joint`` (who serves them together, where and
            when) and ``strengths``: which of its lines the person may not need, and why.

        Raises
        ------
        Invalid
            If the client cannot be used; with every wrong field.
        NotFound
            If there is no package ``only``.
        """
        client = self.read(values)
        scores = score.score_all(self.library, client)
        chosen = score.order(self.library, scores, max(1, limit)) if only is None else [self._place_of(only)]
        wanted = {place: self._wanted(client, scores, place) for place in chosen}
        served = self._serve(client, [line for found in wanted.values() for line in found])
        desk = self._desk()
        pairs = [] if only else result.pairs(self.library, client, scores)
        return {
            "packages": [
                self._package(client, scores, place, wanted[place], served, desk) for place in chosen
            ],
            "not_suitable": [] if only else result.not_suitable(self.library, client, scores),
            "pair": pairs[0] if pairs else None,
            "pairs": pairs,
            "triage": result.advice(self.library, client, scores, chosen[:1], wanted, served),
            "safety": [code for code in client.named() if vocabulary().needs[code].safety],
            **asked.beside(self.library, client),
        }

    def _package(
        self,
        client: Client,
        scores: Scores,
        place: int,
        wanted: Sequence[Wanted],
        served: Mapping[Serves, Served],
        desk: Desk,
    ) -> dict[str, Any]:
        """Return one package: its lines, who serves them together, and what strengths may make needless."""
        together = decide(
            [(line, served[line.serves]) for line in wanted],
            client,
            per_site=self.rules.per_site,
            circuity=self.settings.circuity,
        )
        found = result.summary(self.library, client, scores, place)
        found |= joint_words.package_lines(together, wanted, served, desk)
        return found | {"strengths": asked.leaning_on(client, found["lines"])}

    def summary(self, client: Client, code: str) -> dict[str, Any]:
        """Return the result of one package without its providers."""
        scores = score.score_all(self.library, client)
        return result.summary(self.library, client, scores, self._place_of(code))

    def _place_of(self, code: str) -> int:
        for place, (known, _number, _document) in enumerate(self.library.packages):
            if known == code:
                return place
        raise NotFound(_("There is no such package. Go back to the list of packages."))

    def _wanted(self, client: Client, scores: Scores, place: int) -> list[Wanted]:
        """Return the lines of the package, then those added for needs that it does not cover."""
        dropped = set(score.to_drop(self.library, scores, place))
        document = self.library.packages[place][2]
        own = [lines.of_package(line, client, line.key in dropped) for line in document.lines]
        there = {line.service_type for line in own if not line.dropped}
        return own + [lines.added(need, client, there) for need in score.to_add(self.library, client, place)]

    def _serve(self, client: Client, wanted: Sequence[Wanted]) -> dict[Serves, Served]:
        """Return who serves each kind of line; kinds that come again in other packages are judged once."""
        chooser = Chooser(
            self.supply.columns,
            client,
            (one.service_type for one in wanted),
            today=self._moment.date(),
            circuity=self.settings.circuity,
            weights=self.rules.weights,
        )
        return {
            kind: NOBODY if kind.service_type in client.refused_types else chooser.serve(**kind._asdict())
            for kind in dict.fromkeys(one.serves for one in wanted)
        }

    def _desk(self) -> Desk:
        return Desk(self.supply.names, self._moment, self.settings.stale_days)


def record_decision(
    session: Session,
    settings: Settings,
    values: Mapping[str, object],
    code: str,
    *,
    outcome: str,
    reason: str,
) -> Decision:
    """Return the decision about a suggested package: codes, an area and a day, never a person.

    Raises
    ------
    Invalid
        If the outcome, the reason or the client cannot be used.
    NotFound
        If there is no such package.
    """
    errors = {}
    if outcome not in OUTCOMES:
        errors["outcome"] = _("Choose what you decided.")
    if reason not in REASONS:
        errors["reason"] = _("Choose the reason that comes nearest.")
    if errors:
        raise Invalid(_("The decision cannot be kept yet."), errors)
    matcher = Matcher(session, settings)
    client = matcher.read(values)
    found = matcher.summary(client, code)
    decision = Decision(
        package_code=code,
        package_version=found["version"],
        outcome=outcome,
        reason=reason,
        score=found["score"],
        needs={
            need: {"severity": client.needs[need].severity, "urgency": client.needs[need].urgency}
            for need in sorted(client.has())
        },
        added=[one["need"] for one in found["correction"]["add"]],
        dropped=[one["line"] for one in found["correction"]["drop"]],
        area_code=client.area,
        decided_on=now().astimezone(settings.zone()).date(),
    )
    session.add(decision)
    session.flush()
    return decision
