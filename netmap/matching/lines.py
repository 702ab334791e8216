"""The lines of a package as they are wanted for one client. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, cast

from netmap.directory.eligibility import Duration
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching.facts import Client, Override
from netmap.matching.providers import URGENT
from netmap.packages.document import Line, Substitute, text
from netmap.vocabulary.terms import label, vocabulary


class Serves(NamedTuple):
    """What decides who may serve a line: equal kinds have equal offers."""

    service_type: str
    duration: Duration | None
    urgent: bool
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """One line to be served: of the package, or added for a need that the package does not cover."""

    key: str
    need: str  # of this person, where the line helps with any of theirs
    service_type: str
    goal: str
    duration: Duration | None
    urgent: bool
    added: bool = False
    dropped: bool = False
    required: bool = True
    start_day: int = 0
    after: tuple[str, ...] = ()
    weight: float = 1.0  # what the needs that it is about weigh for this client
    overrides: tuple[Override, ...] = ()
    refused: bool = False  # the person does not want the line's own kind of service
    substitutes: tuple[Substitute, ...] = ()  # without those that the person does not want either
    instead_of: str | None = None  # the line's own kind, where a substitute serves it
    share: float = 1.0  # how much of what the line is about that substitute takes over

    @property
    def serves(self) -> Serves:
        """The kind of help, as far as the choice of a provider depends on it."""
        return Serves(self.service_type, self.duration, self.urgent, self.overrides)


def of_package(line: Line, client: Client, dropped: bool) -> Wanted:
    """Return a line of the package as it is wanted for this client."""
    return Wanted(
        key=line.key,
        need=_about(line, client),
        service_type=line.service_type,
        goal=text(line.goal, language()),
        duration=cast(Duration, line.duration) if line.duration in ("once", "long") else None,
        urgent=any(_is_urgent(client, code) for code in line.addresses),
        dropped=dropped,
        required=line.required,
        start_day=line.start_day,
        after=line.after,
        weight=max((_weight(client, code) * share for code, share in line.addresses.items()), default=0.0),
        overrides=_overrides(client, line.key),
        refused=line.service_type in client.refused_types,
        substitutes=tuple(one for one in line.substitutes if one.service_type not in client.refused_types),
    )


def _about(line: Line, client: Client) -> str:
    """Return the need of this person that a line is about: its own, else the one that it helps with most.

    A paper must not tell people of a problem that they do not have. A line that helps with none of theirs
    keeps its own need.
    """
    if _weight(client, line.need):
        return line.need
    helped = {code: _weight(client, code) * share for code, share in line.addresses.items()}
    best = max(helped, key=lambda code: helped[code], default=line.need)
    return best if helped.get(best) else line.need


def added(need: str, client: Client, there: Collection[str]) -> Wanted:
    """Return the line that is added for a need, with a service that usually helps and is not there yet."""
    key = f"add_{need.replace('.', '_')}"
    service_type = default_type(need, {*there, *client.refused_types})
    return Wanted(
        key=key,
        need=need,
        service_type=service_type,
        goal=_("Help is there for: %(need)s", need=label(need)),
        duration=None,
        urgent=_is_urgent(client, need),
        added=True,
        weight=_weight(client, need),
        overrides=_overrides(client, key),
        refused=service_type in client.refused_types,
    )


def _overrides(client: Client, key: str) -> tuple[Override, ...]:
    return tuple(one for one in client.overrides if one.line == key)


def default_type(need: str, there: Collection[str]) -> str:
    """Return the service that usually helps with a need, "" where the vocabulary names none.

    It is the first that is not ``there`` in another line; where all are, the first.
    """
    types = vocabulary().needs[need].service_types
    return next((code for code in types if code not in there), types[0] if types else "")


def _weight(client: Client, need: str) -> float:
    return client.needs[need].weight if need in client.needs and need not in client.contested else 0.0


def _is_urgent(client: Client, need: str) -> bool:
    rated = client.needs.get(need)
    return rated is not None and rated.severity > 0 and rated.urgency >= URGENT
