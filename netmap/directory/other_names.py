"""Under which further names a service is looked for: its own and its organization's, also former ones."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from netmap.directory.models import Alias, Organization
from netmap.i18n import gettext as _
from netmap.vocabulary import words


class OtherName(NamedTuple):
    """Another name of a service or an organization; ``former`` where it is no longer called so."""

    name: str
    former: bool


_ALIASES = (
    select(Alias.service_id, Alias.organization_id, Alias.name, Alias.kind)
    .where(Alias.removed_in_source.is_(None))
    .where(
        or_(
            Alias.service_id.in_(bindparam("services", expanding=True)),
            Alias.organization_id.in_(bindparam("organizations", expanding=True)),
        )
    )
    .order_by(Alias.name, Alias.id)
)
_BEFORE = (
    select(Organization.successor_id, Organization.name)
    .where(Organization.successor_id.in_(bindparam("organizations", expanding=True)))
    .order_by(Organization.name, Organization.id)
)


def other_names(
    session: Session, services: Collection[str], organizations: Collection[str]
) -> Mapping[str, Sequence[OtherName]]:
    """Return the id of a service or an organization -> its other names, by two SELECTs.

    An organization that took over another one, or was renamed to, is also looked for under that one's name.
    """
    found: dict[str, list[OtherName]] = defaultdict(list)
    owners = {"services": sorted(services), "organizations": sorted(organizations)}
    for service, organization, name, kind in session.execute(_ALIASES, owners):
        for owner in (service, organization):
            if owner:
                found[owner].append(OtherName(name, kind == "former"))
    for successor, name in session.execute(_BEFORE, {"organizations": owners["organizations"]}):
        found[successor or ""].append(OtherName(name, True))
    return found


def names_met(names: Sequence[str | None], others: Sequence[OtherName], met: Collection[str]) -> list[str]:
    """Return in words by which other names something was found, not by its present ones.

    Parameters
    ----------
    names : sequence of str
        How it is called now.
    others : sequence of OtherName
    met : collection of str
        The terms of the question that were met.

    Examples
    --------
    >>> names_met(["House of Hope"], [OtherName("Shelter North", True)], {"shelter", "hope"})
    ['formerly Shelter North']
    >>> names_met(["House of Hope"], [OtherName("Hope Centre", True)], {"hope"})
    []
    """
    present = terms_of(*names)
    told = []
    for other in others:
        if (terms_of(other.name) - present) & set(met):
            said = _("formerly %(name)s", name=other.name)
            told.append(said if other.former else _("also called %(name)s", name=other.name))
    return list(dict.fromkeys(told))


def terms_of(*names: str | None) -> set[str]:
    """Return the terms under which names are kept in the index."""
    return set(words.terms("\n".join(name for name in names if name), words.LANGUAGES))
