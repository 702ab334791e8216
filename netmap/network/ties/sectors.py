"""To which sector an organization belongs, and which sectors have a bridge between them. Pure.

The sector comes from the kind of organization that is recorded; where that says nothing, from the group that
most of its confirmed types of service stand in. Where neither is known, the sector is not known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

UNKNOWN = "unknown"
SECTORS = (
    "employment", "social", "health", "housing", "debt", "education", "justice", "community", "employers",
    "transport", UNKNOWN,
)  # fmt: skip
OF_KIND = {
    "employment_service": "employment",
    "social_protection": "social",
    "pension_fund": "social",
    "municipality": "social",
    "clinic": "health",
    "housing_agency": "housing",
    "debt_adviser": "debt",
    "school": "education",
    "adult_education": "education",
    "research_centre": "education",
    "police_probation": "justice",
    "ngo": "community",
    "parish": "community",
    "self_help_group": "community",
    "employer": "employers",
    "transport": "transport",
}
OF_GROUP = {
    "work": "employment",
    "learning": "education",
    "money": "debt",
    "housing": "housing",
    "addiction": "health",
    "mind": "health",
    "health": "health",
    "care": "social",
    "family": "social",
    "safety": "social",
    "law": "justice",
    "migration": "social",
    "transport": "transport",
}


@dataclass(frozen=True, slots=True)
class Bridge:
    """The links between two sectors: how many organizations each has, and between which there is a link."""

    one: str
    other: str
    sizes: tuple[int, int]
    links: tuple[tuple[str, str], ...]

    @property
    def missing(self) -> bool:
        """Return whether both sectors are there and nobody of one works with anybody of the other."""
        return not self.links


def sector_of(kind: str | None, groups: Iterable[str] = ()) -> tuple[str, str]:
    """Return the sector of an organization, and what it was told from: "kind", "services" or "".

    Examples
    --------
    >>> sector_of("clinic"), sector_of("other", ["work", "work", "money"]), sector_of(None)
    (('health', 'kind'), ('employment', 'services'), ('unknown', ''))
    """
    if kind in OF_KIND:
        return OF_KIND[kind], "kind"
    counted = Counter(OF_GROUP[group] for group in groups if group in OF_GROUP)
    if not counted:
        return UNKNOWN, ""
    return min(counted, key=lambda sector: (-counted[sector], SECTORS.index(sector))), "services"


def bridges(
    sectors: Mapping[str, str], links: Iterable[tuple[str, str]], among: Iterable[str] | None = None
) -> list[Bridge]:
    """Return each two known sectors that are both there, with the links between them.

    Parameters
    ----------
    sectors : mapping
        Organization -> sector.
    links : iterable of pairs of organizations
    among : iterable of str, optional
        Only these organizations; all where not given.
    """
    chosen = set(sectors if among is None else among)
    sizes = Counter(sectors[one] for one in chosen if sectors.get(one, UNKNOWN) != UNKNOWN)
    across: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for one, other in sorted(tuple(sorted(link)) for link in links):
        if one in chosen and other in chosen:
            across[in_order(sectors[one], sectors[other])].append((one, other))
    present = sorted(sizes, key=SECTORS.index)
    return [
        Bridge(one, other, (sizes[one], sizes[other]), tuple(across[one, other]))
        for one, other in combinations(present, 2)
    ]


def in_order(one: str, other: str) -> tuple[str, str]:
    """Return two sectors in the order of `SECTORS`, so that a pair is always written in one way."""
    return (one, other) if SECTORS.index(one) <= SECTORS.index(other) else (other, one)
