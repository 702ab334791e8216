"""What an examination finds: one sentence each, with the way to mend it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

EXAMPLES = 5
ABOUT_RECORDS = frozenset({"dangling", "stale", "duplicate", "impossible"})


@dataclass(frozen=True)
class Finding:
    """One thing that is not well.

    Attributes
    ----------
    check : str
        The check that found it.
    severity : "error", "warning" or "note"
        An error means that something is lost, wrong or open to others; a warning, that it may become so; a
        note is work that waits for people, as in every directory: it is no fault.
    sentence : str
        What is wrong, and how to mend it.
    count : int
        How many rows, files or jobs it is about.
    examples : tuple of str
        Some of them.
    """

    check: str
    severity: Literal["error", "warning", "note"]
    sentence: str
    count: int = 1
    examples: tuple[str, ...] = ()

    @property
    def about(self) -> Literal["installation", "records"]:
        """What it is about: the installation, or what the records say."""
        return "records" if self.check in ABOUT_RECORDS else "installation"

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get."""
        return {
            "check": self.check,
            "severity": self.severity,
            "about": self.about,
            "sentence": self.sentence,
            "count": self.count,
            "examples": list(self.examples),
        }


def some(values: Sequence[object]) -> tuple[str, ...]:
    """Return the first few values as text.

    Examples
    --------
    >>> some([1, 2, 3, 4, 5, 6])
    ('1', '2', '3', '4', '5')
    """
    return tuple(str(value) for value in values[:EXAMPLES])
