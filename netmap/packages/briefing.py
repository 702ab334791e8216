"""What somebody new to the network has to know of the people in packages: for whom it would work. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from netmap.packages.document import Document
from netmap.packages.lines import Line

MAIN = 5  # problems that are told of the people of a package


@dataclass(frozen=True, slots=True)
class Serving:
    """A package in which certain kinds of service have a line, and the problems that weigh most in it."""

    document: Document
    lines: tuple[Line, ...]
    needs: tuple[str, ...]


def serving(documents: Iterable[Document], types: Collection[str]) -> list[Serving]:
    """Return the packages in which one of the kinds of service serves a line, those with most lines first.

    Examples
    --------
    >>> serving([], {"debt_advice"})
    []
    """
    found = []
    for document in documents:
        lines = tuple(line for line in document.lines if line.service_type in types)
        if lines:
            heaviest = sorted(document.profile, key=lambda code: (-document.profile[code], code))
            found.append(Serving(document, lines, tuple(heaviest[:MAIN])))
    return sorted(found, key=lambda one: (-len(one.lines), one.document.code))
