"""A scenario as a document (JSON, or what a form sent): read with clear errors. Pure.

A document that was kept outlives changes of the directory: `what_is_left` reads what can still be read, and
says of the rest why it cannot.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from netmap.directory.eligibility import Offer
from netmap.i18n import gettext as _
from netmap.network.cells.ground import Area
from netmap.network.whatif.scenario import (
    ALWAYS_OPEN,
    AddService,
    Change,
    ChangeLink,
    ChangeServices,
    CloseProvider,
    RemoveService,
    at,
)
from netmap.network.whatif.scenario_facts import FACTS, read_facts
from netmap.packages.fields import Fields, raise_if
from netmap.vocabulary.terms import vocabulary

MOST_CHANGES = 50
LONGEST_NAME = 80
CONDITIONS = ("accept", "stop_requiring", "require", "exclude")
KEYS = {
    "add_service": (
        "name", "service_type", "area", "latitude", "longitude", "provider", "new_provider", "require",
        "exclude", *FACTS,
    ),
    "remove_service": ("service",),
    "close_provider": ("provider",),
    "change_service": ("service", "also_in", *CONDITIONS, *FACTS),
    "change_rule": ("provider", "service_type", *CONDITIONS, *FACTS),
    "link": ("between",),
    "unlink": ("between",),
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a scenario may name: ids and codes with what they are called; areas with their points.

    ``planned`` are the areas that have cells; ``inside`` gives an area with everything in it; ``owners`` are
    the providers of services.
    """

    services: Mapping[str, str]
    providers: Mapping[str, str]
    owners: Mapping[str, str]
    areas: Mapping[str, str]
    planned: Mapping[str, Area]
    inside: Callable[[str], frozenset[str]]


@dataclass(frozen=True)
class Plan:
    """A scenario that was read: its name, and the changes with the places that they have in the document."""

    name: str
    changes: tuple[Change, ...]
    places: tuple[int, ...]
    new_names: Mapping[str, str]
    problems: tuple[str, ...] = ()


def new_provider(name: str) -> str:
    """Return the id of a provider that is only planned."""
    return f"new:{name}"


def read(values: Mapping[str, object], known: Known) -> Plan:
    """Return the scenario that a document describes.

    Raises
    ------
    Invalid
        With every wrong field; changes count from 0 in field names and from 1 in sentences.
    """
    errors: dict[str, str] = {}
    plan = _read(values, known, errors)
    raise_if(errors, _("The scenario cannot be tried as it is."))
    return plan


def what_is_left(values: Mapping[str, object], known: Known) -> Plan:
    """Return a kept scenario without the changes that name what is gone; ``problems`` say what and why."""
    return _read(values, known, {})


def _read(values: Mapping[str, object], known: Known, errors: dict[str, str]) -> Plan:
    top = Fields(values, errors)
    top.only(("name", "changes"))
    name = top.text("name", LONGEST_NAME)
    raw = top.sequence("changes")
    if not raw:
        top.wrong("changes", _("A scenario needs at least one change."))
    if len(raw) > MOST_CHANGES:
        top.wrong("changes", _("A scenario has at most %(most)s changes; divide it.", most=MOST_CHANGES))
    reading = _Reading(known, raw)
    found: list[tuple[int, Change]] = []
    problems: list[str] = []
    for number, value in enumerate(raw[:MOST_CHANGES]):
        wrong: dict[str, str] = {}
        part = Fields(
            value if isinstance(value, Mapping) else {},
            wrong,
            f"changes.{number}.",
            _("Change %(number)s: ", number=number + 1),
        )
        change = reading.change(part, number)
        if change is not None and not wrong:
            found.append((number, change))
        else:
            problems.append(next(iter(wrong.values())))
        errors.update(wrong)
    return Plan(
        name,
        tuple(change for _number, change in found),
        tuple(number for number, _change in found),
        reading.new_names,
        tuple(problems),
    )


