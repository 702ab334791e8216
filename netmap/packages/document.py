"""A package as a document: who it is for and its ordered lines. Never changes; a change makes a new one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from netmap.i18n import gettext as _
from netmap.packages.chain import check_chain
from netmap.packages.fields import KEY, LONGEST_DESCRIPTION, Fields, raise_if
from netmap.packages.hours import read_hours
from netmap.packages.labels import refuse_labels
from netmap.packages.lines import Dose, Line, Substitute, read_lines
from netmap.packages.people import (
    DEFINING,
    NEVER_TYPICAL,
    OCCASIONAL,
    TYPICAL,
    WEIGHTS,
    read_circumstances,
    read_languages,
    read_profile,
)
from netmap.packages.standard import Crisis, read_working
from netmap.packages.substitutes import Texts

__all__ = [
    "DEFINING", "NEVER_TYPICAL", "OCCASIONAL", "TYPICAL", "WEIGHTS",
    "Crisis", "Document", "Dose", "Line", "Substitute", "read", "stored", "text", "to_mapping",
]  # fmt: skip

KEYS = (
    "code", "name", "paper_name", "description", "profile", "circumstances", "lines",
    "languages", "budget", "max_km", "hours",
    "track", "model", "crisis", "standard", "cost", "owner", "pilot",
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """A package: names, the profile of the ideal-typical client, circumstances and ordered lines.

    ``profile`` is need code -> weight. ``required``, ``optional`` and ``excluded`` hold codes of
    circumstances or needs, ``reason`` says why anybody is shut out. ``languages``, ``budget``, ``max_km``
    and ``hours`` ("MO-FR 17:00-20:00", when these people can come) say what is typical for these people,
    empty or None where nothing is. ``track`` is "job_search" or "barriers", ``model`` "" or one of the ways
    of working, ``standard`` slot -> texts, ``cost`` per client and case (None not known), ``owner`` the
    e-mail of who keeps the package, ``pilot`` whether it is still being tried out.
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
    track: str = "barriers"
    model: str = ""
    crisis: Crisis | None = None
    standard: Mapping[str, Texts] = field(default_factory=dict)
    cost: float | None = None
    owner: str = ""
    pilot: bool = False

    def line(self, key: str) -> Line | None:
        """Return the line with this key, or None."""
        return next((line for line in self.lines if line.key == key), None)

    def beside(self, key: str) -> tuple[Line, ...]:
        """Return the add-ons that go with a line."""
        return tuple(line for line in self.lines if line.beside == key)


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
    if not KEY.fullmatch(code) or code in ("new", "import"):
        top.wrong(
            "code", _("The code must be of small Latin letters, digits and '_', such as 'job_after_care'.")
        )
    required, optional, excluded, reason = read_circumstances(top.part("circumstances"))
    document = Document(
        code=code,
        name=top.texts("name", _("Give the package a name in at least one language.")),
        paper_name=top.texts("paper_name", _("Give a name for papers in at least one language.")),
        description=top.texts("description", longest=LONGEST_DESCRIPTION),
        profile=read_profile(top),
        lines=read_lines(top),
        required=required,
        optional=optional,
        excluded=excluded,
        reason=reason,
        languages=read_languages(top),
        budget=top.number("budget", 0, 1_000_000),
        max_km=top.number("max_km", 0, 20_000),
        hours=read_hours(top),
        **read_working(top)._asdict(),
    )
    check_chain(document.lines, top)
    refuse_labels(document.paper_name, [line.goal for line in document.lines], top)
    raise_if(errors, _("The package cannot be used as it is."))
    return document


def stored(values: Mapping[str, Any]) -> Document:
    """Return the document that `to_mapping` wrote, unchecked: it outlives changes of codes."""
    circumstances, crisis = values["circumstances"], values["crisis"]
    return Document(
        code=values["code"],
        name=values["name"],
        paper_name=values["paper_name"],
        description=values["description"],
        profile=values["profile"],
        lines=tuple(_stored_line(line) for line in values["lines"]),
        required=tuple(circumstances["required"]),
        optional=tuple(circumstances["optional"]),
        excluded=tuple(circumstances["excluded"]),
        reason=circumstances["reason"],
        languages=tuple(values["languages"]),
        budget=values["budget"],
        max_km=values["max_km"],
        hours=tuple(values["hours"]),
        track=values["track"],
        model=values["model"],
        crisis=Crisis(tuple(crisis["service_types"]), crisis["text"]) if crisis else None,
        standard=values["standard"],
        cost=values["cost"],
        owner=values["owner"],
        pilot=values["pilot"],
    )


def _stored_line(values: Mapping[str, Any]) -> Line:
    dose = values["dose"]
    return Line(
        **{
            **values,
            "after": tuple(values["after"]),
            "substitutes": tuple(Substitute(**one) for one in values["substitutes"]),
            "dose": Dose(**dose) if dose else None,
            "when": tuple(values["when"]),
        }
    )


def to_mapping(document: Document) -> dict[str, Any]:
    """Return what `read` reads, ready for JSON; nothing is left out, so that versions compare."""
    values: dict[str, Any] = _plain(asdict(document))
    roles = ("required", "optional", "excluded", "reason")
    values["circumstances"] = {name: values.pop(name) for name in roles}
    return values


def _plain(value: Any) -> Any:
    """Return a value with lists for tuples, as JSON gives them back."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value


def text(texts: Texts, language: str) -> str:
    """Return the text in a language, else in English, else in any, else "".

    Examples
    --------
    >>> text({"en": "Help", "lt": "Pagalba"}, "lt"), text({"en": "Help"}, "uk"), text({"lt": "Pagalba"}, "ru")
    ('Pagalba', 'Help', 'Pagalba')
    """
    return texts.get(language) or texts.get("en") or next((found for found in texts.values() if found), "")
