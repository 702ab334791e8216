"""How well duplicates are found; `--write` learns the weights anew.

    python -m benchmarks.duplicates [--write] [--wrong]

Three sets of labelled pairs: judged by hand from real directories, real records changed by a program, made up
by us in four languages. Half of the records of each are learnt from; the figures are those of the other half.
A pair that the search for candidates does not look at counts as not found.
"""

import argparse
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import tomli_w
from scipy.optimize import minimize

from benchmarks.duplicate_changes import changed
from benchmarks.duplicate_pairs import SHARED, Labelled, judged, made_up, pairs_of, read_directories
from netmap.duplicates.blocking import candidates
from netmap.duplicates.cards import TABLES, Card, Table
from netmap.duplicates.features import FEATURES, features
from netmap.duplicates.loading import cards
from netmap.duplicates.model import AGAINST, WEIGHTS, Model, models

STRENGTH = 0.5  # of the pull of the weights towards 0
PRECISE = 0.97  # share of right pairs among those that are "surely" the same, of what is learnt from
WORTH = {"judged": 4.0, "made up": 2.0, "changed": 1.0}  # how much a pair of each kind counts
Sets = dict[Table, tuple[list[Labelled], np.ndarray, np.ndarray]]


def labelled() -> Sets:
    """Return for each table its pairs, their features, and which of them are candidates."""
    session = read_directories()
    pairs = judged() + changed(session)
    own, own_pairs = made_up()
    found: Sets = {}
    for table in TABLES:
        stock = cards(session, table) + [card for card in own if card.table == table]
        mine = list(pairs_of(table, pairs + own_pairs))
        found[table] = (mine, *_rows(stock, mine))
    session.close()
    return found


def _rows(stock: Sequence[Card], pairs: Sequence[Labelled]) -> tuple[np.ndarray, np.ndarray]:
    number = {card.id: row for row, card in enumerate(stock)}
    rows = np.array([sorted((number[pair.first], number[pair.second])) for pair in pairs], np.int64)
    looked = {tuple(pair) for pair in candidates(stock).tolist()}
    return features(stock, rows), np.array([tuple(pair) in looked for pair in rows.tolist()])


