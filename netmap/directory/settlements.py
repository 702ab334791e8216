"""Towns and villages with a point on the map: what distances are counted from and maps are labelled with."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from netmap.directory.models import Area


@dataclass(frozen=True, slots=True)
class Settlement:
    """A place where people live; ``people`` is 0 where nobody knows how many."""

    code: str
    name: str
    point: tuple[float, float]
    people: int


def settlements(session: Session, language: str) -> Mapping[str, Settlement]:
    """Return the settlements by code, in the order of their names in a language.

    A whole county is none: what has others inside and nothing around it.
    """
    inside = aliased(Area)
    query = select(Area.code, Area.name, Area.names, Area.latitude, Area.longitude, Area.population)
    query = query.where(Area.latitude.is_not(None), Area.longitude.is_not(None))
    county = Area.parent_code.is_(None) & select(inside.code).where(inside.parent_code == Area.code).exists()
    found = [
        Settlement(
            row.code, row.names.get(language) or row.name, (row.latitude, row.longitude), row.population or 0
        )
        for row in session.execute(query.where(~county))
    ]
    return {one.code: one for one in sorted(found, key=lambda one: (one.name.casefold(), one.code))}
