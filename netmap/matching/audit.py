"""How suggestions are used: how often people decide otherwise, and whether some groups fare worse. Pure.

It looks at the packages and at the work, never at one case: a row about a group needs ten decisions. A
suggestion that is nearly always taken as it is has stopped being judged: clerks in Poland changed 0.58 per
cent of the profiles that a program gave them (Sztandar-Sztanderska and Zielenska 2022).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from netmap.shares import Share

FEWEST = 10  # decisions that a row about a group or a package must have
RARELY, OFTEN = 0.15, 0.40  # between these shares of decisions differ from the suggestion where people judge
LACKS = ("no_provider", "too_far", "wrong_language")  # reasons that speak of what the region lacks


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as the audit sees it."""

    package: str
    best: str | None
    outcome: str
    reason: str
    day: date
    client: Mapping[str, Any]
    added: Sequence[str] = ()
    overrides: Sequence[Mapping[str, str]] = ()

    @property
    def otherwise(self) -> bool:
        """Whether it is not the suggestion: another package, or this one changed or not taken."""
        return self.outcome != "taken" or self.package != self.best

    @property
    def needs(self) -> int:
        """How many needs the client has and sees as theirs."""
        contested = self.client.get("contested", ())
        needs = self.client.get("needs", {})
        return sum(rated["severity"] > 0 for code, rated in needs.items() if code not in contested)


@dataclass(frozen=True, slots=True)
class Row:
    """What happened to the decisions of a package or about a group of people; ``code`` "" are all."""

    code: str
    decisions: int
    otherwise: Share
    uncovered: Share  # of the needs, those that the package taken does not cover
    lacking: Share  # decisions whose reason was that no fit provider was there
    spited: Share  # decisions in which a provider was taken in spite of a failed criterion


@dataclass(frozen=True, slots=True)
class Audit:
    """All rows, and what people decided against: counts by code, the largest first."""

    all: Row
    packages: tuple[Row, ...]
    groups: tuple[Row, ...]
    too_few: int  # groups with decisions, but fewer than are shown
    reasons: tuple[tuple[str, int], ...]
    criteria: tuple[tuple[str, int], ...]
    contested: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, int], ...]

    @property
    def state(self) -> str:
        """Return "few", "rarely", "usual" or "often": how often people decide otherwise."""
        if self.all.decisions < FEWEST:
            return "few"
        low, high = self.all.otherwise.interval
        if high < RARELY:
            return "rarely"
        return "often" if low > OFTEN else "usual"


def audit(decisions: Iterable[Decided], groups: Collection[str]) -> Audit:
    """Return how suggestions were used.

    Parameters
    ----------
    decisions : iterable of Decided
    groups : collection of str
        Circumstances; a group are the clients for whom one of them was "yes".
    """
    rows = list(decisions)
    by_package = _rows(rows, sorted({one.package for one in rows}), lambda one, code: one.package == code)
    found = _rows(rows, groups, lambda one, code: one.client.get("facts", {}).get(code) == "yes")
    return Audit(
        all=_row("", rows),
        packages=tuple(row for row in by_package if row.decisions >= FEWEST),
        groups=tuple(row for row in found if row.decisions >= FEWEST),
        too_few=sum(0 < row.decisions < FEWEST for row in found),
        reasons=_counts(one.reason for one in rows if one.otherwise),
        criteria=_counts(spite["criterion"] for one in rows for spite in one.overrides),
        contested=_counts(code for one in rows for code in one.client.get("contested", ())),
        refused=_counts(code for one in rows for code in one.client.get("refused_types", ())),
    )


def _rows(
    rows: Sequence[Decided], codes: Iterable[str], belongs: Callable[[Decided, str], bool]
) -> list[Row]:
    return [_row(code, [one for one in rows if belongs(one, code)]) for code in codes]


def _row(code: str, rows: Sequence[Decided]) -> Row:
    count = len(rows)
    taken = [one for one in rows if one.outcome != "rejected"]
    return Row(
        code=code,
        decisions=count,
        otherwise=Share(sum(one.otherwise for one in rows), count),
        uncovered=Share(sum(len(one.added) for one in taken), sum(one.needs for one in taken)),
        lacking=Share(sum(one.reason in LACKS for one in rows), count),
        spited=Share(sum(bool(one.overrides) for one in rows), count),
    )


def _counts(codes: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(codes).items(), key=lambda item: (-item[1], item[0])))
