"""What comes of a scenario in plain words."""

from collections.abc import Iterator, Sequence

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.network.few import told_sum
from netmap.network.gaps.words import names_of
from netmap.network.whatif.effect import (
    CellChange,
    Changes,
    Effect,
    LinkChange,
    Reached,
    areas_of,
    asked,
    blank_areas,
    finding_of,
    findings,
    people_of,
)
from netmap.network.whatif.scenario_words import Naming
from netmap.vocabulary.terms import label

MOST_PAIRS = 2  # of hand-offs, named in one sentence


def summary(effect: Effect, name: Naming) -> list[str]:
    """Return what comes of a scenario, the most important first.

    Gaps, packages and hand-offs are counted as they stand in their lists: once, with their areas.
    """
    found = [*_closed(effect.closed), *(_reached(one, name) for one in effect.reached)]
    found.extend(_opened(effect.opened))
    if not effect.closed and not effect.opened:
        found.append(_("No gap closes and none opens."))
    found.extend(_packages(effect))
    if effect.links_opened:
        told = ngettext(
            "%(number)s new hand-off has to be agreed on (areas: %(areas)s)",
            "%(number)s new hand-offs have to be agreed on (areas: %(areas)s)",
            findings(effect.links_opened),
            areas=areas_of(effect.links_opened),
        )
        found.append(f"{_with_people(told, effect.links_opened)} {_who(effect.links_opened, name)}")
    if effect.links_closed:
        told = ngettext(
            "%(number)s hand-off is no longer broken (areas: %(areas)s)",
            "%(number)s hand-offs are no longer broken (areas: %(areas)s)",
            findings(effect.links_closed),
            areas=areas_of(effect.links_closed),
        )
        found.append(_with_people(told, effect.links_closed))
    return [*found, *_robustness(effect)]


def _closed(changes: Sequence[CellChange]) -> Iterator[str]:
    sure, to_ask = asked(changes)
    if sure:
        told = ngettext(
            "%(number)s gap closes (areas: %(areas)s)",
            "%(number)s gaps close (areas: %(areas)s)",
            findings(sure),
            areas=areas_of(sure),
        )
        yield _with_people(told, sure)
    if to_ask:
        told = ngettext(
            "%(number)s gap that was only to be asked about closes (areas: %(areas)s)",
            "%(number)s gaps that were only to be asked about close (areas: %(areas)s)",
            findings(to_ask),
            areas=areas_of(to_ask),
        )
        yield _with_people(told, to_ask)


def _opened(changes: Sequence[CellChange]) -> Iterator[str]:
    sure, to_ask = asked(changes)
    if sure:
        told = ngettext(
            "%(number)s new gap opens (areas: %(areas)s)",
            "%(number)s new gaps open (areas: %(areas)s)",
            findings(sure),
            areas=areas_of(sure),
        )
        yield _with_people(told, sure)
    if to_ask:
        told = ngettext(
            "%(number)s thing has to be asked about from now on (areas: %(areas)s)",
            "%(number)s things have to be asked about from now on (areas: %(areas)s)",
            findings(to_ask),
            areas=areas_of(to_ask),
        )
        yield _with_people(told, to_ask)


def _packages(effect: Effect) -> Iterator[str]:
    if effect.completed:
        told = ngettext(
            "%(number)s package becomes whole (areas: %(areas)s)",
            "%(number)s packages become whole (areas: %(areas)s)",
            findings(effect.completed),
            areas=areas_of(effect.completed),
        )
        yield _with_people(told, effect.completed)
    elif effect.closed and all(one.clients != 0 and one.line.required for one in effect.closed):
        yield _("No package becomes whole by it: something else is still missing for each.")
    if effect.lost:
        told = ngettext(
            "%(number)s package is no longer whole (areas: %(areas)s)",
            "%(number)s packages are no longer whole (areas: %(areas)s)",
            findings(effect.lost),
            areas=areas_of(effect.lost),
        )
        yield _with_people(told, effect.lost)


def _robustness(effect: Effect) -> list[str]:
    """Return what hangs on one provider, and what stays closed for another reason."""
    told = (
        ngettext(
            "In %(number)s area there are no longer too few places for the clients.",
            "In %(number)s areas there are no longer too few places for the clients.",
            areas_of(effect.relieved),
        ),
        ngettext(
            "In %(number)s area help is there, but for too few.",
            "In %(number)s areas help is there, but for too few.",
            areas_of(effect.strained),
        ),
        ngettext(
            "%(number)s gap closes onto one provider only.",
            "%(number)s gaps close onto one provider only.",
            findings(effect.downgraded),
        ),
        ngettext(
            "In %(number)s more area one provider is left where there were several.",
            "In %(number)s more areas one provider is left where there were several.",
            areas_of(effect.weakened),
        ),
        ngettext(
            "In %(number)s area there is a second provider now.",
            "In %(number)s areas there is a second provider now.",
            areas_of(effect.secured),
        ),
        ngettext(
            "%(number)s gap stays, for another reason.",
            "%(number)s gaps stay, for another reason.",
            findings(effect.renamed),
        ),
    )
    groups = (
        effect.relieved, effect.strained, effect.downgraded, effect.weakened, effect.secured, effect.renamed,
    )  # fmt: skip
    return [sentence for sentence, group in zip(told, groups, strict=True) if group]


def _with_people(told: str, changes: Changes) -> str:
    """Return a sentence with the clients of changes, and how many areas nobody counted."""
    numbers, blank = people_of(changes), blank_areas(changes)
    if not numbers:
        return f"{told}. " + _("There are no demand figures.")
    found = _("%(what)s, for %(clients)s clients a year.", what=told, clients=told_sum(numbers))
    if not blank:
        return found
    missing = ngettext("No figures for %(number)s area.", "No figures for %(number)s areas.", blank)
    return f"{found} {missing}"


def _reached(one: Reached, name: Naming) -> str:
    kind = label(one.service_type)
    if one.unknown:
        who = names_of([name(key) for key in one.unknown])
        return _("%(service)s: nobody knows how many clients %(who)s can take.", who=who, service=kind)
    if one.clients < one.eligible:
        return _(
            "%(service)s: %(eligible)s clients come into question, the capacity is enough for %(clients)s.",
            service=kind,
            eligible=told_sum(one.people),
            clients=told_sum([one.clients]),
        )
    if one.blank:
        return _("%(service)s: the capacity is enough for all who were counted.", service=kind)
    return _("%(service)s: the capacity is enough for all of them.", service=kind)


def _who(changes: Sequence[LinkChange], name: Naming) -> str:
    """Return who hands over to whom, each hand-off once with everybody who may do it."""
    sides: dict[tuple[object, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for one in changes:
        giving, taking = sides.setdefault(finding_of(one), ({}, {}))
        giving.update(dict.fromkeys(name(key) for key in one.giving))
        taking.update(dict.fromkeys(name(key) for key in one.taking))
    pairs = dict.fromkeys(f"{names_of([*one])} → {names_of([*other])}" for one, other in sides.values())
    return "; ".join(pair[:1].upper() + pair[1:] for pair in list(pairs)[:MOST_PAIRS]) + "."
