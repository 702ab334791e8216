"""A proposal to an authority: what is missing, for whom, where, what would help; for paper and as text. Pure.

All of it comes from the sheet of the gap, so page, paper and text say the same; no client stands in it.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton

from netmap.i18n import gettext as _
from netmap.i18n import language, ngettext
from netmap.i18n.numbers import locale
from netmap.network.card.gap_sheet import Sheet
from netmap.network.card.ignorance import looked_at_names
from netmap.network.card.ladder import Rung
from netmap.network.gaps.taking_models import GapDecision
from netmap.network.gaps.taking_words import beyond_names

WIDTH = 88
NO_SERVICE = ("data", "agreement", "rule")  # steps for which no service has to be opened or made larger
MOST_AREAS, MOST_ASKS, MOST_HOSTS = 10, 3, 4


@dataclass(frozen=True)
class Part:
    """One part of a proposal: sentences, pairs of what and how, a list, or a table; ``lines`` to write on."""

    title: str
    texts: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A proposal with every word in the language spoken when it was made."""

    language: str
    title: str
    as_of: str
    parts: tuple[Part, ...]


def proposal(sheet: Sheet, decision: GapDecision | None, remedy: str, tried: Sequence[Part] = ()) -> Proposal:
    """Return the proposal that a gap makes; its day is that on which the figures were read.

    Parameters
    ----------
    sheet : Sheet
    decision : GapDecision or None
        What was decided about the gap.
    remedy : str
        The step of the ladder that is proposed; another than there is means the first that names somebody.
    tried : sequence of Part
        What was tried about it, and where it helps most to open it (`netmap.printing.proposal_tried`).
    """
    chosen = choose(sheet.rungs, remedy or (decision.remedy or "" if decision else ""))
    parts = [
        _missing(sheet),
        _where(sheet),
        _funnel(sheet),
        _evidence(sheet),
        _proposed(chosen),
        *tried,
        _meanwhile(sheet.rungs, chosen),
        _requirements(sheet),
        _hosts(sheet),
        _answer(decision),
        Part(_("What the figures rest on"), items=sheet.assumed),
    ]
    day = format_date(sheet.day, "long", locale=locale())
    return Proposal(
        language=language(),
        title=_("Proposal: %(gap)s", gap=sheet.name),
        as_of=_("As of %(day)s", day=day),
        parts=tuple(one for one in parts if one is not None),
    )


def choose(rungs: Sequence[Rung], remedy: str) -> Rung | None:
    """Return the step that is proposed: the chosen one, else the first that names somebody, else the last."""
    known = {one.code: one for one in rungs}
    if remedy in known:
        return known[remedy]
    return next((one for one in rungs if one.asks), rungs[-1] if rungs else None)


def _missing(sheet: Sheet) -> Part:
    figures = []
    if sheet.clients:
        figures.append((_("Clients a year"), sheet.clients))
    if sheet.interval:
        figures.append((_("With 95 per cent between"), sheet.interval))
    if sheet.rate:
        figures.append((_("For each 1,000 people"), sheet.rate))
    if sheet.sources:
        figures.append((_("Who says how many"), "; ".join(sheet.sources)))
    figures.append((_("How sure this is"), f"{sheet.confidence}. {sheet.meaning}"))
    return Part(_("What is missing, for whom"), texts=(sheet.sentence,), pairs=tuple(figures))


def _where(sheet: Sheet) -> Part:
    areas = {one.code: one for one in reversed(sheet.areas)}  # an area stands once, whatever it misses
    shown = [areas[code] for code in dict.fromkeys(one.code for one in sheet.areas)][:MOST_AREAS]
    rest = sheet.area_count - len(shown)
    more = ngettext("and %(number)s more row", "and %(number)s more rows", rest) if rest else ""
    return Part(
        _("Where"),
        head=(_("Area"), _("Clients a year"), _("With 95 per cent between"), _("For each 1,000 people")),
        rows=tuple((one.name, one.clients or _("not counted"), one.interval, one.rate) for one in shown),
        texts=(more,) if more else (),
    )


