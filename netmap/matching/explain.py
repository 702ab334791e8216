"""Why a package has its score: one sentence per need, then circumstances, then what would change it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from netmap.directory.ages import Fact
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number
from netmap.matching.facts import Client, Library
from netmap.matching.score import (
    COVERED,
    CRITICAL_CAP,
    CRITICAL_SEVERITY,
    DIGITS,
    Scores,
    answered,
    score_all,
    to_drop,
)
from netmap.packages.document import Line, text
from netmap.vocabulary.terms import label

State = Literal["covered", "partly", "added"]


@dataclass(frozen=True)
class NeedRow:
    """What a package does for one need: its weight, how far it is covered, and by which lines (keys).

    Lines are those that address the need itself by half or more, else those that do so through a related
    need.
    """

    need: str
    weight: float
    coverage: float
    lines: tuple[str, ...]

    @property
    def state(self) -> State:
        """Return "covered", "partly" or "added" (not covered, so a line is added)."""
        if self.coverage < COVERED:
            return "added"
        return "covered" if self.coverage >= 1 else "partly"


@dataclass(frozen=True)
class Conditions:
    """The circumstances of a package: met, not known yet, and failed (code, "required" or "excluded")."""

    met: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WhatIf:
    """The one answer that would lift the score most."""

    code: str
    answer: Fact
    score: float


def need_rows(library: Library, client: Client, index: int) -> list[NeedRow]:
    """Return one row for each need of the client, the heaviest first."""
    lines = library.packages[index][2].lines
    rows = []
    for code in sorted(client.has(), key=lambda code: (-client.needs[code].weight, code)):
        rated = client.needs[code]
        covering = _covering(lines, {code: 1.0})
        if not covering:
            covering = _covering(lines, library.near[code])
        rows.append(NeedRow(code, rated.weight, answered(library, index, code), covering))
    return rows


def _covering(lines: Iterable[Line], near: Mapping[str, float]) -> tuple[str, ...]:
    """Return the lines that address a need, or what is near it, by half or more; the largest share first."""
    shares = {
        line.key: max((near.get(need, 0.0) * share for need, share in line.addresses.items()), default=0.0)
        for line in lines
    }
    return tuple(key for key in sorted(shares, key=lambda key: -shares[key]) if shares[key] >= COVERED)


def conditions(library: Library, client: Client, index: int) -> Conditions:
    """Return how the package's circumstances stand for this client."""
    document = library.packages[index][2]
    wanted = [(code, "required") for code in document.required]
    wanted += [(code, "excluded") for code in document.excluded]
    good = {"required": "yes", "excluded": "no"}
    unknown = tuple((code, kind) for code, kind in wanted if client.fact(code) == "unknown")
    failed = tuple((code, kind) for code, kind in wanted if client.fact(code) not in ("unknown", good[kind]))
    met = [code for code, kind in wanted if client.fact(code) == good[kind] == "yes"]
    met += [code for code in document.optional if client.fact(code) == "yes"]
    return Conditions(tuple(met), unknown, failed)


def nearest_what_if(library: Library, client: Client, scores: Scores, index: int) -> WhatIf | None:
    """Return the answer to one open question that lifts the score most; None where none lifts it."""
    open_questions = conditions(library, client, index).unknown
    if not open_questions:
        return None
    alone = library.only(index)
    best, highest = None, float(scores.score[index])
    for code, kind in open_questions:
        answer: Fact = "yes" if kind == "required" else "no"
        told = replace(client, facts={**client.facts, code: answer})
        score = float(score_all(alone, told).score[0])
        if round(score, DIGITS) > round(highest, DIGITS):
            best, highest = WhatIf(code, answer, score), score
    return best


def reasons(
    library: Library,
    client: Client,
    scores: Scores,
    index: int,
    rows: Iterable[NeedRow] | None = None,
    instead: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[str]:
    """Return the explanation of a package as sentences in the reader's language.

    ``rows`` are those of `need_rows`, where they are known already; ``instead`` the lines that another kind
    of service serves than their own.
    """
    rows = need_rows(library, client, index) if rows is None else rows
    return [
        *_about_needs(library, client, index, rows, instead or {}),
        *_about_conditions(library, client, scores, index),
        *_about_lines(library, scores, index),
    ]


def _about_needs(
    library: Library,
    client: Client,
    index: int,
    rows: Iterable[NeedRow],
    instead: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    document = library.packages[index][2]
    types = {line.key: line.service_type for line in document.lines}
    types |= {key: one["type"] for key, one in instead.items()}
    for row in rows:
        services = ", ".join(dict.fromkeys(label(types[key]) for key in row.lines))
        values = {"need": label(row.need), "weight": number(row.weight, 2), "services": services}
        if row.state == "covered":
            yield _("%(need)s (weight %(weight)s): covered by %(services)s", **values)
        elif row.state == "partly":
            yield _("%(need)s (weight %(weight)s): covered in part by %(services)s", **values)
        else:
            yield _("%(need)s (weight %(weight)s): not covered, a line is added", **values)
        if row.state == "added" and client.needs[row.need].severity >= CRITICAL_SEVERITY:
            yield _(
                "%(need)s cannot wait and is not covered: the score stays at %(cap)s at most",
                need=label(row.need),
                cap=number(CRITICAL_CAP),
            )


def _about_conditions(library: Library, client: Client, scores: Scores, index: int) -> Iterator[str]:
    found = conditions(library, client, index)
    reason = text(library.packages[index][2].reason, language())
    for code, kind in found.failed:
        if kind == "required":
            yield _("Not suitable: only for “%(fact)s”. %(reason)s", fact=label(code), reason=reason).strip()
        else:
            yield _("Not suitable: not for “%(fact)s”. %(reason)s", fact=label(code), reason=reason).strip()
    for code in found.met:
        if code in client.has():  # the sentence about this need says so already
            continue
        yield _("Typical here and true: %(fact)s", fact=label(code))
    for code, _kind in found.unknown:
        yield _("Ask: %(fact)s?", fact=label(code))
    what_if = nearest_what_if(library, client, scores, index) if not found.failed else None
    if what_if:
        values = {
            "fact": label(what_if.code),
            "then": number(what_if.score),
            "now": number(float(scores.score[index])),
        }
        if what_if.answer == "yes":
            yield _("If “%(fact)s” is true: %(then)s in place of %(now)s", **values)
        else:
            yield _("If “%(fact)s” is not true: %(then)s in place of %(now)s", **values)


def _about_lines(library: Library, scores: Scores, index: int) -> Iterator[str]:
    document = library.packages[index][2]
    for key in to_drop(library, scores, index):
        line = document.line(key)
        if line is not None:
            yield _("%(service)s: is about nothing that was named", service=label(line.service_type))
