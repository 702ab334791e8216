"""What changed between two versions of a package: whole sentences. Pure."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.packages.care_models import model_name
from netmap.packages.difference_lines import line_changes
from netmap.packages.document import DEFINING, OCCASIONAL, TYPICAL, Document
from netmap.packages.lines import Line
from netmap.packages.standard import SLOTS, Crisis, slot_name, track_name
from netmap.packages.wording import changed_codes, changed_texts, changed_value
from netmap.vocabulary.terms import label


def difference(old: Document, new: Document) -> list[str]:
    """Return one sentence for each thing that differs, empty if the documents are equal."""
    return [
        *changed_texts(_("Name"), old.name, new.name),
        *changed_texts(_("Name on papers"), old.paper_name, new.paper_name),
        *changed_texts(_("Description"), old.description, new.description),
        *_weights(old.profile, new.profile),
        *changed_codes(_("Must hold"), old.required, new.required),
        *changed_codes(_("Must not hold"), old.excluded, new.excluded),
        *changed_codes(_("Typical circumstance"), old.optional, new.optional),
        *changed_texts(_("Reason"), old.reason, new.reason),
        *changed_value(_("Languages"), ", ".join(old.languages), ", ".join(new.languages)),
        *changed_value(_("Money"), old.budget, new.budget),
        *changed_value(_("Kilometres"), old.max_km, new.max_km),
        *changed_value(_("Hours"), "; ".join(old.hours), "; ".join(new.hours)),
        *_working(old, new),
        *_lines(old, new),
    ]


def line_name(line: Line, document: Document) -> str:
    """Return the kind of service, with the key where another line has the same kind."""
    same = [other for other in document.lines if other.service_type == line.service_type]
    name = label(line.service_type)
    return f"{name} ({line.key})" if len(same) > 1 else name


def weight_name(weight: float) -> str:
    """Return the word for a weight in a profile."""
    names = {DEFINING: _("defining"), TYPICAL: _("typical"), OCCASIONAL: _("occasional")}
    return names.get(weight) or number(weight, 2)


def _working(old: Document, new: Document) -> Iterator[str]:
    """Return what changed about the way in which work is done."""
    yield from changed_value(_("Track"), track_name(old.track), track_name(new.track))
    yield from changed_value(_("Way of working"), model_name(old.model), model_name(new.model))
    before, after = old.crisis or Crisis(()), new.crisis or Crisis(())
    yield from changed_codes(_("In a crisis"), before.service_types, after.service_types)
    yield from changed_texts(_("In a crisis"), before.text, after.text)
    for slot in SLOTS:
        yield from changed_texts(slot_name(slot), old.standard.get(slot, {}), new.standard.get(slot, {}))
    yield from changed_value(_("Cost of a case"), old.cost, new.cost)
    yield from changed_value(_("Owner"), old.owner, new.owner)
    yield from changed_value(_("Being tried out"), old.pilot, new.pilot)


def _weights(old: Mapping[str, float], new: Mapping[str, float]) -> Iterator[str]:
    yield from changed_codes(_("Problems"), tuple(old), tuple(new))
    for code, weight in new.items():
        if code in old and old[code] != weight:
            yield from changed_value(label(code), weight_name(old[code]), weight_name(weight))


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
            for sentence in line_changes(before, line, lambda key: _named(key, new, old)):
                yield _("Line “%(line)s”: %(change)s", line=line_name(line, new), change=sentence)


def _named(key: str, *documents: Document) -> str:
    """Return the name of a line in the first of the documents that has it."""
    for document in documents:
        line = document.line(key)
        if line is not None:
            return line_name(line, document)
    return key
