"""What changed between two versions, and what looks odd in one: whole sentences. Pure."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.packages.document import DEFINING, OCCASIONAL, TYPICAL, Document
from netmap.packages.lines import Line, Texts
from netmap.vocabulary.terms import LANGUAGES, label

ENOUGH = 0.5  # a problem counts as dealt with when some line takes on at least this share of it


def difference(old: Document, new: Document) -> list[str]:
    """Return one sentence for each thing that differs, empty if the documents are equal."""
    sentences = [
        *_texts(_("Name"), old.name, new.name),
        *_texts(_("Name on papers"), old.paper_name, new.paper_name),
        *_texts(_("Description"), old.description, new.description),
        *_weights(old.profile, new.profile),
        *_codes(_("Must hold"), old.required, new.required),
        *_codes(_("Must not hold"), old.excluded, new.excluded),
        *_codes(_("Typical circumstance"), old.optional, new.optional),
        *_texts(_("Reason"), old.reason, new.reason),
        *_value(_("Languages"), ", ".join(old.languages), ", ".join(new.languages)),
        *_value(_("Money"), old.budget, new.budget),
        *_value(_("Kilometres"), old.max_km, new.max_km),
        *_value(_("Hours"), "; ".join(old.hours), "; ".join(new.hours)),
    ]
    return [*sentences, *_lines(old, new)]


def doubts(document: Document) -> list[str]:
    """Return sentences about what is allowed but probably not meant, for the person who keeps the package."""
    sentences = []
    for code, weight in document.profile.items():
        share = max((line.addresses.get(code, 0.0) for line in document.lines), default=0.0)
        if weight >= TYPICAL and share < ENOUGH:
            sentences.append(
                _(
                    "No line deals with “%(need)s”, although it is %(weight)s here.",
                    need=label(code),
                    weight=weight_name(weight),
                )
            )
    for line in document.lines:
        for key in line.after:
            first = document.line(key)
            if first is not None and first.start_day > line.start_day:
                sentences.append(
                    _(
                        "“%(line)s” starts on day %(day)s, before “%(first)s” that it waits for.",
                        line=line_name(line, document),
                        day=line.start_day,
                        first=line_name(first, document),
                    )
                )
    return sentences


def line_name(line: Line, document: Document) -> str:
    """Return the kind of service, with the key where another line has the same kind."""
    same = [other for other in document.lines if other.service_type == line.service_type]
    name = label(line.service_type)
    return f"{name} ({line.key})" if len(same) > 1 else name


def weight_name(weight: float) -> str:
    """Return the word for a weight in a profile."""
    names = {DEFINING: _("defining"), TYPICAL: _("typical"), OCCASIONAL: _("occasional")}
    return names.get(weight) or number(weight, 2)


def _value(name: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        empty = _("nothing")
        yield _(
            "%(name)s: “%(old)s” became “%(new)s”.",
            name=name,
            old=empty if old in (None, "") else _plain(old),
            new=empty if new in (None, "") else _plain(new),
        )


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value, 2) if isinstance(value, float) else str(value)


def _texts(name: str, old: Texts, new: Texts) -> Iterator[str]:
    for language in LANGUAGES:
        yield from _value(f"{name} ({language})", old.get(language, ""), new.get(language, ""))


def _codes(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    for code in new:
        if code not in old:
            yield _("%(name)s: “%(what)s” was added.", name=name, what=label(code))
    for code in old:
        if code not in new:
            yield _("%(name)s: “%(what)s” was taken out.", name=name, what=label(code))


def _weights(old: Mapping[str, float], new: Mapping[str, float]) -> Iterator[str]:
    yield from _codes(_("Problems"), tuple(old), tuple(new))
    for code, weight in new.items():
        if code in old and old[code] != weight:
            yield from _value(label(code), weight_name(old[code]), weight_name(weight))


def _lines(old: Document, new: Document) -> Iterator[str]:
    for line in new.lines:
        if old.line(line.key) is None:
            yield _("The line “%(line)s” was added.", line=line_name(line, new))
    for line in old.lines:
        if new.line(line.key) is None:
            yield _("The line “%(line)s” was taken out.", line=line_name(line, old))
    kept = [line.key for line in new.lines if old.line(line.key)]
    places = [number for key in kept for number, line in enumerate(old.lines) if line.key == key]
    if any(first > second for first, second in pairwise(places)):
        names = ", ".join(line_name(line, new) for line in new.lines)
        yield _("The order of the lines is now: %(names)s.", names=names)
    for line in new.lines:
        before = old.line(line.key)
        if before is not None:
            for sentence in _line(before, line, old, new):
                yield _("Line “%(line)s”: %(change)s", line=line_name(line, new), change=sentence)


def _line(before: Line, line: Line, old: Document, new: Document) -> Iterator[str]:
    yield from _value(_("problem"), label(before.need), label(line.need))
    yield from _value(_("service"), label(before.service_type), label(line.service_type))
    yield from _texts(_("goal"), before.goal, line.goal)
    for code in dict.fromkeys([*line.addresses, *before.addresses]):
        yield from _value(
            _("share of “%(need)s”", need=label(code)), before.addresses.get(code), line.addresses.get(code)
        )
    if set(before.after) != set(line.after):
        yield from _value(_("waits for"), _names(before.after, old), _names(line.after, new))
    yield from _value(_("start day"), before.start_day, line.start_day)
    yield from _value(_("weight"), before.weight, line.weight)
    yield from _value(_("required"), before.required, line.required)
    yield from _value(_("duration"), before.duration, line.duration)


def _names(keys: tuple[str, ...], document: Document) -> str:
    found = (document.line(key) for key in keys)
    return ", ".join(line_name(line, document) for line in found if line is not None)
