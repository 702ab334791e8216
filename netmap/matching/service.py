"""From a client in codes to packages, and from their lines to providers, with reasons. Nothing is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.matching import asked, joint_words, lines, result, score, substitutes
from netmap.matching.addons import not_asked_for
from netmap.matching.choosing import Chooser
from netmap.matching.desk import Desk
from netmap.matching.facts import Client, Library
from netmap.matching.intake import Places, read_client
from netmap.matching.joint import decide
from netmap.matching.lines import Serves, Wanted
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
    rules : Rules, optional
        Weights and thresholds to try in place of those in use.
    library : Library, optional
        Packages to try in place of those in use.
    """

    def __init__(
        self,
        session: Session,
        settings: Settings,
        rules: Rules | None = None,
        library: Library | None = None,
    ) -> None:
        self.session, self.settings = session, settings
        self._rules, self._library = rules, library
        self._moment: datetime = now().astimezone(settings.zone())

    @cached_property
    def supply(self) -> Supply:
        """Offers, names, areas and packages, brought up to date."""
        return supply_for(self.session, self.settings)

    @cached_property
    def library(self) -> Library:
        """All packages in use, or those to try."""
        return self._library or self.supply.library

    @property
    def rules(self) -> Rules:
        """Weights and thresholds in use, or those to try."""
        return self._rules or self.supply.rules

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
            ``packages`` (best first, then those that a coordinator always shows: ``included``),
            ``not_suitable`` (would fit but for a circumstance), ``left_out`` (by a coordinator, with the
            reason), ``pairs`` (twos that together serve clearly better, the best first, three at most),
            ``pair`` (the first of them or None), ``triage`` (the way of working, then its triggers),
            ``safety`` (need codes that outrank every score), ``safety_not_asked``, ``prompts`` (what else to
            ask) and ``contested`` (codes, left out of every score). A package has ``lines``, ``joint`` (who
            serves them together, where and when) and ``strengths``: which of its lines the person may not
            need, and why.

        Raises
        ------
        Invalid
            If the client cannot be used; with every wrong field.
        NotFound
            If there is no package ``only``.
        """
        client = self.read(values)
        scores = score.score_all(self.library, client)
        curated = self.supply.curated.of(client, self.places.inside)
        ranked = curated.ranked(self.library, scores)
        best = score.order(self.library, ranked, max(1, limit)) if only is None else [self._place_of(only)]
        chosen = curated.shown(self.library, best) if only is None else best
        first = {place: self._wanted(client, scores, place) for place in chosen}
        served = self._serve(client, [line for found in first.values() for line in found])
        wanted = {
            place: [substitutes.settled(line, served, client) for line in found]
            for place, found in first.items()
        }
        desk = self._desk()
        pairs = [] if only else result.pairs(self.library, client, ranked)
        return {
            "packages": [
                self._package(client, scores, place, wanted[place], served, desk)
                | {"included": curated.included(self.library.packages[place][0])}
                for place in chosen
            ],
            "not_suitable": [] if only else result.not_suitable(self.library, client, ranked),
            "left_out": [] if only else curated.left_out(self.library, scores),
            "pair": pairs[0] if pairs else None,
            "pairs": pairs,
            "triage": result.advice(
                self.library, client, scores, best[:1], wanted, served, self.rules.thresholds
            ),
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
        found = result.summary(self.library, client, scores, place, substitutes.taken_over(wanted))
        found |= joint_words.package_lines(together, wanted, served, desk, client.refused_types)
        return found | {"strengths": asked.leaning_on(client, found["lines"])}

    def nearest(self, client: Client) -> tuple[str | None, float]:
        """Return the package that comes nearest and its score, whatever coordinators decided about it."""
        scores = score.score_all(self.library, client)
        best = score.order(self.library, scores, 1)
        if not best:
            return None, 0.0
        return self.library.packages[best[0]][0], round(float(scores.score[best[0]]), 1)

    def _place_of(self, code: str) -> int:
        if code not in self.library.place_of:
            raise NotFound(_("There is no such package. Go back to the list of packages."))
        return self.library.place_of[code]

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
        """Return who serves each kind of line; kinds that come again in other packages are judged once.

        Kinds that may stand in are among them, where the own one is refused or nobody gives it.
        """
        types = {one.service_type for one in wanted}
        types |= {other.service_type for one in wanted for other in one.substitutes}
        chooser = Chooser(
            self.supply.columns,
            client,
            sorted(types),
            today=self._moment.date(),
            circuity=self.settings.circuity,
            weights=self.rules.weights,
        )
        found: dict[Serves, Served] = {}

        def serve(kind: Serves) -> Served:
            if kind not in found:
                refused = kind.service_type in client.refused_types
                found[kind] = NOBODY if refused else chooser.serve(**kind._asdict())
            return found[kind]

        for one in wanted:
            there = bool(serve(one.serves).choices)
            for other in substitutes.may_stand_in(one, there):
                serve(substitutes.served_by(one, other).serves)
        return found

    def _desk(self) -> Desk:
        return Desk(self.supply.names, self._moment, self.settings.stale_days)
