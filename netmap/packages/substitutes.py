"""What may stand in for the service of a line: another kind of help, how far it carries, and when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netmap.i18n import gettext as _
from netmap.packages.fields import LONGEST_DESCRIPTION, Fields
from netmap.vocabulary.terms import vocabulary

Texts = Mapping[str, str]  # language -> text

OCCASIONS = ("any", "refused", "nobody")
MOST = 5


@dataclass(frozen=True)
class Substitute:
    """Another kind of service in place of a line's own.

    ``share`` (more than 0, at most 1) is how much of what the line addresses it takes over. ``when`` is "any"
    (always possible), "refused" (only if the person does not want the first) or "nobody" (only if nobody
    gives the first). ``note`` says why it may suit.
    """

    service_type: str
    share: float = 1.0
    when: str = "any"
    note: Texts = field(default_factory=dict)


def read_substitutes(line: Fields, own: str) -> tuple[Substitute, ...]:
    """Return the substitutes of a line whose own kind of service is ``own``."""
    raw = line.sequence("substitutes")
    if len(raw) > MOST:
        line.wrong("substitutes", _("at most %(most)s substitutes are useful; keep the best.", most=MOST))
    found: list[Substitute] = []
    for number, value in enumerate(raw[:MOST]):
        if not isinstance(value, Mapping):
            line.wrong(f"substitutes.{number}", _("a table of names and values is needed here."))
            continue
        part = Fields(value, line.errors, f"{line.prefix}substitutes.{number}.", line.place)
        one = _substitute(part)
        if one.service_type and one.service_type == own:
            part.wrong("service_type", _("a substitute must be another kind of service than the line's own."))
        elif any((one.service_type, one.when) == (other.service_type, other.when) for other in found):
            part.wrong("service_type", _("this substitute is there already."))
        found.append(one)
    return tuple(found)


def occasion_name(occasion: str) -> str:
    """Return when a substitute comes in, in the reader's words."""
    names = {
        "any": _("always possible"),
        "refused": _("if the person does not want the first"),
        "nobody": _("if nobody gives the first"),
    }
    return names.get(occasion, occasion)


def _substitute(part: Fields) -> Substitute:
    part.only(Substitute.__dataclass_fields__)
    share = part.number("share", 0, 1, 1.0)
    if share == 0:
        part.wrong("share", _("the share must be more than 0 and at most 1."))
    when = part.text("when") or "any"
    part.check("when", when, OCCASIONS)
    kinds = vocabulary().service_types
    return Substitute(
        service_type=part.code("service_type", kinds, _("choose the kind of service that stands in.")),
        share=share or 1.0,
        when=when,
        note=part.texts("note", longest=LONGEST_DESCRIPTION),
    )
