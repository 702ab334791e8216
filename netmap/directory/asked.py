"""A question as it was understood: what the engine is asked with, and what the sentences are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from netmap.config import Settings
from netmap.db import now
from netmap.directory.answers import Chip
from netmap.directory.area_table import AreaTable
from netmap.directory.areas import Point
from netmap.directory.asking import AskedArea, Checked, Question, telling, wrong
from netmap.directory.filters import code_label
from netmap.i18n import gettext as _
from netmap.vocabulary import words
from netmap.vocabulary.question import Part, Understood, moment_of, understand
from netmap.vocabulary.terms import label, vocabulary

WEAK_TYPE = 0.4  # types of less than this share of the strongest one are noise
MOST_NEEDS = 3  # chips of needs: a fourth guess says more of the machine than of the question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with everything that was made of it.

    ``text`` is what can be read of it; ``words`` its terms with the word that each comes from; ``needs`` are
    those that lead to one of the ``types``; ``places`` what the words name. ``origin`` is where kilometres
    are counted from, ``origin_name`` the settlement, where it is one. ``timed``: hours play a part.
    """

    question: Question
    table: AreaTable
    understood: Understood
    text: str
    moment: datetime
    now: datetime
    words: Mapping[str, str]
    types: Mapping[str, float]
    needs: tuple[str, ...]
    areas: tuple[AskedArea, ...]
    places: tuple[AskedArea, ...]
    origin: Point | None
    origin_name: str
    timed: bool

    def codes(self, kind: str) -> tuple[str, ...]:
        """Return the codes of the parts of one kind, in the order of the words."""
        return tuple(dict.fromkeys(part.code for part in self.understood.parts if part.kind == kind))

    def is_empty(self) -> bool:
        """Return whether something was typed of which nothing can be read: signs only."""
        return bool(self.question.text.strip()) and not (self.words or self.types or self.understood.parts)


def asked(question: Question, checked: Checked, table: AreaTable, settings: Settings) -> Asked:
    """Return a question with what its words mean.

    Raises
    ------
    Invalid
        If kilometres or nearness are asked for and nothing says from where.
    """
    text = question.text.encode("utf-8", "replace").decode().replace("\x00", " ").strip()
    understood = understand(text, table.gazetteer, question.without)
    types = _strong(understood)
    present = now().astimezone(settings.zone()).replace(second=0, microsecond=0)
    times = [part.code for part in understood.parts if part.kind == "time"]
    places = tuple(
        AskedArea(part.code, table.label(part.code), table.chains[part.code])
        for part in understood.parts
        if part.kind == "place" and part.code in table.areas
    )
    origin, origin_name = checked.near, checked.near_name
    if (
        origin is None
        and places
        and (understood.near or question.within_km is not None or _nearest(question))
    ):
        origin, origin_name = table.areas[places[0].code].point, places[0].name
    if origin is None and (question.within_km is not None or _nearest(question)):
        raise wrong("near", _("Say from which point the kilometres are meant, like 55.52,25.10."))
    asked_for = question.open_at.astimezone(settings.zone()) if question.open_at else None
    return Asked(
        question=question,
        table=table,
        understood=understood,
        text=text,
        moment=(asked_for or (moment_of(times[0], present) if times else present)).replace(
            second=0, microsecond=0
        ),
        now=present,
        words=_words(understood),
        types=types,
        needs=tuple(
            code for code in understood.needs if types.keys() & set(vocabulary().needs[code].service_types)
        ),
        areas=checked.areas,
        places=places,
        origin=origin,
        origin_name=origin_name,
        timed=bool(times) or asked_for is not None,
    )


def _nearest(question: Question) -> bool:
    return question.sort == "near"


def _strong(understood: Understood) -> dict[str, float]:
    least = WEAK_TYPE * max(understood.types.values(), default=0.0)
    return {code: weight for code, weight in understood.types.items() if weight >= least}


def _words(understood: Understood) -> dict[str, str]:
    """Return the terms to look for: those of plain words, of telephone numbers and of quoted phrases."""
    found = telling(understood.typed)
    for part in understood.parts:
        if part.kind == "phone":
            found.setdefault(part.code, part.words)
        if part.kind == "exact":
            languages = words.languages_of(part.words)
            for word in words.split(part.words):
                found.update((term, word) for term in words.word_terms(word, languages))
    return found


def chips(asked: Asked) -> tuple[Chip, ...]:
    """Return what was understood, as a person can take it away: what was guessed weakly is not shown."""
    shown = []
    for part in asked.understood.parts:
        if part.kind == "need" and part.code not in asked.needs[:MOST_NEEDS]:
            continue
        if part.kind == "type" and (asked.needs or part.code not in asked.types):
            continue
        shown.append(Chip(part.kind, part.code, part_label(part, asked.table), part.words))
    return tuple(shown)


def part_label(part: Part, table: AreaTable) -> str:
    """Return what was understood, in the reader's language."""
    if part.kind in ("need", "type", "circumstance"):
        return label(part.code)
    if part.kind == "place":
        return table.label(part.code)
    if part.kind == "time":
        return time_label(part.code)
    if part.kind in ("exact", "phone"):
        return part.words or part.code
    return code_label(part.kind, part.code, table)


def time_label(code: str) -> str:
    """Return the name of a time code: of a day, of a part of a day, or of both.

    Examples
    --------
    >>> time_label("tomorrow_evening"), time_label("saturday"), time_label("monday_18:00")
    ('Tomorrow, in the evening', 'Saturday', 'Monday, 18:00')
    """
    names = {
        "now": _("Now"),
        "today": _("Today"),
        "tomorrow": _("Tomorrow"),
        "weekend": _("At the weekend"),
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
        "tonight": _("tonight"),
        "night": _("at night"),
        "monday": _("Monday"),
        "tuesday": _("Tuesday"),
        "wednesday": _("Wednesday"),
        "thursday": _("Thursday"),
        "friday": _("Friday"),
        "saturday": _("Saturday"),
        "sunday": _("Sunday"),
    }
    said = ", ".join(names.get(part, part) for part in code.split("_"))
    return said[:1].upper() + said[1:]
