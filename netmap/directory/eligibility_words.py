"""The sentences of `netmap.directory.eligibility`, one for each criterion and reason."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError

from netmap.i18n import gettext as _
from netmap.i18n import language as reader_language
from netmap.i18n.numbers import number
from netmap.vocabulary.terms import label

Values = Mapping[str, Any]


def sentence(criterion: str, reason: str, values: Values) -> str:
    """Return one sentence in the reader's language.

    Examples
    --------
    >>> sentence("distance", "too_far", {"km": 41.7, "max_km": 30})
    '42 km away, the limit is 30 km'
    """
    if reason == "overridden":
        what = _SENTENCES[criterion, values["reason"]](values["values"])
        return _("Taken in spite of: %(what)s (%(why)s)", what=what, why=values["why"])
    return _SENTENCES[criterion, reason](values)


def criterion_name(criterion: str) -> str:
    """Return what a criterion looks at, in the reader's language.

    Examples
    --------
    >>> criterion_name("cost")
    'what it costs'
    """
    names = {
        "type": _("kind of service"),
        "active": _("whether it is offered"),
        "distance": _("where it is"),
        "eligibility": _("whom it takes"),
        "language": _("language"),
        "hours": _("hours"),
        "access": _("whether one gets in without steps"),
        "cost": _("what it costs"),
        "duration": _("how long it lasts"),
        "capacity": _("free places"),
    }
    return names[criterion]


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language; an unknown code as it is."""
    return _language_name(code, reader_language())


@lru_cache(maxsize=1_000)
def _language_name(code: str, reader: str) -> str:
    try:
        return Locale.parse(code).get_language_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code


def _labels(codes: Iterable[str]) -> str:
    return ", ".join(label(code) for code in codes)


def _ages(values: Values) -> str:
    low, high = values["minimum"], values["maximum"]
    if high is None:
        return _("from %(age)s years", age=number(low, 2))
    if not low:
        return _("up to %(age)s years", age=number(high, 2))
    return _("%(from)s to %(to)s years", **{"from": number(low, 2), "to": number(high, 2)})


def _suggested(values: Values) -> str:
    name, sure = label(values["type"]), values.get("confidence")
    if sure is None:
        return _("Seems to offer “%(type)s”, not confirmed yet", type=name)
    return _(
        "Seems to offer “%(type)s”, not confirmed yet: type suggested, %(percent)s %% sure",
        type=name,
        percent=number(100 * sure, 0),
    )


def _status(values: Values) -> str:
    if values["status"] == "temporarily closed":
        return _("Closed for a time")
    return _("No longer offered")


