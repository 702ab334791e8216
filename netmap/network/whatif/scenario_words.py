"""The changes of a scenario in plain words."""

from collections.abc import Callable, Mapping

from netmap.directory.eligibility import Offer
from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.i18n.numbers import number as in_digits
from netmap.matching.times import week_in_words
from netmap.network.gaps.words import names_of
from netmap.network.whatif.scenario import (
    ALWAYS_OPEN,
    AddService,
    Change,
    ChangeLink,
    ChangeServices,
    CloseProvider,
    RemoveService,
)
from netmap.vocabulary.terms import label

Naming = Callable[[str], str]


def change_sentence(change: Change, name: Naming, area: Naming) -> str:
    """Return one change as a sentence; ``name`` and ``area`` say what ids and codes are called."""
    match change:
        case AddService():
            return _added(change, name, area)
        case RemoveService():
            return _("%(service)s ends.", service=name(change.service))
        case CloseProvider():
            return _("%(provider)s closes, with everything that it offers.", provider=name(change.provider))
        case ChangeLink():
            one, other = sorted(name(key) for key in change.between)
            if change.linked:
                return _("%(one)s and %(other)s hand clients over to each other.", one=one, other=other)
            return _("%(one)s and %(other)s no longer work together.", one=one, other=other)
        case ChangeServices():
            return f"{_whose(change, name)}: {'; '.join(_facts(change, area))}."


def _added(change: AddService, name: Naming, area: Naming) -> str:
    offer = change.offer
    what = label(next(iter(offer.types)))
    place = area(change.area) if change.area else _("by telephone or video") if offer.remote else _("a place")
    told = _("New: %(service)s, %(place)s", service=what, place=place)
    if offer.organization_id:
        told = f"{told}, {name(offer.organization_id)}"
    wanted = [*_conditions(offer.excluded, offer.required), *_offered(offer)]
    told = f"{told}: {'; '.join(wanted)}"
    if change.capacity is None:
        return f"{told}."
    return _("%(new)s, for %(number)s clients a year.", new=told, number=in_digits(change.capacity))


def _offered(offer: Offer) -> list[str]:
    """Return what a new service is to be like, as far as the plan goes beyond what is taken to fit."""
    facts: dict[str, object] = {"fee": offer.fee}
    if offer.languages:
        facts["languages"] = offer.languages
    if offer.rules != ALWAYS_OPEN:
        facts["rules"] = offer.rules
    return [*_told(facts), *([duration_name(offer.duration)] if offer.duration else [])]


def _whose(change: ChangeServices, name: Naming) -> str:
    if change.service is not None:
        return name(change.service)
    if change.provider is not None and change.service_type is not None:
        return f"{label(change.service_type)} ({name(change.provider)})"
    if change.provider is not None:
        return _("Everything of %(provider)s", provider=name(change.provider))
    return _("Every service of the kind “%(service)s”", service=label(change.service_type or ""))


def _facts(change: ChangeServices, area: Naming) -> list[str]:
    """Return what is to be different, one part of a sentence each."""
    found = [
        told % {"who": ", ".join(label(code) for code in sorted(codes))}
        for codes, told in (
            (change.accept, _("no longer shuts out: %(who)s")),
            (change.stop_requiring, _("no longer only for: %(who)s")),
        )
        if codes
    ]
    facts = change.facts
    found += [*_conditions(change.exclude, change.require), *_told(facts)]
    if "interpreter" in facts:
        found.append(_("with an interpreter") if facts["interpreter"] else _("without an interpreter"))
    if "duration" in facts:
        found.append(duration_name(str(facts["duration"])))
    if "step_free" in facts:
        found.append(_("can be entered without steps") if facts["step_free"] else _("only over steps"))
    if "remote" in facts:
        found.append(_("by telephone or video") if facts["remote"] else _("at its place only"))
    if "serves" in facts:
        found.append(
            _("serves %(areas)s", areas=names_of([area(code) for code in sorted(_texts(facts["serves"]))]))
        )
    if "minimum_age" in facts or "maximum_age" in facts:
        found.append(_("other ages"))
    if change.also_in:
        found.append(_("also comes to %(areas)s", areas=names_of([area(one.code) for one in change.also_in])))
    if change.capacity is not None:
        found.append(_("for %(number)s clients a year", number=in_digits(change.capacity)))
    return found


def _conditions(excluded: frozenset[str], required: frozenset[str]) -> list[str]:
    return [
        told % {"who": ", ".join(label(code) for code in sorted(codes))}
        for codes, told in ((excluded, _("shuts out: %(who)s")), (required, _("only for: %(who)s")))
        if codes
    ]


def _told(facts: Mapping[str, object]) -> list[str]:
    """Return languages, hours and the fee in words."""
    found = []
    if "languages" in facts:
        names = ", ".join(sorted(language_name(code) for code in _texts(facts["languages"])))
        found.append(_("speaks %(languages)s", languages=names))
    if "rules" in facts:
        found.append(_("open %(hours)s", hours=_week(facts["rules"])))
    if "fee" in facts:
        found.append(
            _("free") if not facts["fee"] else _("fee %(fee)s", fee=in_digits(_number(facts["fee"])))
        )
    return found


def _week(rules: object) -> str:
    """Return the hours of rules that name single days, as a scenario gives them."""
    days: list[list[tuple[int, int]]] = [[] for _day in range(7)]
    for rule in rules if isinstance(rules, tuple) else ():
        for _week_of_month, day in rule.byday:
            days[day].append((rule.opens, rule.closes))
    return week_in_words(days)


def duration_name(code: str) -> str:
    """Return how long help lasts, in words."""
    return {
        "once": _("one-off help"), "short": _("help for some weeks"), "long": _("lasting help")
    }[code]  # fmt: skip


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, frozenset) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
