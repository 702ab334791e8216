"""The lines of a package: what they hold and how they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from netmap.i18n import gettext as _
from netmap.packages.dose import Dose, read_dose
from netmap.packages.fields import KEY, LONGEST_DESCRIPTION, Fields
from netmap.packages.substitutes import Substitute, Texts, read_substitutes
from netmap.vocabulary.terms import vocabulary

__all__ = ["DURATIONS", "MOST_LINES", "Dose", "Line", "Substitute", "Texts", "in_order", "read_lines"]

DURATIONS = ("", "once", "long")
MOST_LINES = 40
LAST_DAY = 3650


@dataclass(frozen=True)
class Line:
    """One line of a package: a problem, what shall be different, and the kind of service that leads there.

    ``addresses`` is need code -> share (1 resolves, .5 contributes); ``after`` holds the keys of the lines
    that come first; ``start_day`` counts from the start of the plan; ``duration`` is "long", "once" or "".
    ``cause`` says why the need is there in the person's life, ``substitutes`` what may stand in. An add-on
    names in ``beside`` the line that it goes with ("childcare while you attend") and in ``when`` the facts of
    which one must hold.
    """

    key: str
    need: str
    service_type: str
    goal: Texts
    addresses: Mapping[str, float]
    after: tuple[str, ...] = ()
    start_day: int = 0
    weight: float = 1.0
    required: bool = True
    duration: str = ""
    cause: Texts = field(default_factory=dict)
    substitutes: tuple[Substitute, ...] = ()
    dose: Dose | None = None
    beside: str = ""
    when: tuple[str, ...] = ()


def read_lines(top: Fields) -> tuple[Line, ...]:
    """Return the lines of a document in their order; keys must differ."""
    raw = top.sequence("lines")
    if not raw:
        top.wrong("lines", _("A package needs at least one line."))
    if len(raw) > MOST_LINES:
        top.wrong("lines", _("A package has at most %(most)s lines; divide it.", most=MOST_LINES))
    lines: list[Line] = []
    for number, value in enumerate(raw[:MOST_LINES]):
        part = Fields(
            value if isinstance(value, Mapping) else {},
            top.errors,
            f"lines.{number}.",
            _("Line %(number)s: ", number=number + 1),
        )
        line = _line(part)
        if any(line.key == other.key for other in lines):
            part.wrong("key", _("the key '%(key)s' is used by another line.", key=line.key))
        lines.append(line)
    return in_order(lines)


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with what each waits for in the order in which those lines stand."""
    place = {line.key: number for number, line in enumerate(lines)}
    return tuple(
        replace(line, after=tuple(sorted(line.after, key=lambda key: place.get(key, len(place)))))
        for line in lines
    )


def _line(part: Fields) -> Line:
    """Return one line."""
    part.only(Line.__dataclass_fields__)
    key = part.text("key")
    if not KEY.fullmatch(key):
        part.wrong("key", _("the key must be of small Latin letters, digits and '_', such as 'debts'."))
    start_day = part.number("start_day", 0, LAST_DAY, 0)
    if start_day is not None and start_day != int(start_day):
        part.wrong("start_day", _("a whole number of days is needed here."))
    weight = part.number("weight", 0, 1, 1.0)
    if weight == 0:
        part.wrong("weight", _("the number must be more than 0 and at most 1."))
    duration = part.text("duration")
    if duration:
        part.check("duration", duration, DURATIONS)
    words = vocabulary()
    service_type = part.code("service_type", words.service_types, _("choose the kind of service."))
    return Line(
        key=key,
        need=part.code("need", words.needs, _("choose the problem.")),
        service_type=service_type,
        goal=part.texts("goal", _("say what shall be different for the person, in at least one language.")),
        addresses=_addresses(part),
        after=tuple(dict.fromkeys(str(first) for first in part.sequence("after"))),
        start_day=int(start_day or 0),
        weight=weight or 1.0,
        required=part.yes("required", True),
        duration=duration,
        cause=part.texts("cause", longest=LONGEST_DESCRIPTION),
        substitutes=read_substitutes(part, service_type),
        dose=read_dose(part),
        beside=part.text("beside"),
        when=part.codes("when", (*words.circumstances, *words.needs)),
    )


def _addresses(line: Fields) -> dict[str, float]:
    """Return need code -> share, more than 0 and at most 1."""
    part = line.part("addresses")
    shares = {}
    for code in part.values:
        if part.check(code, code, vocabulary().needs):
            share = part.number(code, 0, 1)
            if share:
                shares[code] = share
            else:
                part.wrong(code, _("the share must be more than 0 and at most 1."))
    if not part.values:
        line.wrong("addresses", _("say which problem the line resolves or eases."))
    return shares
