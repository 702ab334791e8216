"""The list of gaps as the page shows it, from the survey that is kept."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, undefer, undefer_group

from netmap.config import Settings
from netmap.db import open_session
from netmap.directory.offers import area_insides
from netmap.directory.queries import area_name
from netmap.i18n import language
from netmap.network import queries
from netmap.network.cells.kinds import APART
from netmap.network.counts import small
from netmap.network.few import told_sum
from netmap.network.gaps.kept_question import is_small
from netmap.network.gaps.loading import require_known
from netmap.network.gaps.overview import warnings
from netmap.network.gaps.state import state_of
from netmap.network.gaps.survey_models import GapCard, GapSurvey
from netmap.network.gaps.surveying import (
    area_places,
    areas_of,
    kept_state,
    make,
    people_of,
    weights_of,
)
from netmap.network.statistics import Demand, together
from netmap.vocabulary.terms import label

ASK = "ASK"
LISTS = ("", ASK, *APART)  # nobody is there; nobody knows; and the kinds of what is not enough
FIRST_AREAS = 12  # names of areas that stand under a gap of a selection


@dataclass(frozen=True)
class Wish:
    """What of the gaps is asked for; ``kind`` is one of `LISTS`."""

    package: str | None = None
    area: str | None = None
    order: str = "count"
    kind: str = ""
    page: int = 1
    size: int = 20


@dataclass(frozen=True)
class Listing:
    """A page of the list; ``made_at`` is None where there is no survey, ``waits`` where it is out of date."""

    made_at: datetime | None = None
    waits: bool = False
    told: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[tuple[str, int], ...] = ()
    gaps: tuple[dict[str, Any], ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1


def listing(session: Session, engine: Engine, settings: Settings, wish: Wish) -> Listing:
    """Return a page of the gaps as they were last worked out; a small directory is surveyed at once."""
    kept, current = kept_state(session), state_of(session, settings)
    if kept != current and is_small(session):
        session.rollback()  # what was read is older than what is kept now
        with open_session(engine, reading=True) as reading, suppress(OperationalError):
            make(reading, engine, settings)  # where the disk is full the older one is shown
            kept = current
    survey = session.scalar(select(GapSurvey).limit(1))
    if survey is None:
        return Listing(waits=True)
    require_known(session, wish.package, wish.area)
    chosen = _Chosen(session, survey, wish)
    rows, total, page, pages = chosen.page()
    also = _also(session, {row["service_type"] for row in rows})
    for row in rows:
        others = also.get(row["service_type"], ()) if not row["apart"] else ()
        row["also"] = [code for code in others if code != row["profile"]]
    told = dict(survey.overview)
    unsure = told.pop("unsure")
    told["warnings"] = warnings(unsure, _names(session, (*unsure["set_aside"], *unsure["first_without"])))
    return Listing(survey.made_at, kept != current, told, chosen.kinds(), tuple(rows), total, page, pages)


def _names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return what some areas are called in the reader's language."""
    if not codes:
        return {}
    return {row.code: area_name(row, language()) for row in queries.areas(session) if row.code in codes}