_SENTENCES: Mapping[tuple[str, str], Callable[[Values], str]] = {
    ("type", "not_asked"): lambda v: _("No kind of service was asked for"),
    ("type", "confirmed"): lambda v: _("Offers: %(type)s", type=label(v["type"])),
    ("type", "suggested"): _suggested,
    ("type", "other_type"): lambda v: _("Does not offer “%(type)s”", type=label(v["type"])),
    ("active", "active"): lambda v: _("Offered at present"),
    ("active", "status_unknown"): lambda v: _("Not known whether it is offered at present"),
    ("active", "not_active"): _status,
    ("distance", "area_served"): lambda v: _("Serves the area of the person"),
    ("distance", "in_reach"): lambda v: _("%(km)s km away", km=number(v["km"], 0)),
    ("distance", "too_far"): lambda v: _(
        "%(km)s km away, the limit is %(max)s km", km=number(v["km"], 0), max=number(v["max_km"], 2)
    ),
    ("distance", "area_not_served"): lambda v: _("Does not serve the area of the person"),
    ("distance", "part_of_area_served"): lambda v: _("Serves a part of the area, ask which"),
    ("distance", "person_area_not_known"): lambda v: _(
        "Serves certain areas only; the person's area is not known"
    ),
    ("distance", "area_not_recorded"): lambda v: _("Not recorded which area it serves, ask"),
    ("distance", "distance_not_known"): lambda v: _("Distance not known"),
    ("eligibility", "excluded"): lambda v: _("Does not accept: %(facts)s", facts=_labels(v["codes"])),
    ("eligibility", "required"): lambda v: _("Only for: %(facts)s", facts=_labels(v["codes"])),
    ("eligibility", "ask"): lambda v: _(
        "There are conditions, ask the person: %(facts)s", facts=_labels(v["codes"])
    ),
    ("eligibility", "only_words"): lambda v: _("Read the conditions: %(text)s", text=v["conditions"]),
    ("eligibility", "conditions_met"): lambda v: _("The conditions are met"),
    ("eligibility", "no_conditions_recorded"): lambda v: _("No conditions are recorded"),
    ("eligibility", "age_outside"): lambda v: _("Only for ages: %(ages)s", ages=_ages(v)),
    ("eligibility", "age_partly"): lambda v: _("Only for ages: %(ages)s; ask the age", ages=_ages(v)),
    ("eligibility", "age_not_known"): lambda v: _("Only for ages: %(ages)s; ask the age", ages=_ages(v)),
    ("eligibility", "age_of_child"): lambda v: _(
        "Only for ages: %(ages)s; ask the child's age", ages=_ages(v)
    ),
    ("language", "not_asked"): lambda v: _("No language was asked for"),
    ("language", "common_language"): lambda v: _(
        "Speaks: %(languages)s", languages=", ".join(language_name(code) for code in v["languages"])
    ),
    ("language", "interpreter"): lambda v: _("An interpreter can be called"),
    ("language", "languages_not_recorded"): lambda v: _("Languages are not recorded, ask"),
    ("language", "no_common_language"): lambda v: _(
        "Speaks only: %(languages)s", languages=", ".join(language_name(code) for code in v["languages"])
    ),
    ("hours", "not_asked"): lambda v: _("No hours were asked for"),
    ("hours", "hours_meet"): lambda v: _("Open when the person can come"),
    ("hours", "hours_not_known"): lambda v: _("Hours not known, call first"),
    ("hours", "hours_apart"): lambda v: _("Not open when the person can come"),
    ("access", "not_asked"): lambda v: _("Nobody asked for a place without steps"),
    ("access", "nobody_goes"): lambda v: _("Nobody has to go there"),
    ("access", "access_not_recorded"): lambda v: _("Not recorded whether a wheelchair gets in, ask"),
    ("access", "step_free"): lambda v: _("A wheelchair gets in"),
    ("access", "steps"): lambda v: _("A wheelchair does not get in: there are steps or narrow doors"),
    ("cost", "not_asked"): lambda v: _("No limit of cost was given"),
    ("cost", "free"): lambda v: _("Free"),
    ("cost", "affordable"): lambda v: _("Costs %(fee)s, within the budget", fee=number(v["fee"], 2)),
    ("cost", "fee_not_recorded"): lambda v: _("Cost is not recorded, ask"),
    ("cost", "too_dear"): lambda v: _(
        "Costs %(fee)s, the limit is %(budget)s", fee=number(v["fee"], 2), budget=number(v["budget"], 2)
    ),
    ("duration", "not_asked"): lambda v: _("No duration was asked for"),
    ("duration", "duration_fits"): lambda v: _("Lasts as long as is wanted"),
    ("duration", "duration_not_recorded"): lambda v: _("Not recorded whether it is one-off or lasting help"),
    ("duration", "only_short"): lambda v: _("Help of some weeks only; lasting help is wanted"),
    ("duration", "lasts_weeks"): lambda v: _("Lasts some weeks; one-off help is wanted, so ask"),
    ("duration", "only_once"): lambda v: _("One-off help only; lasting help is wanted"),
    ("capacity", "places_not_recorded"): lambda v: _("Free places are not recorded"),
    ("capacity", "places_free"): lambda v: _("A place is free"),
    ("capacity", "no_places"): lambda v: _("No place is free, and no waiting list is recorded"),
    ("capacity", "waiting_list"): lambda v: _(
        "No place is free now, the wait is about %(days)s days; ask", days=number(v["days"], 0)
    ),
    ("duration", "only_long"): lambda v: _("Lasting help only; one-off help is wanted"),
}
