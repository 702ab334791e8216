"""The lines of a result in words: who serves each, when and where, why, and who else. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date

from netmap.directory.eligibility import TYPES_THAT_COME, Offer, Verdict, sentence
from netmap.freshness.age import age_of, rhythm
from netmap.i18n import gettext as _
from netmap.i18n.numbers import locale
from netmap.matching.lines import Wanted
from netmap.matching.providers import ALTERNATIVES, Choice, NearMiss, Served
from netmap.matching.times import in_words
from netmap.partners.words import mark
from netmap.vocabulary.terms import label

# Passes that say nothing about this offer in particular.
PLAIN = frozenset({"not_asked", "active", "no_conditions_recorded", "places_not_recorded"})


@dataclass(frozen=True)
class Names:
    """Names by id: organizations, places (by location); phones by service and place.

    ``languages`` says in which language a service is described, where that is known.
    """

    languages: dict[str, str | None]
    organizations: dict[str, str]
    places: dict[str, str]
    phones: dict[tuple[str, str], str]

    def take_over(self, newer: "Names") -> None:
        """Put newer names in the place of those that are here."""
        self.languages.update(newer.languages)
        self.organizations.update(newer.organizations)
        self.places.update(newer.places)
        self.phones.update(newer.phones)

    def phone(self, offer: Offer) -> str:
        """Return the number under which the service can be reached at its place, "" where there is none."""
        return self.phones.get((offer.service_id, offer.place_id or ""), "")


@dataclass(frozen=True)
class Desk:
    """What is needed to put an offer in words: names, this moment, and when a check counts as old.

    A desk is there for one answer in one language: what it has said once, it does not work out again.
    """

    names: Names
    moment: datetime
    stale_days: int
    _said: dict[int, tuple[Verdict, str]] = field(default_factory=dict)  # by id, kept alive here
    _told: dict[int, tuple[Choice, dict[str, Any]]] = field(default_factory=dict)
    _checked: dict[tuple[date | None, int | None], tuple[bool, str]] = field(default_factory=dict)

    def line(
        self,
        wanted: Wanted,
        served: Served,
        picked: Choice | None,
        of_other_kinds: Sequence[tuple[Choice, str]] = (),
    ) -> dict[str, Any]:
        """Return one line of the result; it is complete with a provider, a time and a place.

        ``picked`` is who shall serve it, one of those that were found; the others are alternatives, and
        behind them come those ``of_other_kinds`` of service.
        """
        found = self.offer(picked, wanted.service_type) if picked else dict(_NOBODY)
        first = served.choices[: 1 + ALTERNATIVES]
        taken = picked.offer.service_id if picked else None
        others = [choice for choice in first if choice.offer.service_id != taken][:ALTERNATIVES]
        return {
            "key": wanted.key,
            "need": wanted.need,
            "goal": wanted.goal,
            **found,
            "type": wanted.service_type,
            "instead_of": wanted.instead_of,
            "complete": all(found[name] for name in ("provider", "service", "time", "place")),
            "added": wanted.added,
            "dropped": wanted.dropped,
            "required": wanted.required,
            "refused": wanted.refused,
            "start_day": wanted.start_day,
            "alternatives": [
                *(self.offer(choice, wanted.service_type) for choice in others),
                *(self.offer(choice, kind) for choice, kind in of_other_kinds),
            ],
            "near_misses": [self.near_miss(miss) for miss in served.near_misses],
        }

    def offer(self, choice: Choice, service_type: str) -> dict[str, Any]:
        """Return the words about one choice; several lines may share them."""
        if id(choice) not in self._told:
            self._told[id(choice)] = choice, self._offer(choice, service_type)
        return self._told[id(choice)][1]

    def _offer(self, choice: Choice, service_type: str) -> dict[str, Any]:
        time = in_words(choice.offer.rules, self.moment)
        why, badges = self._reasons(choice, time)
        if service_type == "self_help_group":  # the type does not say which trouble its people share
            badges.insert(0, _("A group of people with one trouble: ask whether it is this one"))
        return {
            **self._who(choice.offer),
            "time": time,
            "place": self.place(choice.offer, service_type),
            "phone": self.names.phone(choice.offer),
            "type": service_type,
            "utility": round(choice.utility, 4),
            "why": why,
            "badges": badges,
        }

    def near_miss(self, miss: NearMiss) -> dict[str, Any]:
        """Return the words about an offer that fails on one criterion."""
        words = self._sentence(miss.criterion, miss.verdict)
        return {**self._who(miss.offer), "criterion": miss.criterion, "sentence": words}

    def _sentence(self, criterion: str, verdict: Verdict) -> str:
        said = self._said.get(id(verdict))
        if said is None:
            said = self._said[id(verdict)] = verdict, sentence(criterion, verdict)
        return said[1]

    def place(self, offer: Offer, service_type: str) -> str:
        """Return where help is given, "" where nobody wrote it down."""
        if offer.remote:
            return _("by phone or online")
        if offer.location_id and self.names.places.get(offer.location_id):
            return self.names.places[offer.location_id]
        return _("where the person lives") if service_type in TYPES_THAT_COME else ""

    def _who(self, offer: Offer) -> dict[str, Any]:
        return {
            "provider": self.names.organizations.get(offer.organization_id or "", ""),
            "service": offer.name,
            "service_language": self.names.languages.get(offer.service_id) or "",
            "service_id": offer.service_id,
            "relation": offer.relation,
        }

    def _reasons(self, choice: Choice, time: str) -> tuple[list[str], list[str]]:
        """Return why it is a choice, and what has to be asked or kept in mind."""
        why: list[str] = []
        badges: list[str] = []
        said = self._said
        if choice.offer.relation:
            badges.append(mark(choice.offer.relation))
        for criterion, verdict in choice.verdicts.items():
            if verdict.reason not in PLAIN:
                known = said.get(id(verdict))
                words = known[1] if known else self._sentence(criterion, verdict)
                is_open = verdict.outcome == "unknown" or verdict.reason == "overridden"
                (badges if is_open else why).append(words)
        if choice.offer.welcome:
            (badges if choice.meant_for_others else why).append(_meant_for(choice.offer))
        if not time and choice.verdicts["hours"].outcome != "unknown":
            badges.append(sentence("hours", Verdict("unknown", "hours_not_known")))
        check = choice.offer.assured_date, choice.offer.review_days
        if check not in self._checked:
            self._checked[check] = self._about_check(*check)
        is_old, words = self._checked[check]
        (badges if is_old else why).append(words)
        return why, badges

    def _about_check(self, assured: date | None, review_days: int | None) -> tuple[bool, str]:
        """Return whether nobody has checked the record within its rhythm, and the words about it."""
        if assured is None:
            return True, _("Nobody has checked this record, call first")
        if age_of(assured, rhythm(review_days, None, self.stale_days), self.moment.date()).warns:
            return True, _("Last checked on %(day)s, call first", day=_day(assured))
        return False, _("Checked on %(day)s", day=_day(assured))


def _meant_for(offer: Offer) -> str:
    return _("meant for: %(who)s", who=", ".join(label(code) for code in sorted(offer.welcome)))


def _day(day: date) -> str:
    return _in_words(day, locale())


@lru_cache(maxsize=4_000)
def _in_words(day: date, name: str) -> str:
    return format_date(day, "medium", locale=name)


_NOBODY: Mapping[str, Any] = {
    "provider": "", "service": "", "service_language": "", "service_id": None, "relation": "",
    "time": "", "place": "", "phone": "", "utility": None,
    "why": [], "badges": [],
}  # fmt: skip
