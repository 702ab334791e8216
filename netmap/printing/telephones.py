"""Telephone numbers of a service as paper shows them."""

from collections.abc import Iterable, Sequence

from netmap.directory.models import Phone, Service, ServiceAtLocation
from netmap.i18n import gettext as _

MOST = 4  # more numbers than anybody tries


def telephones(service: Service, places: Sequence[ServiceAtLocation]) -> list[tuple[str, str]]:
    """Return (number, words) of a service: its own and those of its places, else of its organization."""
    own = [*service.phones, *(row for place in places for row in place.phones or place.location.phones)]
    organization = service.organization.phones if service.organization else []
    return list(_told(own) or _told(organization))[:MOST]


def _told(rows: Iterable[Phone]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for row in rows:
        number = " ".join(row.number.split())
        if (row.type or "").casefold() == "fax" or not number:
            continue
        words = number
        if row.extension:
            words += f" ({_('extension %(number)s', number=row.extension)})"
        if row.description:
            words += f" {row.description}"
        found.setdefault(number, words)
    return list(found.items())
