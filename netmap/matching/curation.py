"""Packages that coordinators always show or leave out, with the reason, for all or for one need or area.

Nothing of it is silent: what is left out stands in the answer with the reason, and what is always shown has
its own true score and the reason beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.curation import last_day, reason_problem
from netmap.directory.models import Area
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching.facts import Client, Library
from netmap.matching.kept import PackageCuration
from netmap.matching.score import Scores
from netmap.packages import service as packages
from netmap.packages.document import text
from netmap.vocabulary.terms import vocabulary

INCLUDE, EXCLUDE = "include", "exclude"
ROLE = "coordinator"  # who may decide this


@dataclass(frozen=True, slots=True)
class Curation:
    """What coordinators decided about packages for one client: package code -> reason."""

    include: Mapping[str, str] = field(default_factory=dict)
    exclude: Mapping[str, str] = field(default_factory=dict)

    def ranked(self, library: Library, scores: Scores) -> Scores:
        """Return the scores in which what is left out has none, so that it is neither ranked nor paired."""
        if not self.exclude:
            return scores
        out = np.zeros(len(library.packages), dtype=np.bool_)
        out[[library.place_of[code] for code in self.exclude if code in library.place_of]] = True
        return replace(
            scores,
            score=np.where(out, 0.0, scores.score),
            open_score=np.where(out, 0.0, scores.open_score),
            suitable=scores.suitable & ~out,
        )

    def shown(self, library: Library, best: Sequence[int]) -> list[int]:
        """Return the places of the packages to show: the best, then those that are always shown."""
        always = sorted(library.place_of[code] for code in self.include if code in library.place_of)
        return [*best, *(place for place in always if place not in best)]

    def included(self, code: str) -> dict[str, str] | None:
        """Return why a package is always shown, None where it is not."""
        return {"reason": self.include[code], "by": ROLE} if code in self.include else None

    def left_out(self, library: Library, scores: Scores) -> list[dict[str, Any]]:
        """Return the packages that are left out with the reason and their own score, the best first."""
        found = [
            {
                "package": code,
                "name": text(library.packages[place][2].name, language()),
                "score": round(float(scores.score[place]), 1),
                "reason": self.exclude[code],
                "by": ROLE,
            }
            for place, code in sorted(
                (library.place_of[code], code) for code in self.exclude if code in library.place_of
            )
        ]
        return sorted(found, key=lambda one: (-one["score"], one["package"]))


class Said(NamedTuple):
    """One decision about a package; without a need or an area it is about all."""

    package_code: str
    effect: str
    need_code: str | None
    area_code: str | None
    reason: str


# Grows with every decision, and with every end of one; what has been decided is never changed.
COUNTS = select(
    cast(func.count(PackageCuration.id), String) + ":" + cast(func.count(PackageCuration.ended_at), String)
)


class InForce:
    """What coordinators decided and what holds on a day, for any client; read once."""

    def __init__(self, session: Session, day: date) -> None:
        columns = (getattr(PackageCuration, name) for name in Said._fields)
        latest = PackageCuration.decided_at.desc(), PackageCuration.id
        rows = session.execute(select(*columns).where(_holds(day)).order_by(*latest))
        self._said = [Said(*row) for row in rows]

    def of(self, client: Client, inside: Callable[[str], frozenset[str]]) -> Curation:
        """Return what holds for a client; ``inside`` gives the areas inside an area, itself among them.

        What is said about a need and an area wins over what is said about one of them, and that over what is
        said about all. Of two that are alike the one to show wins, then the later. What holds for an area
        does not hold for a client whose area is not known.
        """
        needs, best = set(client.has()), dict[str, Said]()
        for row in self._said:
            if row.need_code and row.need_code not in needs:
                continue
            if row.area_code and client.area not in inside(row.area_code):
                continue
            known = best.get(row.package_code)
            if known is None or _rank(row) < _rank(known):
                best[row.package_code] = row
        said = {
            effect: {code: row.reason for code, row in best.items() if row.effect == effect}
            for effect in (INCLUDE, EXCLUDE)
        }
        return Curation(said[INCLUDE], said[EXCLUDE])


def _rank(row: Said) -> tuple[int, bool]:
    return -(bool(row.need_code) + bool(row.area_code)), row.effect != INCLUDE


def _holds(day: date) -> ColumnElement[bool]:
    return and_(
        PackageCuration.ended_at.is_(None),
        or_(PackageCuration.until.is_(None), PackageCuration.until >= day),
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a coordinator wants to decide, as it was typed; ``need`` and ``area`` are empty for all.

    ``until`` is the last day as YYYY-MM-DD; empty: until somebody ends it.
    """

    effect: str
    need: str
    area: str
    reason: str
    until: str = ""


