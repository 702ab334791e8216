"""What changed in one line of a package: whole sentences. Pure."""

from collections.abc import Callable, Iterator

from netmap.i18n import gettext as _
from netmap.packages.dose import dose_in_words
from netmap.packages.lines import Line, Substitute
from netmap.packages.substitutes import occasion_name
from netmap.packages.wording import changed_codes, changed_texts, changed_value
from netmap.vocabulary.terms import label


def line_changes(before: Line, line: Line, name_of: Callable[[str], str]) -> Iterator[str]:
    """Return one sentence for each thing that differs; ``name_of`` gives the name of a line by its key."""
    yield from changed_value(_("problem"), label(before.need), label(line.need))
    yield from changed_value(_("service"), label(before.service_type), label(line.service_type))
    yield from changed_texts(_("cause"), before.cause, line.cause)
    yield from changed_texts(_("goal"), before.goal, line.goal)
    for code in dict.fromkeys([*line.addresses, *before.addresses]):
        share = _("share of “%(need)s”", need=label(code))
        yield from changed_value(share, before.addresses.get(code), line.addresses.get(code))
    if set(before.after) != set(line.after):
        first, second = (", ".join(map(name_of, keys)) for keys in (before.after, line.after))
        yield from changed_value(_("waits for"), first, second)
    if before.beside != line.beside:
        first, second = (name_of(key) if key else "" for key in (before.beside, line.beside))
        yield from changed_value(_("goes beside"), first, second)
    yield from changed_codes(_("only if"), before.when, line.when)
    yield from changed_value(_("start day"), before.start_day, line.start_day)
    yield from changed_value(_("weight"), before.weight, line.weight)
    yield from changed_value(_("required"), before.required, line.required)
    yield from changed_value(_("duration"), before.duration, line.duration)
    first, second = (dose_in_words(one.dose) if one.dose else "" for one in (before, line))
    yield from changed_value(_("dose"), first, second)
    yield from _substitutes(before.substitutes, line.substitutes)


def _substitutes(old: tuple[Substitute, ...], new: tuple[Substitute, ...]) -> Iterator[str]:
    """Return what changed; a substitute is the same as long as its kind of service and occasion are."""
    former = {(one.service_type, one.when): one for one in old}
    present = {(one.service_type, one.when): one for one in new}
    for key, one in present.items():
        name = f"{_('substitute')} {label(one.service_type)}"
        before = former.get(key)
        if before is None:
            words = occasion_name(one.when)
            yield _("substitute “%(what)s” was added (%(when)s).", what=label(one.service_type), when=words)
        else:
            yield from changed_value(f"{name}, {_('share')}", before.share, one.share)
            yield from changed_texts(f"{name}, {_('note')}", before.note, one.note)
    for key, one in former.items():
        if key not in present:
            yield _("substitute “%(what)s” was taken out.", what=label(one.service_type))
    common = [key for key in former if key in present]
    if common != [key for key in present if key in former]:
        names = ", ".join(label(service_type) for service_type, _when in present)
        yield _("the substitutes are now tried in this order: %(names)s.", names=names)