def learnt(fed: np.ndarray, same: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Return start and weights of a logistic curve whose weights have the sign of their feature."""

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        told = values[0] + fed @ values[1:]
        chance = 1 / (1 + np.exp(-told))
        error = weight * (np.logaddexp(0, told) - same * told)
        slope = weight * (chance - same)
        pull = STRENGTH * values[1:]
        return error.sum() + 0.5 * pull @ values[1:], np.concatenate([[slope.sum()], fed.T @ slope + pull])

    bounds = [(None, None)] + [(None, 0) if name in AGAINST else (0, None) for name in FEATURES]
    found = minimize(loss, np.zeros(len(FEATURES) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), found.x[1:]


def fitted(pairs: Sequence[Labelled], fed: np.ndarray) -> Model:
    """Return the model of one table, learnt from its half of the pairs."""
    chosen = np.array([pair.in_training() for pair in pairs])
    same = np.array([float(pair.same) for pair in pairs])
    weight = np.array([WORTH[pair.kind] for pair in pairs])[chosen]
    start, weights = learnt(fed[chosen], same[chosen], weight)
    told = Model(start, weights, 0, 0).likelihood(fed[chosen])
    gold = same[chosen] > 0.5
    marks = np.linspace(0.05, 0.97, 93)
    right = np.array([weight[gold & (told >= mark)].sum() for mark in marks])
    said = np.array([weight[told >= mark].sum() for mark in marks])
    precise = marks[right >= PRECISE * said]
    both = (
        5 * right / (4 * weight[gold].sum() + said)
    )  # F2: a pair missed is worse than one looked at in vain
    surely = max(0.5, float(precise.min()))
    return Model(start, weights, round(surely, 2), round(min(surely, float(marks[both.argmax()])), 2))


def interval(hits: int, of: int) -> tuple[float, float]:
    """Return the bounds of a share with 95 per cent (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def figures(pairs: Sequence[Labelled], told: np.ndarray, mark: float) -> dict[str, object]:
    """Return precision, recall and F1 of what is told at or above a mark."""
    gold = np.array([pair.same for pair in pairs], bool)
    said = told >= mark
    right = int((gold & said).sum())
    precision, recall = right / max(1, said.sum()), right / max(1, gold.sum())
    return {
        "pairs": len(pairs),
        "same": int(gold.sum()),
        "precision": round(float(precision), 3),
        "precision_interval": [round(one, 2) for one in interval(right, int(said.sum()))],
        "recall": round(float(recall), 3),
        "recall_interval": [round(one, 2) for one in interval(right, int(gold.sum()))],
        "f1": round(float(2 * precision * recall / max(1e-9, precision + recall)), 3),
    }


def judge(found: Sets, made: dict[Table, Model]) -> dict[str, dict[str, object]]:
    """Return the figures on the half that was not learnt from, by kind and by table."""
    answer: dict[str, dict[str, object]] = {}
    parts: dict[tuple[str, str], list[tuple[Labelled, float]]] = {}
    for mark in ("surely", "perhaps"):
        parts.clear()
        for table, (pairs, fed, looked) in found.items():
            told = np.where(looked, made[table].likelihood(fed), 0.0) - getattr(made[table], mark)
            for pair, value in zip(pairs, told, strict=True):
                if not pair.in_training():
                    for name in (pair.kind, f"{pair.kind}, {table}"):
                        parts.setdefault((mark, name), []).append((pair, value))
        for (_mark, name), rows in sorted(parts.items()):
            answer[f"{mark}, {name}"] = figures(
                [row[0] for row in rows], np.array([row[1] for row in rows]), 0.0
            )
    return answer


def write(made: dict[Table, Model], told: dict[str, dict[str, object]]) -> None:
    """Write the weights with the day and the figures."""
    content: dict[str, object] = {"learnt": datetime.now(UTC).date().isoformat()}
    for table, model in made.items():
        weights = {name: round(float(one), 3) for name, one in zip(FEATURES, model.weights, strict=True)}
        content[table] = {
            "start": round(model.start, 3),
            "surely": model.surely,
            "perhaps": model.perhaps,
            "weights": weights,
        }
    content["figures"] = told
    text = "# Written by `python -m benchmarks.duplicates --write`; see docs/duplicates.md.\n"
    WEIGHTS.write_text(text + tomli_w.dumps(content), encoding="utf-8")


def main() -> None:
    """Say the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="learn the weights anew and write them")
    parser.add_argument("--wrong", action="store_true", help="list what is judged wrongly in the learnt half")
    chosen = parser.parse_args()
    if not SHARED.is_dir():
        print("The real directories are not beside this clone, so there is nothing to judge by.")
        return
    begun = time.perf_counter()
    found = labelled()
    made = {table: fitted(*found[table][:2]) for table in TABLES} if chosen.write else dict(models())
    told = judge(found, made)
    for name, row in told.items():
        print(f"{name:40} {row}")
    for table, (pairs, _fed, looked) in found.items():
        same = np.array([pair.same for pair in pairs])
        print(f"{table}: {looked[same].mean():.3f} of {same.sum()} same pairs are looked at")
    if chosen.wrong:
        _list_wrong(found, made)
    if chosen.write:
        write(made, told)
    print(f"{time.perf_counter() - begun:.1f} s")


def _list_wrong(found: Sets, made: dict[Table, Model]) -> None:
    for table, (pairs, fed, looked) in found.items():
        told = made[table].likelihood(fed)
        for pair, row, value, seen in zip(pairs, fed, told, looked, strict=True):
            if pair.in_training() and (value >= made[table].surely) != pair.same:
                shown = {name: round(float(one), 2) for name, one in zip(FEATURES, row, strict=True) if one}
                print(
                    table,
                    pair.kind,
                    "same" if pair.same else "other",
                    round(float(value), 2),
                    bool(seen),
                    pair.first,
                    pair.second,
                    shown,
                )


if __name__ == "__main__":
    main()
