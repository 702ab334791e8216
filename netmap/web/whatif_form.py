"""The form of one change of a scenario: what was typed as a part of the document, and back."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from netmap.directory.eligibility import Offer
from netmap.i18n import gettext as _
from netmap.network.whatif.scenario_reading import Known

Typed = MultiDict[str, str]

# What the form of each change asks for, in this order.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "add_service": (
        "service_type", "area", "how", "provider", "languages", "hours", "fee", "duration", "capacity",
        "require",
    ),
    "change_service": (
        "service", "accept", "stop_requiring", "languages", "interpreter", "hours", "fee", "duration",
        "capacity", "step_free", "also_in",
    ),
    "change_rule": ("provider", "service_type", "accept", "exclude", "fee"),
    "remove_service": ("service",),
    "close_provider": ("provider",),
    "link": ("one", "other"),
    "unlink": ("one", "other"),
}  # fmt: skip
LISTS = ("languages", "accept", "stop_requiring", "exclude", "require")
NUMBERS = ("fee", "capacity")
TICKS = ("interpreter", "step_free")
TOGETHER = ("how", "provider", "one", "other")  # mean something only with other fields


def verbs() -> list[tuple[str, str]]:
    """Return what can be changed, as choices."""
    return [
        ("add_service", _("A new service")),
        ("change_service", _("Another rule, language, hours, fee or place of a service")),
        ("change_rule", _("A rule for all services of a provider or of a kind")),
        ("remove_service", _("A service ends")),
        ("close_provider", _("A provider closes")),
        ("link", _("Two providers agree to hand clients over")),
        ("unlink", _("Two providers no longer work together")),
    ]


def change_of(typed: Typed, known: Known) -> dict[str, Any]:
    """Return the change that a form describes; what cannot be read stays as it is typed, to be told."""
    verb = typed.get("do", "")
    found: dict[str, Any] = {"do": verb}
    for name in FIELDS.get(verb, ()):
        text = _plain(typed, name)
        if text and name not in TOGETHER:
            found[name] = _value(name, text, typed)
    if "service" in found:
        found["service"] = key_of(found["service"], known.services)
    if verb in ("link", "unlink"):
        ends = (key_of(_plain(typed, name), known.providers) for name in ("one", "other"))
        found["between"] = [end for end in ends if end]
    if provider := _plain(typed, "provider"):
        key = key_of(provider, known.providers)
        new = verb == "add_service" and key not in known.providers
        found["new_provider" if new else "provider"] = key
    if typed.get("how") == "remote" and found.get("area"):
        found["remote"], found["serves"] = True, [found.pop("area")]
    return found


def key_of(text: str, names: Mapping[str, str]) -> str:
    """Return the id of what somebody typed: an id, or a name that only one has; else the text itself."""
    if text in names:
        return text
    same = [key for key, name in names.items() if name.casefold() == text.casefold()]
    return same[0] if len(same) == 1 else text


def with_names(typed: Typed, known: Known) -> Typed:
    """Return what a form shows: providers and services by name where only one is called so."""
    shown = typed.copy()
    for names, fields in ((known.providers, ("provider", "one", "other")), (known.services, ("service",))):
        for field in fields:
            key = typed.get(field, "")
            if key in names and key_of(names[key], names) == key:
                shown[field] = names[key]
    return shown


def field_of(name: str) -> str:
    """Return the field of the form at which an error of the document stands."""
    last = name.split(".")[2] if name.count(".") >= 2 else name
    return {"between": "other", "new_provider": "provider", "serves": "area", "do": "what"}.get(last, last)


def errors_of(fields: Mapping[str, str], number: int) -> dict[str, str]:
    """Return the errors of the change with this number by the fields of the form, then all others."""
    start, found = f"changes.{number}.", {}
    for name, sentence in fields.items():
        told = sentence.split(": ", 1)[-1] if name.startswith(start) else sentence
        found[field_of(name)] = told[:1].upper() + told[1:]
    return found


def apart(verb: str, typed: Typed, errors: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields to be seen first, and those that wait: what an idea does not touch."""
    fields = FIELDS.get(verb, ())
    given = [name for name in fields if name != "service" and (typed.get(name) or name in errors)]
    if verb != "change_service" or not given:
        return fields, ()
    first = ("service", *given)
    return first, tuple(name for name in fields if name not in first)


def spoken(offers: Iterable[Offer]) -> list[str]:
    """Return the languages that are spoken anywhere in the directory."""
    return sorted({code for offer in offers for code in offer.languages or ()})


def named(keys: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return codes with what they are called, by name."""
    return sorted(((key, name(key)) for key in keys), key=lambda pair: (pair[1].casefold(), pair[0]))


def _plain(typed: Typed, name: str) -> str:
    return " ".join(typed.get(name, "").split())


def _value(name: str, text: str, typed: Typed) -> object:
    """Return what was typed as the document has it."""
    if name in LISTS:
        parts = ",".join(typed.getlist(name)).split(",")
        return [part.strip() for part in parts if part.strip()]
    if name == "hours":
        return [part.strip() for part in text.split(";") if part.strip()]
    if name in NUMBERS:
        return _number(text)
    if name in TICKS:
        return True
    return [text] if name == "also_in" else text


def _number(text: str) -> object:
    try:
        return float(text.replace(",", ".").replace("\N{NO-BREAK SPACE}", ""))
    except ValueError:
        return text