def curate(session: Session, code: str, wish: Wish, *, by: str, today: date) -> PackageCuration:
    """Always show a package, or leave it out, and return the decision of ``by`` (an e-mail).

    Raises
    ------
    NotFound
        If there is no such package.
    Invalid
        With a sentence for each field; also where the same is decided already.
    """
    packages.get(session, code)
    reason = " ".join(wish.reason.split())
    last, late = last_day(wish.until, today)
    problems = {
        "effect": ""
        if wish.effect in (INCLUDE, EXCLUDE)
        else _("Choose whether the package is always shown or left out."),
        "need": "" if not wish.need or wish.need in vocabulary().needs else _("Choose a need from the list."),
        "area": _area_problem(session, wish.area),
        "reason": reason_problem(reason),
        "until": late,
    }
    errors = {name: sentence for name, sentence in problems.items() if sentence}
    if not errors and (other := _same(session, code, wish, today)):
        errors["effect"] = _(
            "This is decided already for the same need and area (%(who)s: %(why)s). End that first.",
            who=other.decided_by,
            why=other.reason,
        )
    if errors:
        raise Invalid(_("Nothing was decided. %(why)s", why=" ".join(errors.values())), errors)
    row = PackageCuration(package_code=code, effect=wish.effect, reason=reason, decided_by=by, until=last)
    row.need_code, row.area_code = wish.need or None, wish.area or None
    session.add(row)
    session.flush()
    return row


def _area_problem(session: Session, code: str) -> str:
    return "" if not code or session.get(Area, code) is not None else _("Choose an area from the list.")


def _same(session: Session, code: str, wish: Wish, today: date) -> PackageCuration | None:
    query = select(PackageCuration).where(
        PackageCuration.package_code == code,
        PackageCuration.need_code.is_not_distinct_from(wish.need or None),
        PackageCuration.area_code.is_not_distinct_from(wish.area or None),
        _holds(today),
    )
    return session.scalars(query.limit(1)).first()


def end(session: Session, curation_id: str, *, by: str) -> PackageCuration:
    """End a decision now and return it; one that has ended stays as it is.

    Raises
    ------
    NotFound
        If there is no such decision.
    """
    row = session.get(PackageCuration, curation_id)
    if row is None:
        raise NotFound(_("There is no such decision. Go back to the list of decisions."))
    if row.ended_at is None:
        row.ended_at, row.ended_by = now(), by
        session.flush()
    return row


def listing(
    session: Session, today: date, *, ended: bool, limit: int, offset: int, package: str | None = None
) -> tuple[int, Sequence[PackageCuration]]:
    """Return how many decisions are in force (or have ended), and a part of them, the latest first."""
    wanted = [~_holds(today) if ended else _holds(today)]
    if package is not None:
        wanted.append(PackageCuration.package_code == package)
    total = session.scalar(select(func.count()).select_from(PackageCuration).where(*wanted)) or 0
    query = select(PackageCuration).where(*wanted)
    query = query.order_by(PackageCuration.decided_at.desc(), PackageCuration.id)
    return total, session.scalars(query.limit(limit).offset(offset)).all()
