"""The page of the form of needs: what the short and the long form offer, and what they only carry."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from netmap.directory.ages import AGE_BANDS
from netmap.directory.eligibility import Verdict, sentence
from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching.facts import Client, Library, Rated
from netmap.matching.loading import load_library
from netmap.matching.prompts import Prompt, prompts
from netmap.matching.strengths import strength_name, strengths
from netmap.vocabulary.suggest import Suggestions
from netmap.vocabulary.terms import Need, label, vocabulary
from netmap.web.door import db, settings
from netmap.web.matching_form import CLIENT_LANGUAGES, needs_and_facts, place_of, services_in, spoken
from netmap.web.matching_pick import Picked, services_found, services_named
from netmap.web.matching_week import day_names, part_names

SHORT, LONG = "short", "long"
COMMON = 28  # needs of the short form
FIELDS = re.compile(
    r"(?:severity|urgency|theirs|fact|safe|strong|unwanted|week|service|speaks)-.{1,250}"
    r"|track|age|area|max_km|budget|most_places|hours_also|kept|long_term|needs_company"
)
ALWAYS_SHOWN = re.compile(r"safe-.*|speaks-.*|track|area|long_term|needs_company")


@dataclass(frozen=True, slots=True)
class Listed:
    """The needs of the page by where they stand, none twice; and its circumstances."""

    suggested: Sequence[Any]
    prompted: Sequence[Prompt]
    domains: Sequence[tuple[str, Sequence[Need]]]
    facts: frozenset[str]

    def codes(self) -> set[str]:
        """Return every need that has a row."""
        rows = [need.code for _domain, needs in self.domains for need in needs]
        return {*rows, *(one.code for one in self.suggested), *(one.need for one in self.prompted)}


def form_page(
    typed: Mapping[str, str],
    *,
    suggestions: Suggestions | None = None,
    foreign: bool = False,
    errors: Mapping[str, str] | None = None,
) -> str:
    """Return the page with what was typed; in the short form the rest travels unseen.

    ``foreign``: the note seems to be in a language that is not understood.
    """
    problems = {place_of(name): sentence for name, sentence in (errors or {}).items()}
    found, problem = _services(typed)
    problems |= problem
    library, words = load_library(db()), vocabulary()
    listed = _listed(library, typed, suggestions)
    length = _length(typed, listed, problems)
    if length == LONG:
        listed = _listed(library, typed, suggestions, everything=True)
    return render_template(
        "matching/form.html",
        typed=typed,
        errors=problems,
        length=length,
        listed=listed,
        suggested={one.code: one for one in listed.suggested},
        suggestions_asked=suggestions is not None,
        foreign=foreign,
        fact_evidence={one.code: one.evidence for one in suggestions.circumstances} if suggestions else {},
        safety=[need for need in words.needs.values() if need.safety],
        safety_evidence=_safety_evidence(suggestions),
        alarm=[
            code for code, need in words.needs.items() if need.safety and typed.get(f"safe-{code}") == "yes"
        ],
        carried=_carried(typed, listed, length),
        circumstances=[code for code in words.circumstances if code in listed.facts - AGE_BANDS.keys()],
        ages=age_choices() if listed.facts & AGE_BANDS.keys() else [],
        strengths=[(code, strength_name(code)) for code in strengths()],
        kinds=sorted(words.service_types, key=lambda code: label(code).casefold()),
        services=found,
        languages=list(dict.fromkeys((*CLIENT_LANGUAGES, *spoken(typed)))),
        areas=area_choices(db(), language()),
        max_km=settings().max_km,
        days=day_names(),
        parts=part_names(),
    )


def _length(typed: Mapping[str, str], listed: Listed, problems: Mapping[str, str]) -> str:
    """Return the length that was chosen; the long one where a problem lies in what the short one hides."""
    if typed.get("length") == LONG:
        return LONG
    hidden = [name for name in problems if FIELDS.fullmatch(name) and not _is_shown(name, listed)]
    return LONG if hidden else SHORT


def _is_shown(name: str, listed: Listed) -> bool:
    kind, _dash, code = name.partition("-")
    if kind in ("severity", "urgency", "theirs"):
        return code in listed.codes()
    if kind == "fact":
        return code in listed.facts - AGE_BANDS.keys()
    if name == "age":
        return bool(listed.facts & AGE_BANDS.keys())
    return bool(ALWAYS_SHOWN.fullmatch(name))


def _carried(typed: Mapping[str, str], listed: Listed, length: str) -> list[tuple[str, str]]:
    """Return the fields that the page does not show but must not lose."""
    safety = {code for code, need in vocabulary().needs.items() if need.safety}
    rows = listed.codes()
    carried = []
    for name, value in typed.items():
        kind, _dash, code = name.partition("-")
        if not value or not FIELDS.fullmatch(name):
            continue
        if kind in ("severity", "urgency", "theirs"):
            unseen = code not in rows and not (kind == "theirs" and code in safety)
        elif kind in ("fact", "age"):
            unseen = not _is_shown(name, listed)
        else:
            unseen = name == "kept" or (length == SHORT and not ALWAYS_SHOWN.fullmatch(name))
        if unseen:
            carried.append((name, value))
    return carried


def _listed(
    library: Library, typed: Mapping[str, str], suggestions: Suggestions | None, *, everything: bool = False
) -> Listed:
    words = vocabulary()
    suggested = [
        one for one in (suggestions.needs if suggestions else ()) if not words.needs[one.code].safety
    ]
    above = {one.code for one in suggested}
    needs, facts = needs_and_facts(typed)
    rated = {code: Rated(entry["severity"], entry["urgency"]) for code, entry in needs.items()}
    asked = Client(rated, facts)  # type: ignore[arg-type]
    prompted = [one for one in prompts(library, asked) if one.need not in above]
    above |= {one.need for one in prompted}
    offered = set(words.needs) if everything else {*common_needs(library), *needs}
    domains = [
        (
            domain,
            [
                need
                for need in words.needs.values()
                if need.domain == domain and need.code in offered - above and not need.safety
            ],
        )
        for domain in words.domains
    ]
    told = {one.code for one in (suggestions.circumstances if suggestions else ())}
    told |= {code for code in facts if code in words.circumstances}
    shown = set(words.circumstances) if everything else told.union(asked_facts(library))
    return Listed(suggested, prompted, [(name, rows) for name, rows in domains if rows], frozenset(shown))


def common_needs(library: Library, most: int = COMMON) -> list[str]:
    """Return the needs that packages in use are most about and help with most; else the first of all."""
    weighed = library.profile.sum(axis=0) + library.covers.sum(axis=0)
    weight = dict(zip(library.needs, weighed, strict=True))
    asked = [code for code in library.needs if not vocabulary().needs[code].safety]
    return sorted(asked, key=lambda code: -weight[code])[:most]


def asked_facts(library: Library) -> list[str]:
    """Return the circumstances that a package in use asks for."""
    asked = (library.deciding + library.optional).sum(axis=0)
    weighed = dict(zip(library.facts, asked, strict=True))
    return [code for code in vocabulary().circumstances if weighed[code] > 0]


def age_choices() -> list[tuple[str, str]]:
    """Return the age bands in words, the youngest first."""
    names = {code: label(code) for code in AGE_BANDS} | {"age_30_54": _("30-54")}
    return [("", _("not asked")), *names.items()]


def told_once(client: Mapping[str, Any]) -> frozenset[str]:
    """Return what is not known of any offer while no area is given: it is said once, above all of them."""
    if client.get("area"):
        return frozenset()
    reasons = ("person_area_not_known", "distance_not_known")
    return frozenset(sentence("distance", Verdict("unknown", reason)) for reason in reasons)


def _safety_evidence(suggestions: Suggestions | None) -> dict[str, str]:
    found = suggestions.needs if suggestions else ()
    return {one.code: one.evidence for one in found if vocabulary().needs[one.code].safety}


def _services(typed: Mapping[str, str]) -> tuple[list[tuple[Picked, str]], dict[str, str]]:
    """Return the services that are refused or wanted, and those just looked for; and what was wrong."""
    said = {key: value for key, value in services_in(typed) if value}
    chosen = [(one, said[one.id]) for one in services_named(tuple(said))]
    words = typed.get("find_service", "") if typed.get("do") == "find" else ""
    try:
        new = services_found(words)
    except Invalid as error:
        return chosen, {"find_service": error.message}
    if words and not new:
        return chosen, {"find_service": _("The directory has no service for these words.")}
    return chosen + [(one, "") for one in new if one.id not in said], {}
