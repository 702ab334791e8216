"""How well each package fits one client: two numbers that a worker understands, put together. Pure.

Coverage C is the share of the client's weighted needs that the package answers; fit F the share of the
package's profile that the client has. ``S = 100 T (0.85 + 0.15 O) kappa`` with ``T = 5 F C / (4 F + C)``.
It is an index for ordering packages for one client: not a probability, and never for comparing clients.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netmap.directory.ages import AGE_BANDS
from netmap.matching.facts import Bools, Client, Floats, Library

READY, WITH_CORRECTION = 75.0, 50.0
CRITICAL_CAP, CRITICAL_SEVERITY, COVERED = 60.0, 3, 0.5
SMALL, MODERATE = 0.25, 0.5
PAIR_COST, PAIR_GAIN, SHORTLIST, PAIRS = 5.0, 10.0, 30, 3
PER_UNKNOWN, LOWEST_KAPPA = 0.9, 0.7
DIGITS = 9  # scores that differ by less are equal; sums in another order must not decide


@dataclass(frozen=True)
class Scores:
    """The numbers of all packages for one client, in the order of the library."""

    score: Floats
    open_score: Floats  # what the score would be if no required or excluded fact stood against it
    coverage: Floats
    fit: Floats
    optional: Floats
    kappa: Floats
    suitable: Bools
    critical: Bools  # a need with severity 3 is not covered
    delta: Floats
    dropped: Bools  # per line of the library; an add-on goes with its main line
    on_track: Bools  # the packages of the client's track, all where none is given


@dataclass(frozen=True)
class Pair:
    """Two packages that together serve the client clearly better than the best single one."""

    first: int
    second: int
    score: float
    gain: float


@dataclass(frozen=True)
class View:
    """The client in the order of the library; in `netmap.matching.batch` with a row for each of many."""

    weight: Floats
    has: Bools
    critical: Bools
    softened: Floats  # m~ of the formulas
    yes: Floats
    no: Floats


def view_of(library: Library, client: Client) -> View:
    """Return the client in the order of the library."""
    weight, severity = np.zeros(len(library.needs)), np.zeros(len(library.needs))
    for code in client.has():
        rated = client.needs[code]
        weight[library.need_at[code]], severity[library.need_at[code]] = rated.weight, rated.severity
    yes, no = np.zeros(len(library.facts)), np.zeros(len(library.facts))
    for code in {*client.facts, *client.needs, *AGE_BANDS} & library.fact_at.keys():
        fact = client.fact(code)
        yes[library.fact_at[code]], no[library.fact_at[code]] = fact == "yes", fact == "no"
    there = np.flatnonzero(severity)
    met = np.minimum(1.0, severity[there] / 2)
    return View(
        weight=weight,
        has=severity > 0,
        critical=severity >= CRITICAL_SEVERITY,
        softened=(library.related[:, there] * met).max(axis=1, initial=0.0),
        yes=yes,
        no=no,
    )


def _dot(matrix: Floats, vector: Floats) -> Floats:
    """Return matrix times vector over the columns that count.

    A client has few needs and told facts, and a product without threads does not suffer on a busy machine.
    """
    columns = np.flatnonzero(vector)
    return np.asarray(np.einsum("ij,j->i", matrix[:, columns], vector[columns]))


def score_all(library: Library, client: Client) -> Scores:
    """Return the scores of every package; all are 0 for a client without needs.

    References
    ----------
    Van Rijsbergen, C. J. (1979). Information Retrieval, 2nd ed. (the F measure; here beta = 2).
    """
    view = view_of(library, client)
    coverage = share(_dot(library.covers, view.weight), view.weight.sum())
    fit = share(_dot(library.profile, view.softened), library.profile_sums)
    optional = _optional(library, view)
    unknown = library.deciding_counts - _dot(library.deciding, view.yes + view.no)
    kappa = np.maximum(LOWEST_KAPPA, PER_UNKNOWN**unknown)
    suitable = _dot(library.required, view.no) + _dot(library.excluded, view.yes) == 0
    critical = _any(library.covers[:, view.critical] < COVERED)
    open_score = total(coverage, fit, optional, kappa, critical)
    delta, dropped = _correction(library, view)
    return Scores(
        score=np.where(suitable, open_score, 0.0),
        open_score=open_score,
        coverage=coverage,
        fit=fit,
        optional=optional,
        kappa=kappa,
        suitable=suitable,
        critical=critical,
        delta=delta,
        dropped=dropped,
        on_track=(library.tracks == client.track)
        if client.track
        else np.ones(len(library.packages), dtype=np.bool_),
    )


def _any(table: Bools) -> Bools:
    return np.asarray(table.any(axis=1), dtype=np.bool_)


def share(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, and 0 where the whole is 0: an empty profile fits nobody."""
    whole = np.broadcast_to(np.asarray(whole, dtype=float), part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _optional(library: Library, view: View) -> Floats:
    count = library.optional_counts
    points = 0.5 * (count + _dot(library.optional, view.yes - view.no))  # yes 1, unknown .5, no 0
    optional: Floats = np.divide(points, count, out=np.ones_like(count), where=count > 0)
    return optional


def total(coverage: Floats, fit: Floats, optional: Floats, kappa: Floats, critical: Bools) -> Floats:
    """Return the scores that follow from their parts."""
    together = share(5 * fit * coverage, 4 * fit + coverage)
    score = 100 * together * (0.85 + 0.15 * optional) * kappa
    return np.where(critical, np.minimum(score, CRITICAL_CAP), score)


def _correction(library: Library, view: View) -> tuple[Floats, Bools]:
    """Return delta of every package and, for every line, whether it is about nothing that the client has.

    Add-ons are no steps: they count neither among those dropped nor among those that are there.
    """
    count = len(library.packages)
    useless = _dot(library.touches, view.has.astype(float)) == 0
    dropped = useless & useless[library.main]
    drops = np.bincount(library.owner, weights=dropped & library.steps, minlength=count)
    adds = (library.covers[:, view.has] < COVERED).sum(axis=1).astype(float)
    drops = drops.astype(float)  # of nothing at all it would be whole numbers
    return share(adds + drops, library.step_counts + adds), dropped


def order(library: Library, scores: Scores, limit: int | None = None) -> list[int]:
    """Return the places of the packages that have a score, the best first.

    Equal scores: the larger coverage, then the smaller correction, then the code. Packages of another track
    than the client's are left out.
    """
    keys = (np.arange(len(library.packages)), scores.delta, -scores.coverage, -scores.score)
    best = np.lexsort(tuple(np.round(key, DIGITS) for key in keys))
    places: list[int] = best[((scores.score > 0) & scores.on_track)[best]][:limit].tolist()
    return places


def band(score: float) -> str:
    """Return "ready", "correction" or "no package" for a score.

    Examples
    --------
    >>> band(96.8), band(74.9), band(49.9)
    ('ready', 'correction', 'no package')
    """
    if score >= READY:
        return "ready"
    return "correction" if score >= WITH_CORRECTION else "no package"


def size(delta: float) -> str:
    """Return "small", "moderate" or "large" for a correction; a large one is not a standard case."""
    if delta <= SMALL:
        return "small"
    return "moderate" if delta <= MODERATE else "large"


def to_add(library: Library, client: Client, index: int) -> list[str]:
    """Return the client's needs that the package does not cover, the heaviest first."""
    return [code for code in _heaviest(client) if answered(library, index, code) < COVERED]


def to_adjust(library: Library, client: Client, index: int) -> list[str]:
    """Return the client's needs that the package covers in part, the heaviest first."""
    return [code for code in _heaviest(client) if COVERED <= answered(library, index, code) < 1]


def to_drop(library: Library, scores: Scores, index: int) -> list[str]:
    """Return the keys of the steps that are about nothing the client has: proposed, never done in silence."""
    lines = library.packages[index][2].lines
    left_out = set(without_use(library, scores, index))
    return [line.key for line in lines if line.key in left_out and not line.beside]


def without_use(library: Library, scores: Scores, index: int) -> list[str]:
    """Return the keys of all lines that are about nothing the client has, add-ons among them.

    An add-on goes with its main line, unless the client has a need that it is about itself.
    """
    dropped = scores.dropped[library.owner == index]
    lines = library.packages[index][2].lines
    return [line.key for line, drop in zip(lines, dropped, strict=True) if drop]


def _heaviest(client: Client) -> list[str]:
    return sorted(client.has(), key=lambda code: (-client.needs[code].weight, code))


def answered(library: Library, index: int, code: str) -> float:
    """Return how far a package answers a need, 0 to 1: by lines about it, or about one that is related."""
    return float(library.covers[index, library.need_at[code]])


def best_pairs(library: Library, client: Client, scores: Scores) -> list[Pair]:
    """Return the pairs that beat the best single package by ten points or more, the best first.

    The candidates are the best packages by score and those that cover most of what the best one leaves open.
    """
    best = order(library, scores, SHORTLIST)
    if not best:
        return []
    view = view_of(library, client)
    left = view.weight * (1 - library.covers[best[0]]).clip(0)
    residual = np.where(scores.suitable & scores.on_track, _dot(library.covers, left), 0.0)
    also = np.lexsort((np.arange(len(residual)), -np.round(residual, DIGITS)))[:SHORTLIST]
    shortlist = sorted({*best, *(int(place) for place in also if residual[place] > 0)})
    first, second = np.triu_indices(len(shortlist), k=1)
    if not len(first):
        return []
    totals = _pair_scores(library, view, scores, np.array(shortlist)[first], np.array(shortlist)[second])
    gains = totals - scores.score[best[0]]
    pairs = []
    for place in np.argsort(-np.round(totals, DIGITS), kind="stable")[:PAIRS].tolist():
        if round(float(gains[place]), DIGITS) >= PAIR_GAIN:
            one, other = _best_first(scores, shortlist[first[place]], shortlist[second[place]])
            pairs.append(Pair(one, other, float(totals[place]), float(gains[place])))
    return pairs


def _pair_scores(
    library: Library, view: View, scores: Scores, first: NDArray[np.intp], second: NDArray[np.intp]
) -> Floats:
    needs = np.flatnonzero(view.has)
    covers = np.maximum(library.covers[np.ix_(first, needs)], library.covers[np.ix_(second, needs)])
    profile = np.maximum(library.profile[first], library.profile[second])
    totals = total(
        share(_dot(covers, view.weight[needs]), view.weight.sum()),
        share(_dot(profile, view.softened), profile.sum(axis=1)),
        (scores.optional[first] + scores.optional[second]) / 2,
        np.minimum(scores.kappa[first], scores.kappa[second]),
        _any(covers[:, view.critical[needs]] < COVERED),
    )
    return totals - PAIR_COST


def _best_first(scores: Scores, one: int, other: int) -> Sequence[int]:
    return sorted((one, other), key=lambda place: (-round(float(scores.score[place]), DIGITS), place))
