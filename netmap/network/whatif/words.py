"""What comes of a scenario in plain words."""

from collections.abc import Sequence

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.network.few import told_sum
from netmap.network.gaps.words import names_of
from netmap.network.whatif.effect import Effect, LinkChange, Reached, people_of
from netmap.network.whatif.scenario_words import Naming
from netmap.vocabulary.terms import label

MOST_PAIRS = 2  # of hand-offs, named in one sentence


def summary(effect: Effect, name: Naming) -> list[str]:
    """Return what comes of a scenario, the most important first."""
    found = []
    if effect.closed:
        told = ngettext("%(number)s gap closes", "%(number)s gaps close", len(effect.closed))
        found.append(_with_people(told, people_of(effect.closed)))
    found.extend(_reached(one, name) for one in effect.reached)
    if effect.opened:
        told = ngettext("%(number)s new gap opens", "%(number)s new gaps open", len(effect.opened))
        found.append(_with_people(told, people_of(effect.opened)))
    if not effect.closed and not effect.opened:
        found.append(_("No gap closes and none opens."))
    found.extend(_packages(effect))
    if effect.links_opened:
        told = ngettext(
            "%(number)s new hand-off has to be agreed on", "%(number)s new hand-offs have to be agreed on",
            len(effect.links_opened),
        )  # fmt: skip
        found.append(
            f"{_with_people(told, people_of(effect.links_opened))} {_who(effect.links_opened, name)}"
        )
    if effect.links_closed:
        told = ngettext(
            "%(number)s hand-off is no longer broken", "%(number)s hand-offs are no longer broken",
            len(effect.links_closed),
        )  # fmt: skip
        found.append(_with_people(told, people_of(effect.links_closed)))
    return [*found, *_robustness(effect)]


def _packages(effect: Effect) -> list[str]:
    found = []
    if effect.completed:
        told = ngettext(
            "%(number)s package becomes whole", "%(number)s packages become whole", len(effect.completed)
        )
        found.append(_with_people(told, people_of(effect.completed)))
    elif effect.closed:
        found.append(_("No package becomes whole by it: something else is still missing for each."))
    if effect.lost:
        told = ngettext(
            "%(number)s package is no longer whole",
            "%(number)s packages are no longer whole",
            len(effect.lost),
        )
        found.append(_with_people(told, people_of(effect.lost)))
    return found


def _robustness(effect: Effect) -> list[str]:
    """Return what hangs on one provider, and what stays closed for another reason."""
    told = (
        ngettext(
            "In %(number)s area there are no longer too few places for the clients.",
            "In %(number)s areas there are no longer too few places for the clients.",
            len(effect.relieved),
        ),
        ngettext(
            "In %(number)s area help is there, but for too few.",
            "In %(number)s areas help is there, but for too few.",
            len(effect.strained),
        ),
        ngettext(
            "%(number)s gap closes onto one provider only.",
            "%(number)s gaps close onto one provider only.",
            len(effect.downgraded),
        ),
        ngettext(
            "In %(number)s more area one provider is left where there were several.",
            "In %(number)s more areas one provider is left where there were several.",
            len(effect.weakened),
        ),
        ngettext(
            "In %(number)s area there is a second provider now.",
            "In %(number)s areas there is a second provider now.",
            len(effect.secured),
        ),
        ngettext(
            "%(number)s gap stays, for another reason.",
            "%(number)s gaps stay, for another reason.",
            len(effect.renamed),
        ),
    )
    groups = (
        effect.relieved, effect.strained, effect.downgraded, effect.weakened, effect.secured, effect.renamed,
    )  # fmt: skip
    return [sentence for sentence, group in zip(told, groups, strict=True) if group]


def _with_people(told: str, numbers: Sequence[float]) -> str:
    if not numbers:
        return f"{told}. " + _("There are no demand figures.")
    return _("%(what)s, for %(clients)s clients a year.", what=told, clients=told_sum(numbers))


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
    return _("%(service)s: the capacity is enough for all of them.", service=kind)


def _who(changes: Sequence[LinkChange], name: Naming) -> str:
    pairs = dict.fromkeys(
        f"{names_of([name(key) for key in one.giving])} → {names_of([name(key) for key in one.taking])}"
        for one in changes
    )
    return "; ".join(list(pairs)[:MOST_PAIRS]) + "."