class _Reading:
    """What the changes so far have taken away, and which providers they bring."""

    def __init__(self, known: Known, raw: Sequence[object]) -> None:
        self._known = known
        names = [one.get("new_provider") for one in raw if isinstance(one, Mapping)]
        self._coming = {" ".join(name.split()) for name in names if isinstance(name, str)} - {""}
        self._removed: dict[str, int] = {}
        self._closed: dict[str, int] = {}
        self.new_names: dict[str, str] = {new_provider(name): name for name in self._coming}

    def change(self, part: Fields, number: int) -> Change | None:
        """Return one change; what is wrong is noted in the part."""
        verb = part.code("do", KEYS, _("say under 'do' what is to be changed."))
        if verb not in KEYS:
            return None
        part.only(("do", *KEYS[verb]))
        match verb:
            case "add_service":
                return self._add(part, number)
            case "remove_service":
                service = self._service(part)
                self._removed[service] = number
                return RemoveService(service)
            case "close_provider":
                provider = self._provider(part, "provider", _("name the provider that closes."))
                self._closed[provider] = number
                return CloseProvider(provider)
            case "change_service" | "change_rule":
                return self._services(part, verb)
            case _:
                return self._link(part, linked=verb == "link")

    def _service(self, part: Fields) -> str:
        """Return the id of a service that is there and was not taken away before."""
        key = part.code("service", self._known.services, _("name the service."))
        earlier = self._removed.get(key, self._closed.get(self._known.owners.get(key, key)))
        if earlier is not None:
            told = _(
                "service '%(key)s' is taken away by change %(number)s; take one of the two out.",
                key=key,
                number=earlier + 1,
            )
            part.wrong("service", told)
        return key

    def _provider(self, part: Fields, name: str, missing: str) -> str:
        key = part.code(name, self._known.providers, missing)
        self._check_open(part, name, key)
        return key

    def _check_open(self, part: Fields, name: str, key: str) -> None:
        if key in self._closed:
            told = _(
                "provider '%(key)s' is closed by change %(number)s; take one of the two out.",
                key=key,
                number=self._closed[key] + 1,
            )
            part.wrong(name, told)

    def _add(self, part: Fields, number: int) -> AddService:
        area = part.text("area")
        if area:
            part.check("area", area, self._known.planned)
        spot = part.number("latitude", -90, 90), part.number("longitude", -180, 180)
        remote = part.yes("remote", False)
        if remote and not part.sequence("serves"):
            part.wrong("serves", _("say which areas the help from afar serves."))
        if not remote and not area and None in spot:
            part.wrong("area", _("say in which area it lies, or give latitude and longitude."))
        home = self._known.planned.get(area)
        point = spot if None not in spot else home.point if home else None
        key = f"new-{number + 1}"
        facts = {"fee": 0.0, "duration": "long", "rules": ALWAYS_OPEN, "interpreter": True, "step_free": True}
        if "languages" in part.values:
            facts["interpreter"] = None
        words = vocabulary()
        offer = Offer(
            key,
            self._owner(part),
            None if remote else f"at-{key}",
            None if remote else f"place-{key}",
            types=frozenset(
                {part.code("service_type", words.service_types, _("choose the kind of service."))}
            ),
            status="active",
            name=part.text("name"),
            required=self._codes(part, "require"),
            excluded=self._codes(part, "exclude"),
            **(facts | read_facts(part, self._known.areas, self._known.inside)),  # type: ignore[arg-type]  # each is read by its own rule
        )
        return AddService(at(offer, point), area or None, part.number("capacity", 0, 1_000_000))  # type: ignore[arg-type]

    def _owner(self, part: Fields) -> str | None:
        name = part.text("new_provider")
        if "new_provider" in part.values and not name:
            part.wrong("new_provider", _("name the provider."))
        if name and "provider" in part.values:
            part.wrong("new_provider", _("name either a provider that is there or a new one."))
        if name:
            return new_provider(name)
        if "provider" not in part.values:
            return None
        return self._provider(part, "provider", _("name the provider."))

    def _services(self, part: Fields, verb: str) -> ChangeServices:
        service = self._service(part) if verb == "change_service" else None
        provider = kind = None
        if verb == "change_rule":
            if "provider" in part.values:
                provider = self._provider(part, "provider", _("name the provider."))
            if "service_type" in part.values:
                kind = part.code("service_type", vocabulary().service_types, _("choose the kind of service."))
            if not (provider or kind):
                part.wrong("provider", _("say whose rule it is: a provider, a kind of service, or both."))
        conditions = {name: self._codes(part, name) for name in CONDITIONS}
        facts, capacity = (
            read_facts(part, self._known.areas, self._known.inside),
            part.number("capacity", 0, 1_000_000),
        )
        also_in = part.codes("also_in", self._known.planned)
        if not (any(conditions.values()) or facts or also_in or capacity is not None):
            part.wrong("do", _("say what is to be different: a condition, a language, hours, the fee ..."))
        visits = tuple(self._known.planned[code] for code in also_in if code in self._known.planned)
        return ChangeServices(service, provider, kind, facts, **conditions, also_in=visits, capacity=capacity)

    def _link(self, part: Fields, *, linked: bool) -> ChangeLink:
        ends = []
        for value in part.sequence("between"):
            name = value if isinstance(value, str) else ""
            if name in self._coming:
                ends.append(new_provider(name))
            elif name and part.check("between", name, (*self._known.providers, *self._coming)):
                self._check_open(part, "between", name)
                ends.append(name)
        if len(set(ends)) != 2:
            part.wrong("between", _("name two different providers."))
        return ChangeLink(frozenset(ends), linked)

    def _codes(self, part: Fields, name: str) -> frozenset[str]:
        words = vocabulary()
        return frozenset(part.codes(name, (*words.circumstances, *words.needs)))
