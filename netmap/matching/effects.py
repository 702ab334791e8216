"""What a change of a package would do to cases that are known by codes: who would get another package. Pure.

Only the changed package has other numbers than before; so the other packages are asked once, and the old and
the new version of this one are held against the best of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netmap.matching.batch import NOBODY, Best, Clients, best_of, scores_of
from netmap.matching.facts import Client, Library
from netmap.matching.score import DIGITS, READY, WITH_CORRECTION, band, score_all

Strings = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Move:
    """A case that would get another best package or another band; "": no package fits."""

    case: int  # place among the cases
    old: str
    new: str
    old_score: float
    new_score: float

    @property
    def other_package(self) -> bool:
        """Whether the package is another one, and not only its band."""
        return self.old != self.new


@dataclass(frozen=True)
class Fitted:
    """A case that the changed package fits, and how well."""

    case: int
    score: float


@dataclass(frozen=True)
class Effect:
    """What a new version of a package does.

    ``touched`` are the places of the cases whose best package is this one before or after the change: only
    their lines and their way of working can be other ones.
    """

    moves: tuple[Move, ...]
    fitted: tuple[Fitted, ...]
    touched: tuple[int, ...]


def package_effect(
    others: Library, before: Library | None, after: Library | None, clients: Clients
) -> Effect:
    """Return what happens to these clients when one package becomes another version of itself.

    Parameters
    ----------
    others : Library
        All other packages in use.
    before, after : Library or None
        The one package as it is and as it would be; None: there is none (a new or a retired package).
    clients : Clients
        Rows over the same codes as the libraries.
    """
    rest, other_codes = best_of(others, clients), _codes(others)
    old, old_score = _with(rest, other_codes, before, clients)
    new, new_score = _with(rest, other_codes, after, clients)
    code = after.packages[0][0] if after else before.packages[0][0] if before else ""
    moved = np.flatnonzero((old != new) | (_bands(old_score) != _bands(new_score)))
    moves = tuple(
        Move(int(place), str(old[place]), str(new[place]), float(old_score[place]), float(new_score[place]))
        for place in moved
    )
    own = scores_of(after, clients, 0) if after else np.zeros(len(clients))
    fits = np.flatnonzero(_rounded(own) >= WITH_CORRECTION)
    return Effect(
        moves=moves,
        fitted=tuple(Fitted(int(place), float(own[place])) for place in fits),
        touched=tuple(int(place) for place in np.flatnonzero((old == code) | (new == code))),
    )


def _codes(library: Library) -> Strings:
    """Return the codes of the packages and, at the end, "" for nobody."""
    return np.array([*(code for code, _number, _document in library.packages), ""], dtype=np.str_)


def _with(
    rest: Best, codes: Strings, one: Library | None, clients: Clients
) -> tuple[Strings, NDArray[np.float64]]:
    """Return the code and the score of the best package of each client, with this one among the others.

    A package below the lowest band fits nobody: its code is "", its score stays.
    """
    found, score = codes[rest.place], rest.score
    if one is not None:
        code = one.packages[0][0]
        own = best_of(one, clients)
        ahead = _ahead(own, rest, code < found)
        found, score = np.where(ahead, code, found), np.where(ahead, own.score, rest.score)
    return np.where(_rounded(score) >= WITH_CORRECTION, found, ""), score


def _ahead(own: Best, rest: Best, first_by_code: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where ``own`` comes before the best of the rest, as `netmap.matching.score.order` has it."""
    ahead = first_by_code
    for mine, theirs in ((rest.delta, own.delta), (own.coverage, rest.coverage), (own.score, rest.score)):
        gain = np.round(mine, DIGITS) - np.round(theirs, DIGITS)
        ahead = np.where(gain == 0, ahead, gain > 0)
    return np.asarray((own.place != NOBODY) & (ahead | (rest.place == NOBODY)))


def _rounded(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores as they are shown: the band follows what people see."""
    return np.round(score, 1)


def _bands(score: NDArray[np.float64]) -> NDArray[np.intp]:
    shown = _rounded(score)
    return (shown >= READY).astype(np.intp) + (shown >= WITH_CORRECTION)


@dataclass(frozen=True)
class Parts:
    """What a score of one package is made of, for the sentence that says why it changed."""

    score: float
    coverage: float
    fit: float
    optional: float
    kappa: float
    suitable: bool
    critical: bool

    @property
    def band(self) -> str:
        """The band of the score as it is shown."""
        return band(round(self.score, 1))


def parts_of(one: Library | None, client: Client) -> Parts | None:
    """Return the parts of the only package of a library for one client; None without a package."""
    if one is None:
        return None
    scores = score_all(one, client)
    return Parts(
        score=float(scores.score[0]),
        coverage=float(scores.coverage[0]),
        fit=float(scores.fit[0]),
        optional=float(scores.optional[0]),
        kappa=float(scores.kappa[0]),
        suitable=bool(scores.suitable[0]),
        critical=bool(scores.critical[0]),
    )


@dataclass(frozen=True)
class Answer:
    """What netmap answers for one case with one package: way of working, providers, places to go to."""

    package: str
    level: str
    providers: dict[str, str]  # line key -> service id, "" where nobody was found
    types: dict[str, str]  # line key -> service type
    places: frozenset[str] | None = None  # None: not known


@dataclass(frozen=True)
class LineEffect:
    """In how many cases a line of a package loses, gains or changes its provider."""

    package: str
    service_type: str
    lost: int = 0
    gained: int = 0
    other: int = 0


@dataclass(frozen=True)
class AnswerEffect:
    """What changes in the answers: lines, levels (old, new, number of cases), and how many change places."""

    lines: tuple[LineEffect, ...]
    levels: tuple[tuple[str, str, int], ...]
    places: int


def compare_answers(before: Sequence[Answer], after: Sequence[Answer]) -> AnswerEffect:
    """Return what differs between two lists of answers about the same cases.

    Lines are compared where the package is the same; a line that one of the two versions does not have has
    neither lost nor gained anybody. For places two answers count where both are known.
    """
    counts: dict[tuple[str, str], list[int]] = {}
    levels: dict[tuple[str, str], int] = {}
    places = 0
    for old, new in zip(before, after, strict=True):
        if old.level != new.level:
            levels[old.level, new.level] = levels.get((old.level, new.level), 0) + 1
        if None not in (old.places, new.places) and old.places != new.places:
            places += 1
        if old.package != new.package:
            continue
        for key in old.providers.keys() & new.providers.keys():
            was, now = old.providers[key], new.providers[key]
            if was != now:
                count = counts.setdefault((new.package, new.types[key]), [0, 0, 0])
                count[0 if not now else 1 if not was else 2] += 1
    return AnswerEffect(
        lines=tuple(LineEffect(*key, *count) for key, count in sorted(counts.items())),
        levels=tuple((*key, number) for key, number in sorted(levels.items())),
        places=places,
    )
