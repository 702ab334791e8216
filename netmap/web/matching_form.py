"""Between the fields of the form and the client of the JSON contract, in both directions without loss."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from netmap.directory.ages import AGE_BANDS
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.intake_wishes import TRACKS
from netmap.matching.strengths import strengths
from netmap.vocabulary.terms import vocabulary
from netmap.web.matching_week import hours_from, typed_from_hours

CLIENT_LANGUAGES = ("lt", "ru", "uk", "en", "pl", "es")
SAFETY_SEVERITY, SAFETY_URGENCY = 3, 2  # of a yes to a question about safety, until somebody says otherwise
SPOKEN = re.compile(r"speaks-([a-z]{2,3})")
SERVICE = re.compile(r"service-(.{1,250})")
LISTS = ("refused", "wanted")  # services by id
ALWAYS = ("needs", "facts", "languages", "max_km", "budget", "most_places")  # a zero says something, too
KEPT = ("overrides", "chosen")  # set by hand on the page of packages; the form only carries them


def client_from(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the client of the JSON contract from the fields of the form.

    Raises
    ------
    Invalid
        With the field, for what cannot be read or where no need was chosen.
    """
    errors: dict[str, str] = {}
    needs, facts = needs_and_facts(typed)
    client: dict[str, Any] = {
        "needs": needs,
        "facts": facts,
        "languages": spoken(typed),
        "contested": [code for code in needs if typed.get(f"theirs-{code}") == "no"],
        "strengths": [code for code in strengths() if typed.get(f"strong-{code}")],
        "refused_types": [code for code in vocabulary().service_types if typed.get(f"unwanted-{code}")],
    }
    for name in LISTS:
        client[name] = sorted(key for key, said in services_in(typed) if said == name)
    for name in ("long_term", "needs_company"):
        client[name] = bool(typed.get(name))
    if typed.get("area"):
        client["area"] = typed["area"]
    if typed.get("track") in TRACKS:
        client["track"] = typed["track"]
    _numbers(typed, client, errors)
    try:
        client["hours"] = hours_from(typed)
    except Invalid as error:
        errors |= error.fields
    client |= _kept(typed)
    if not any(rated["severity"] for rated in needs.values()):
        errors["needs"] = _("Choose at least one need and how serious it is.")
    if errors:
        raise Invalid(_("The form cannot be used yet."), errors)
    return {name: value for name, value in client.items() if value or name in ALWAYS}


def spoken(typed: Mapping[str, str]) -> list[str]:
    """Return the languages that are ticked, those that the form always offers first."""
    codes = [found[1] for name in typed if typed[name] and (found := SPOKEN.fullmatch(name))]
    return sorted(codes, key=lambda code: (code not in CLIENT_LANGUAGES, code))


def needs_and_facts(typed: Mapping[str, str]) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """Return the needs that were answered, and the facts without those needs."""
    needs = dict(_needs(typed))
    return needs, {code: answer for code, answer in _facts(typed) if code not in needs}


def _needs(typed: Mapping[str, str]) -> Iterator[tuple[str, dict[str, int]]]:
    for code, need in vocabulary().needs.items():
        severity, urgency = typed.get(f"severity-{code}", ""), typed.get(f"urgency-{code}", "")
        if need.safety and f"safe-{code}" in typed:
            if typed[f"safe-{code}"] != "yes":
                continue
            severity = severity if severity in {"1", "2", "3"} else str(SAFETY_SEVERITY)
            urgency = urgency or str(SAFETY_URGENCY)
        if severity in {"0", "1", "2", "3"}:
            soon = int(urgency) if urgency in {"0", "1", "2"} else 0
            yield code, {"severity": int(severity), "urgency": soon if severity != "0" else 0}