class _Chosen:
    """The cards of a wish."""

    def __init__(self, session: Session, survey: GapSurvey, wish: Wish) -> None:
        self._session, self._survey, self._wish = session, survey, wish
        self._inside = area_insides(session)(wish.area) if wish.area else None

    def kinds(self) -> tuple[tuple[str, int], ...]:
        """Return the lists that have anything in them, and how many cards of the selection each has."""
        columns = (GapCard.apart, GapCard.ask, GapCard.kind)
        found: Counter[str] = Counter()
        if self._inside is None:
            query = select(*columns, func.count()).where(*self._of_package()).group_by(*columns)
            for apart, ask, kind, number in self._session.execute(query):
                found[_list_of(apart, ask, kind)] += number
        else:
            codes = self._session.scalars(select(GapSurvey.areas)).one()
            here = np.array([code in self._inside for code in codes], dtype=bool)
            places = select(*columns, GapCard.areas).where(*self._of_package())
            for apart, ask, kind, bits in self._session.execute(places):
                found[_list_of(apart, ask, kind)] += bool(here[areas_of(bits, len(codes))].any())
        found = +found  # lists with nothing of the selection are left out
        return tuple((name, found[name]) for name in LISTS if name in found)

    def page(self) -> tuple[list[dict[str, Any]], int, int, int]:
        """Return the rows of the page, how many there are, the number of the page and of the last one."""
        if self._inside is not None:
            return self._page_of_places(self._inside)
        where = self._where()
        total = self._session.scalar(select(func.count()).select_from(GapCard).where(*where)) or 0
        page, pages = self._numbers(total)
        place = GapCard.place_by_rate if self._wish.order == "rate" else GapCard.place
        query = select(GapCard).where(*where).order_by(place).options(undefer_group("words"))
        query = (
            query.options(undefer_group("places")).offset((page - 1) * self._wish.size).limit(self._wish.size)
        )
        return [_shown(card) for card in self._session.scalars(query)], total, page, pages

    def _page_of_places(self, inside: frozenset[str]) -> tuple[list[dict[str, Any]], int, int, int]:
        """Return the page of the gaps of some areas, ranked by the people there."""
        survey = self._session.scalars(
            select(GapSurvey)
            .options(undefer(GapSurvey.areas), undefer(GapSurvey.profiles), undefer(GapSurvey.people))
            .execution_options(populate_existing=True)
        ).one()
        here, people = area_places(survey, inside), people_of(survey)
        number = {code: place for place, code in enumerate(survey.profiles)}
        query = select(GapCard).where(*self._where()).options(undefer_group("places"))
        found = []
        for card in self._session.scalars(query):
            places = areas_of(card.areas, len(survey.areas))
            kept = here[places]
            if kept.any():
                of = {name: array[number[card.profile]][places[kept]] for name, array in people.items()}
                codes = [survey.areas[place] for place in places[kept].tolist()]
                found.append((card, _part(of, weights_of(card.weights)[kept]), codes))
        found.sort(key=lambda one: self._rank(one[0], one[1]))
        page, pages = self._numbers(len(found))
        start = (page - 1) * self._wish.size
        rows = []
        for card, part, codes in found[start : start + self._wish.size]:
            here_told = {"areas": codes[:FIRST_AREAS], "more_areas": max(0, len(codes) - FIRST_AREAS)}
            rows.append({**_shown(card), **part, **here_told})
        return rows, len(found), page, pages

    def _rank(self, card: GapCard, part: dict[str, Any]) -> tuple[Any, ...]:
        by_count = (part["clients"] is None, -part["impact"], card.service_type, card.profile, card.kind)
        first = (card.ask and not card.apart,)
        if self._wish.order == "rate":
            return (*first, part["guarded"] is None, -(part["guarded"] or 0.0), *by_count)
        return (*first, *by_count)

    def _where(self) -> list[ColumnElement[bool]]:
        if self._wish.kind in APART:
            return [GapCard.kind == self._wish.kind, *self._of_package()]
        return [~GapCard.apart, GapCard.ask == (self._wish.kind == ASK), *self._of_package()]

    def _of_package(self) -> list[ColumnElement[bool]]:
        return [GapCard.profile == self._wish.package] if self._wish.package else []

    def _numbers(self, total: int) -> tuple[int, int]:
        pages = max(1, -(-total // self._wish.size))
        return max(1, min(self._wish.page, pages)), pages


def _list_of(apart: bool, ask: bool, kind: str) -> str:
    """Return in which of `LISTS` a card stands."""
    return kind if apart else ASK if ask else ""


def _part(people: dict[str, np.ndarray], weights: np.ndarray) -> dict[str, Any]:
    """Return the figures of a card for some of its areas.

    ``guarded`` is the rate by which cards are put in order, ``rate`` what may be told of it.
    """
    known = ~np.isnan(people["clients"])
    counts = people["clients"][known].tolist()
    expected, crowd = people["expected"][known], people["population"][known]
    impact = float((expected * weights[known]).sum()) if counts else float(weights.sum())
    if not counts:
        told = dict.fromkeys(("clients", "clients_shown", "interval", "rate", "guarded"))
        return {**told, "impact": impact}
    hidden = any(small(one) for one in counts)
    sums = [float(people[name][known].sum()) for name in ("expected", "variance", "common")]
    spread = together([Demand(0.0, None, *sums)])
    heads = float(crowd.sum())
    lost = expected * weights[known]
    return {
        "clients": sum(counts),
        "clients_shown": told_sum(counts),
        "interval": None if hidden else [round(spread.low, 1), round(spread.high, 1)],
        "rate": None if hidden or not heads else 1000 * float(expected[crowd > 0].sum()) / heads,
        "guarded": 1000 * float(lost[crowd > 0].sum()) / heads if heads else None,
        "impact": impact,
    }


def _shown(card: GapCard) -> dict[str, Any]:
    """Return what the page shows of a card, in the language of the reader."""
    names = (
        "key",
        "apart",
        "kind",
        "service_type",
        "profile",
        "ask",
        "certain",
        "clients",
        "rate",
        "interval",
    )
    return {
        **{name: getattr(card, name) for name in names},
        **card.told[language()],
        "service_label": label(card.service_type) if card.service_type else "",
        "weight": float(weights_of(card.weights).mean()),
    }


def _also(session: Session, types: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return for each kind of service the packages that miss it."""
    query = select(GapCard.service_type, GapCard.profile).where(~GapCard.apart)
    query = query.where(GapCard.service_type.in_(sorted(types))).order_by(GapCard.place)
    found: dict[str, dict[str, None]] = {}
    for service_type, profile in session.execute(query):
        found.setdefault(service_type, {})[profile] = None
    return {service_type: tuple(codes) for service_type, codes in found.items()}
