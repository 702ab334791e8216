"""From a client in codes to packages, and from their lines to providers, with reasons. Nothing is stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.eligibility import Offer
from netmap.directory.offers import load_offers
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.matching import asked, curation, lines, result, score
from netmap.matching.addons import not_asked_for
from netmap.matching.facts import Client, Library
from netmap.matching.intake import Places, read_client
from netmap.matching.lines import Desk, Serves, Wanted
from netmap.matching.loading import load_library, load_names, load_places
from netmap.matching.models import OUTCOMES, REASONS, Decision
from netmap.matching.providers import Served, serve
from netmap.matching.score import Scores
from netmap.vocabulary.terms import vocabulary


def match(
    session: Session, settings: Settings, client: Mapping[str, object], limit: int = 5
) -> dict[str, Any]:
    """Return the packages that fit a client, with providers and reasons; see `Matcher.match`."""
    return Matcher(session, settings).match(client, limit)


class Matcher:
    """Answers for many clients over the same directory; everything is read once and kept.

    Parameters
    ----------
    session : Session
        Is only read from.
    settings : Settings
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session, self.settings = session, settings
        self._moment: datetime = now().astimezone(settings.zone())
        self._offers: dict[str, list[Offer]] = {}
        self._all_loaded = False

    @cached_property
    def library(self) -> Library:
        """All packages in use."""
        return load_library(self.session)

    @cached_property
    def places(self) -> Places:
        """All areas."""
        return load_places(self.session)

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
            ``packages`` (best first, then those that a coordinator always shows: ``included``),
            ``not_suitable`` (would fit but for a circumstance), ``left_out`` (by a coordinator, with the
            reason), ``pair`` (two that together serve clearly better, or None), ``triage`` (the way of
            working, then its triggers),
            ``safety`` (need codes that outrank every score), ``safety_not_asked``, ``prompts`` (what else to
            ask) and ``contested`` (codes, left out of every score). A package has ``strengths``: which of its
            lines the person may not need, and why.

        Raises
        ------
        Invalid
            If the client cannot be used; with every wrong field.
        NotFound
            If there is no package ``only``.
        """
        client = self.read(values)
        scores = score.score_all(self.library, client)
        curated = curation.apply(self.session, client, self._moment.date())
        ranked = curated.ranked(self.library, scores)
        best = score.order(self.library, ranked, max(1, limit)) if only is None else [self._place_of(only)]
        chosen = curated.shown(self.library, best) if only is None else best
        wanted = {place: self._wanted(client, scores, place) for place in chosen}
        served = self._serve(client, [line for found in wanted.values() for line in found])
        desk = self._desk(served)
        return {
            "packages": [
                self._package(client, scores, place, wanted[place], served, desk)
                | {"included": curated.included(self.library.packages[place][0])}
                for place in chosen
            ],
            "not_suitable": [] if only else result.not_suitable(self.library, client, ranked),
            "left_out": [] if only else curated.left_out(self.library, scores),
            "pair": None if only else result.pair(self.library, client, ranked),
            "triage": result.advice(self.library, client, scores, best[:1], wanted, served),
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
        """Return one package with its lines, and what the person's strengths may make needless."""
        told = [desk.line(line, served[line.serves]) for line in wanted]
        found = result.summary(self.library, client, scores, place)
        return found | {"lines": told, "strengths": asked.leaning_on(client, told)}

    def summary(self, client: Client, code: str) -> dict[str, Any]:
        """Return the result of one package without its providers."""
        scores = score.score_all(self.library, client)
        return result.summary(self.library, client, scores, self._place_of(code))

    def nearest(self, client: Client) -> tuple[str | None, float]:
        """Return the package that comes nearest and its score, whatever coordinators decided about it."""
        scores = score.score_all(self.library, client)
        best = score.order(self.library, scores, 1)
        if not best:
            return None, 0.0
        return self.library.packages[best[0]][0], round(float(scores.score[best[0]]), 1)

    def _place_of(self, code: str) -> int:
        for place, (known, _number, _document) in enumerate(self.library.packages):
            if known == code:
                return place
        raise NotFound(_("There is no such package. Go back to the list of packages."))

    def _wanted(self, client: Client, scores: Scores, place: int) -> list[Wanted]:
        """Return the lines of the package, then those added for needs that it does not cover."""
        dropped = set(score.without_use(self.library, scores, place))
        document = self.library.packages[place][2]
        without = set(not_asked_for(document, client))
        own = [
            lines.of_package(line, client, line.key in dropped)
            for line in document.lines
            if line.key not in without
        ]
        there = {line.service_type for line in own if not line.dropped}
        return own + [lines.added(need, client, there) for need in score.to_add(self.library, client, place)]

    def _serve(self, client: Client, wanted: Sequence[Wanted]) -> dict[Serves, Served]:
        """Return who serves each kind of line; kinds that come again in other packages are judged once."""
        self._load({line.service_type for line in wanted})
        return {
            kind: serve(
                self._offers.get(kind.service_type, ()),
                client,
                kind.service_type,
                today=self._moment.date(),
                circuity=self.settings.circuity,
                duration=kind.duration,
                urgent=kind.urgent,
            )
            for kind in dict.fromkeys(line.serves for line in wanted)
        }

    def _load(self, types: set[str]) -> None:
        """Load the offers of these types; from the second time on of all, since more will be asked for."""
        if self._all_loaded or types <= set(self._offers):
            return
        self._all_loaded = bool(self._offers)
        by_type: dict[str, list[Offer]] = defaultdict(list)
        for offer in load_offers(self.session, self.settings, types=None if self._all_loaded else types):
            for code in offer.types | offer.suggested:
                by_type[code].append(offer)
        known = set(vocabulary().service_types) if self._all_loaded else types
        self._offers = {code: by_type[code] for code in {*known, *types}}

    def _desk(self, served: Mapping[Serves, Served]) -> Desk:
        shown = [choice.offer for found in served.values() for choice in found.shown()]
        shown += [miss.offer for found in served.values() for miss in found.near_misses]
        return Desk(load_names(self.session, shown), self._moment, self.settings.stale_days)


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