def _facts(typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    age = typed.get("age", "")
    if age in AGE_BANDS:
        yield from age_facts(age).items()
    for code in (*vocabulary().circumstances, *vocabulary().needs):
        if code in AGE_BANDS and age in AGE_BANDS:
            continue
        answer = typed.get(f"fact-{code}")
        if typed.get(f"safe-{code}") in {"yes", "no"}:
            answer = typed[f"safe-{code}"]
        if answer in {"yes", "no"}:
            yield code, answer


def age_facts(band: str) -> dict[str, str]:
    """Return what an age band says; the one without a circumstance of its own is what the others are not.

    Examples
    --------
    >>> age_facts("age_65_plus"), sorted(set(age_facts("age_30_54").values()))
    ({'age_65_plus': 'yes'}, ['no'])
    """
    known = vocabulary().circumstances
    return {band: "yes"} if band in known else {code: "no" for code in AGE_BANDS if code in known}


def age_of(facts: Mapping[str, str]) -> str:
    """Return the age band that the facts name, "" where they leave several open.

    Examples
    --------
    >>> age_of({"age_65_plus": "yes", "age_18_29": "no"}), age_of({"age_65_plus": "no"})
    ('age_65_plus', '')
    """
    told = {code: facts[code] for code in AGE_BANDS if facts.get(code) in ("yes", "no")}
    yes = [code for code, answer in told.items() if answer == "yes"]
    if len(yes) == 1:
        return yes[0]
    return "age_30_54" if told and told == age_facts("age_30_54") else ""


def services_in(typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give the id of every service of the form, and whether it is refused or wanted ("": neither)."""
    for name, said in typed.items():
        if found := SERVICE.fullmatch(name):
            yield found[1], said


def _numbers(typed: Mapping[str, str], client: dict[str, Any], errors: dict[str, str]) -> None:
    kinds = (
        ("max_km", float, _("Enter kilometres as a number, for example 20.")),
        ("budget", float, _("Enter money as a number, for example 10, or leave it empty.")),
        ("most_places", int, _("Enter a whole number of places, for example 2, or leave it empty.")),
    )
    for name, kind, sentence in kinds:
        text = typed.get(name, "").strip().replace(",", ".")
        if text:
            try:
                client[name] = kind(text)
            except ValueError:
                errors[name] = sentence


def _kept(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what was set by hand before; if somebody changed it, the reading of the client will say so."""
    try:
        kept = json.loads(typed.get("kept") or "{}")
    except (ValueError, RecursionError):
        kept = {}
    return {name: kept[name] for name in KEPT if isinstance(kept, dict) and kept.get(name)}


def typed_from(client: Mapping[str, Any]) -> dict[str, str]:
    """Return form fields from a client that was read, so that the form can be opened again as it was."""
    typed = {"area": str(client.get("area") or ""), "track": str(client.get("track") or "")}
    words = vocabulary().needs
    for code, entry in client["needs"].items():
        typed[f"severity-{code}"] = str(entry["severity"])
        typed[f"urgency-{code}"] = str(entry.get("urgency", 0))
        if words[code].safety:
            typed[f"safe-{code}"] = "yes" if entry["severity"] else "no"
    facts = client.get("facts") or {}
    typed["age"] = age_of(facts)
    for code, answer in facts.items():
        if code in AGE_BANDS and typed["age"]:
            continue
        typed[f"{'safe' if code in words and words[code].safety else 'fact'}-{code}"] = answer
    for prefix, name in (("speaks", "languages"), ("strong", "strengths"), ("unwanted", "refused_types")):
        typed |= {f"{prefix}-{code}": "yes" for code in client.get(name) or ()}
    typed |= {f"theirs-{code}": "no" for code in client.get("contested") or ()}
    for name in LISTS:
        typed |= {f"service-{key}": name for key in client.get(name) or ()}
    typed |= {name: "yes" for name in ("long_term", "needs_company") if client.get(name)}
    for name in ("max_km", "budget", "most_places"):
        if client.get(name) is not None:
            typed[name] = f"{client[name]:g}"
    if kept := {name: client[name] for name in KEPT if client.get(name)}:
        typed["kept"] = json.dumps(kept)
    return typed | typed_from_hours(client.get("hours") or ())


def client_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the client that travels from page to page as JSON.

    Raises
    ------
    Invalid
        If it did not come, or is no client.
    """
    try:
        client = json.loads(typed.get("client", ""))
        json.dumps(client, ensure_ascii=False).encode()  # half a surrogate pair cannot be shown
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The needs did not come with the form. Start again from the needs page.")) from error
    if not isinstance(client, dict) or not isinstance(client.get("needs"), dict):
        raise Invalid(_("The needs did not come with the form. Start again from the needs page."))
    return client


def place_of(name: str) -> str:
    """Return the part of the form where an error about a field of the client is shown.

    Examples
    --------
    >>> place_of("facts.age_65_plus"), place_of("needs.fin.food.severity"), place_of("hours.0.to")
    ('age', 'severity-fin.food', 'hours_also')
    >>> place_of("wanted"), place_of("max_km")
    ('services', 'max_km')
    """
    first, _dot, rest = name.partition(".")
    if first == "facts":
        return "age" if rest in AGE_BANDS else f"fact-{rest}"
    if first == "needs" and rest:
        return "severity-" + re.sub(r"\.(severity|urgency)$", "", rest)
    return {"hours": "hours_also", "refused": "services", "wanted": "services"}.get(first, first)