def _funnel(sheet: Sheet) -> Part | None:
    if not sheet.funnel:
        return None
    told = [f"{one.told} ({one.why})" if one.why else one.told for one in sheet.funnel]
    hint = _("It explains only: another order of the questions would give other numbers.")
    return Part(_("How it comes about: %(area)s", area=sheet.funnel_area), texts=(hint,), items=tuple(told))


def _evidence(sheet: Sheet) -> Part:
    said = [f"{one.what}: {one.number}{_month(one.last)}" for one in sheet.evidence]
    names = looked_at_names()
    for test in sheet.ignorance.tests[:1]:
        day = format_date(test.day, "long", locale=locale())
        looked = "; ".join(names[code] for code in test.looked_at if code in names)
        said.append(_("Made sure of on %(day)s by %(who)s: %(what)s", day=day, who=test.by, what=looked))
    if not sheet.ignorance.tests:
        said.append(_("Nobody has made sure yet that the help is not there after all."))
    return Part(_("What speaks for it, and what was tried"), items=tuple(said))


def _month(day: date | None) -> str:
    if day is None:
        return ""
    return _(", last in %(month)s", month=format_skeleton("yMMMM", day, locale=locale()))


def _proposed(chosen: Rung | None) -> Part | None:
    if chosen is None:
        return None
    return Part(_("What is proposed: %(step)s", step=chosen.name), items=_told(chosen))


def _told(rung: Rung) -> tuple[str, ...]:
    asks = tuple(f"{one.text}: {one.opens}" for one in rung.asks[:MOST_ASKS])
    return asks or rung.texts


def _meanwhile(rungs: Sequence[Rung], chosen: Rung | None) -> Part | None:
    steps = [one for one in rungs if one.code in NO_SERVICE and one != chosen]
    if not steps:
        return None
    items = tuple(f"{one.name}: {told}" for one in steps for told in _told(one)[:MOST_ASKS])
    return Part(_("What needs no new service, and can be done meanwhile"), items=items)


def _requirements(sheet: Sheet) -> Part | None:
    if not sheet.requirements:
        return None
    return Part(_("What the service has to be like"), pairs=sheet.requirements)


def _hosts(sheet: Sheet) -> Part | None:
    if not sheet.hosts:
        return None
    items = tuple(
        f"{one.name}: {'; '.join(reason.text for reason in one.reasons)}" for one in sheet.hosts[:MOST_HOSTS]
    )
    return Part(
        _("Who could run it"), texts=(_("Nobody of them has been asked by this paper."),), items=items
    )


def _answer(decision: GapDecision | None) -> Part:
    pairs = []
    if decision is not None:
        if decision.authority:
            pairs.append((_("To whom it is sent"), decision.authority))
        if decision.owner:
            pairs.append((_("Who answers questions"), decision.owner))
        if decision.beyond:
            pairs.append((_("Beyond our power"), beyond_names()[decision.beyond]))
        if decision.answer:
            pairs.append((_("What the authority answered"), decision.answer))
    lines = (_("Decision"), _("Reasons"), _("By when, and by whom"), _("Name, day, signature"))
    return Part(_("Who decides, and the answer"), pairs=tuple(pairs), lines=lines)


def as_data(made: Proposal) -> dict[str, Any]:
    """Return a proposal as data for the typesetter."""
    return asdict(made)


def as_text(made: Proposal) -> str:
    """Return a proposal as plain text, for a letter."""
    told = [made.title, made.as_of]
    for part in made.parts:
        lines = [part.title.upper()]
        lines += [_wrapped(one) for one in part.texts]
        lines += [_wrapped(f"{name}: {value}") for name, value in part.pairs]
        lines += [_wrapped(one, "- ") for one in part.items]
        lines += [_row(part.head, row) for row in part.rows]
        lines += [f"{name}: {'_' * max(8, WIDTH - len(name) - 2)}" for name in part.lines]
        told.append("\n".join(lines))
    return "\n\n".join(told) + "\n"


def _row(head: Sequence[str], row: Sequence[str]) -> str:
    named = [f"{name}: {value}" for name, value in zip(head[1:], row[1:], strict=True) if value]
    return _wrapped(f"{row[0]} ({'; '.join(named)})" if named else row[0], "- ")


def _wrapped(text: str, sign: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=sign, subsequent_indent=" " * len(sign))
