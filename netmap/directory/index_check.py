"""Does the search index hold what the database says? Ids and sums of content, compared one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.documents import all_documents
from netmap.search.facts import digest_of


@dataclass(frozen=True, slots=True)
class Differences:
    """The ids of services that the index lacks, has too many, or knows otherwise; all in order."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    differing: tuple[str, ...]

    def count(self) -> int:
        """Return how many there are in all."""
        return len(self.missing) + len(self.surplus) + len(self.differing)


def true_digests(session: Session, settings: Settings) -> dict[str, str]:
    """Return service id -> sum of the document that the database gives now."""
    return {document.id: digest_of(document) for document in all_documents(session, settings)}


def differences(truth: Mapping[str, str], there: Mapping[str, str]) -> Differences:
    """Return what an index holds otherwise than the database.

    Examples
    --------
    >>> differences({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
    Differences(missing=('a',), surplus=('c',), differing=('b',))
    """
    return Differences(
        tuple(sorted(truth.keys() - there.keys())),
        tuple(sorted(there.keys() - truth.keys())),
        tuple(sorted(one for one in truth.keys() & there.keys() if truth[one] != there[one])),
    )
