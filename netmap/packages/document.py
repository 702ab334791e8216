"""A package as a document: who it is for and its ordered lines. Never changes; a change makes a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netmap.i18n import gettext as _
from netmap.packages.fields import KEY, LONGEST_DESCRIPTION, Fields, raise_if
from netmap.packages.hours import read_hours
from netmap.packages.lines import Line, Texts, read_lines
from netmap.packages.order import circle, too_early
from netmap.vocabulary.terms import vocabulary

__all__ = ["Document", "Line", "read", "stored", "text", "to_mapping"]

DEFINING, TYPICAL, OCCASIONAL = 1.0, 0.5, 0.25
KEYS = (
    "code", "name", "paper_name", "description", "profile", "circumstances", "lines",
    "languages", "budget", "max_km", "hours",
)  # fmt: skip
WEIGHTS = (DEFINING, TYPICAL, OCCASIONAL)
# Facts that must never lift or lower a score: they may only open or close a package, with a reason.
NEVER_TYPICAL = frozenset(
    {"age_under_18", "age_18_29", "age_55_64", "age_65_plus", "displaced", "foreign_national"}
)


@dataclass(frozen=True)
class Document:
    """A package: names, the profile of the ideal-typical client, circumstances and ordered lines.

    ``profile`` is need code -> weight. ``required``, ``optional`` and ``excluded`` hold codes of
    circumstances or needs, ``reason`` says why anybody is shut out. ``languages``, ``budget``, ``max_km``
    and ``hours`` ("MO-FR 17:00-20:00", when these people can come) say what is typical for these people,
    empty or None where nothing is.
    """

    code: str
    name: Texts
    paper_name: Texts
    description: Texts
    profile: Mapping[str, float]
    lines: tuple[Line, ...]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    reason: Texts = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    budget: float | None = None
    max_km: float | None = None
    hours: tuple[str, ...] = ()

    def line(self, key: str) -> Line | None:
        """Return the line with this key, or None."""
        return next((line for line in self.lines if line.key == key), None)


def read(values: Mapping[str, object]) -> Document:
    """Return the document that a mapping (TOML, JSON or a form) describes.

    Parameters
    ----------
    values : mapping
        The keys of a file in ``seeds/packages``.

    Raises
    ------
    Invalid
        With every wrong field; lines count from 0 in field names ("lines.2.after") and from 1 in sentences.
    """
    errors: dict[str, str] = {}
    top = Fields(values, errors)
    top.only(KEYS)
    code = top.text("code")
    if not KEY.fullmatch(code) or code == "new":
        top.wrong(
            "code", _("The code must be of small Latin letters, digits and '_', such as 'job_after_care'.")
        )
    circumstances = top.part("circumstances")
    circumstances.only(("required", "optional", "excluded", "reason"))
    required, optional, excluded, reason = _circumstances(circumstances)
    document = Document(
        code=code,
        name=top.texts("name", _("Give the package a name in at least one language.")),
        paper_name=top.texts("paper_name", _("Give a name for papers in at least one language.")),
        description=top.texts("description", longest=LONGEST_DESCRIPTION),
        profile=_profile(top),
        lines=read_lines(top),
        required=required,
        optional=optional,
        excluded=excluded,
        reason=reason,
        languages=_languages(top),
        budget=top.number("budget", 0, 1_000_000),
        max_km=top.number("max_km", 0, 20_000),
        hours=read_hours(top),
    )
    _check_order(document, top)
    raise_if(errors, _("The package cannot be used as it is."))
    return document


def stored(values: Mapping[str, Any]) -> Document:
    """Return the document that `to_mapping` wrote, unchecked: it outlives changes of codes."""
    circumstances = values["circumstances"]
    reason = circumstances["reason"]
    lines = ({**line, "after": tuple(line["after"])} for line in values["lines"])
    return Document(
        code=values["code"],
        name=values["name"],
        paper_name=values["paper_name"],
        description=values["description"],
        profile=values["profile"],
        lines=tuple(Line(**line) for line in lines),
        required=tuple(circumstances["required"]),
        optional=tuple(circumstances["optional"]),
        excluded=tuple(circumstances["excluded"]),
        # the first versions had a reason in one language, and no hours
        reason=reason if isinstance(reason, Mapping) else {"en": reason} if reason else {},
        languages=tuple(values["languages"]),
        budget=values["budget"],
        max_km=values["max_km"],
        hours=tuple(values.get("hours", ())),
    )


def to_mapping(document: Document) -> dict[str, Any]:
    """Return what `read` reads, ready for JSON; nothing is left out, so that versions compare."""
    return {
        "code": document.code,
        "name": dict(document.name),
        "paper_name": dict(document.paper_name),
        "description": dict(document.description),
        "profile": dict(document.profile),
        "circumstances": {
            "required": list(document.required),
            "optional": list(document.optional),
            "excluded": list(document.excluded),
            "reason": dict(document.reason),
        },
        "languages": list(document.languages),
        "budget": document.budget,
        "max_km": document.max_km,
        "hours": list(document.hours),
        "lines": [
            {
                "key": line.key,
                "need": line.need,
                "service_type": line.service_type,
                "goal": dict(line.goal),
                "addresses": dict(line.addresses),
                "after": list(line.after),
                "start_day": line.start_day,
                "weight": line.weight,
                "required": line.required,
                "duration": line.duration,
            }
            for line in document.lines
        ],
    }


def text(texts: Texts, language: str) -> str:
    """Return the text in a language, else in English, else in any, else "".

    Examples
    --------
    >>> text({"en": "Help", "lt": "Pagalba"}, "lt"), text({"en": "Help"}, "uk"), text({"lt": "Pagalba"}, "ru")
    ('Pagalba', 'Help', 'Pagalba')
    """
    return texts.get(language) or texts.get("en") or next((found for found in texts.values() if found), "")


def _circumstances(part: Fields) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], Texts]:
    """Return required, optional and excluded codes, and the reason for shutting anybody out."""
    known = (*vocabulary().circumstances, *vocabulary().needs)
    required, optional, excluded = (part.codes(name, known) for name in ("required", "optional", "excluded"))
    reason = part.texts("reason", longest=LONGEST_DESCRIPTION)
    for code in sorted(set(required) & set(excluded)):
        part.wrong("excluded", _("'%(code)s' cannot be both required and excluded.", code=code))
    for code in optional:
        if code in NEVER_TYPICAL:
            part.wrong(
                "optional",
                _("'%(code)s' may not count as typical: age and origin never move a score.", code=code),
            )
    if (required or excluded) and not reason:
        part.wrong("reason", _("Say why the package is closed to some people."))
    return required, optional, excluded, reason


def _profile(top: Fields) -> dict[str, float]:
    """Return need code -> weight, the heaviest first, in the order of the document."""
    part = top.part("profile")
    profile = {}
    for code in part.values:
        if part.check(code, code, vocabulary().needs):
            weight = part.number(code, 0, 1)
            if weight is not None and weight in WEIGHTS:
                profile[code] = weight
            else:
                part.wrong(code, _("the weight must be 1 (defining), 0.5 (typical) or 0.25 (occasional)."))
    if not part.values:
        top.wrong("profile", _("Choose at least one problem of these people."))
    return dict(sorted(profile.items(), key=lambda item: -item[1]))


def _languages(top: Fields) -> tuple[str, ...]:
    """Return language codes in the way of ISO 639: two or three small letters."""
    found = []
    for value in top.sequence("languages"):
        if (
            isinstance(value, str)
            and value.isascii()
            and value.isalpha()
            and value.islower()
            and len(value) in (2, 3)
        ):
            found.append(value)
        else:
            top.wrong("languages", _("A language is written as its code, such as 'uk' or 'ru'."))
    return tuple(dict.fromkeys(found))


def _check_order(document: Document, top: Fields) -> None:
    """Refuse lines that wait for unknown lines, in a circle, or for a line further down."""
    after = {line.key: line.after for line in document.lines}
    names = {line.key: number for number, line in enumerate(document.lines)}

    def wrong(key: str, sentence: str) -> None:
        place = _("Line %(number)s: ", number=names[key] + 1)
        Fields({}, top.errors, f"lines.{names[key]}.", place).wrong("after", sentence)

    for line in document.lines:
        for first in line.after:
            if first not in names:
                wrong(line.key, _("it waits for '%(key)s', but there is no such line.", key=first[:80]))
    ring = circle(after)
    if ring:
        wrong(ring[0], _("these lines wait for each other in a circle: %(circle)s.", circle=" → ".join(ring)))
        return
    for key, first in too_early(after):
        wrong(key, _("it waits for '%(first)s', which stands further down: move it up.", first=first))
