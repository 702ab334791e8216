"""The results of a page as cards: number, limits, marked words, age of the check, a sum that adds up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from netmap.directory.answers import Answer, Result, SignalLine
from netmap.directory.area_table import KnownArea
from netmap.directory.asking import telling
from netmap.directory.limits import Limits, limits_of
from netmap.directory.settlements import smallness
from netmap.freshness.checks import Check, checks_of
from netmap.i18n.numbers import decimal_sign
from netmap.network.picture.svg import Drawing
from netmap.partners.service import state_of
from netmap.vocabulary import words
from netmap.web.map_ground import Place, Spot
from netmap.web.search_map import draw_map
from netmap.web.search_marks import Piece, marked, wanted_terms

PAUSED = frozenset({"inactive", "defunct", "temporarily closed"})
MEANT = 2  # needs and types whose names are marked in the text beside the words that were typed
SHOWN = 2  # decimals of points


@dataclass(frozen=True, slots=True)
class Card:
    """One result as the page shows it; ``points`` add up to ``score`` as they are shown."""

    number: int
    found: Result
    limits: Limits
    words: Sequence[Piece]
    check: Check
    paused: bool
    points: tuple[tuple[str, str], ...]
    score: str
    relation: str  # how its organization stands to the network


class Section(NamedTuple):
    """Cards that stand under one heading: "fits", "perhaps" or "gone"."""

    kind: str
    cards: list[Card]


def cards_of(session: Session, answer: Answer, first: int, today: date, stale_days: int) -> list[Card]:
    """Return the cards of an answer; ``first`` is the number of the first one."""
    ids = [one.service_id for one in answer.results]
    limits = limits_of(session, ids, today)
    checks = checks_of(session, ids, today, stale_days=stale_days)
    states = state_of(session, [one.organization_id for one in answer.results if one.organization_id])
    meant = [code for named in (answer.needs, answer.types) for code, _name in named[:MEANT]]
    wanted = wanted_terms(_typed_terms(answer.read_as or answer.query), meant)
    return [
        Card(
            number,
            one,
            limits.get(one.service_id, Limits()),
            marked(one.description, wanted, one.language),
            checks[one.service_id],
            one.status in PAUSED,
            *adding_up(one.signals),
            states.get(one.organization_id or "", "known"),
        )
        for number, one in enumerate(answer.results, start=first)
    ]


def _typed_terms(text: str) -> Collection[str]:
    """Return the telling words of a question as they are compared."""
    languages = words.languages_of(text)
    return telling({term: word for word in words.split(text) for term in words.word_terms(word, languages)})


def adding_up(lines: Sequence[SignalLine]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the points rounded so that they add up to their rounded sum, and that sum, in digits.

    What rounding loses goes to the points that lose most by it; what is nothing when rounded is left out.

    Examples
    --------
    >>> adding_up([SignalLine("a", "A", 0.334), SignalLine("b", "B", 0.333), SignalLine("c", "C", 0.333)])
    ((('A', '0.34'), ('B', '0.33'), ('C', '0.33')), '1.00')
    """
    exact = [line.points * 10**SHOWN for line in lines]
    whole = [int(points // 1) for points in exact]
    total = round(sum(exact))
    rest = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in rest[: total - sum(whole)]:
        whole[place] += 1
    told = ((line.label, in_digits(points)) for line, points in zip(lines, whole, strict=True) if points)
    return tuple(told), in_digits(total)


def in_digits(points: int) -> str:
    """Return hundredths with the decimal sign of the reader; made here, since a page has two hundred of them.

    Examples
    --------
    >>> in_digits(134), in_digits(-5)
    ('1.34', '\u22120.05')
    """
    text = f"{abs(points) / 10**SHOWN:.{SHOWN}f}".replace(".", decimal_sign())
    return f"\u2212{text}" if points < 0 else text


def sections_of(cards: Sequence[Card]) -> Iterator[Section]:
    """Give the cards in their order, cut where those that fit end, and where those that are gone begin."""
    section: Section | None = None
    for card in cards:
        kind = kind_of(card.found)
        if section is None or section.kind != kind:
            if section is not None:
                yield section
            section = Section(kind, [])
        section.cards.append(card)
    if section is not None:
        yield section


def kind_of(found: Result) -> str:
    """Return under which heading a result stands."""
    if found.fits:
        return "fits"
    return "gone" if found.gone else "perhaps"


def map_of(
    cards: Sequence[Card],
    places: Mapping[str, KnownArea],
    asked: tuple[float, float] | None,
    within_km: float | None,
) -> tuple[Drawing | None, list[Card]]:
    """Return the map of a page, None where no card has a point, and the cards that are not on it."""
    spots = [
        Spot(card.number, card.found.service, card.found.point, card.found.fits, card.found.language)
        for card in cards
        if card.found.point is not None
    ]
    if not spots:
        return None, list(cards)
    named = [Place(one.label(), one.point, smallness(one)) for one in places.values() if one.point]
    return draw_map(spots, named, asked, within_km), [one for one in cards if one.found.point is None]
