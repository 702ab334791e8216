"""What an examination finds: one sentence each, with the way to mend it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

EXAMPLES = 5


@dataclass(frozen=True)
class Finding:
    """One thing that is not well.

    Attributes
    ----------
    check : str
        The check that found it.
    severity : "error" or "warning"
        An error means that something is lost, wrong or open to others; a warning, that it may become so.
    sentence : str
        What is wrong, and how to mend it.
    count : int
        How many rows, files or jobs it is about.
    examples : tuple of str
        Some of them.
    """

    check: str
    severity: Literal["error", "warning"]
    sentence: str
    count: int = 1
    examples: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get."""
        return {
            "check": self.check,
            "severity": self.severity,
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
