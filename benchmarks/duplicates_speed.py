"""Processor time of a search for duplicates, beside comparing every name with every other.

    python -m benchmarks.duplicates_speed [--records 10000 20000]

Made-up organizations and services, one in twenty of them typed twice. The peer is `rapidfuzz.process.cdist`
over the same names, with one worker: it gives the likeness of all pairs of names and nothing else.
"""

import argparse
import platform
import random
import resource
import time
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from netmap.duplicates.blocking import candidates
from netmap.duplicates.cards import Card, Draft, Table
from netmap.duplicates.finding import pairs_of
from netmap.duplicates.spelling import address_key, letters, phone_key

FIRST = (
    "Warm",
    "Open",
    "Good",
    "New",
    "Second",
    "River",
    "Green",
    "Silver",
    "Quiet",
    "Bright",
    "Old",
    "Little",
)
SECOND = (
    "House",
    "Spring",
    "Bridge",
    "Harbour",
    "Meadow",
    "Lantern",
    "Window",
    "Garden",
    "Mill",
    "Oak",
    "Hill",
)
KINDS = (
    "Centre",
    "Community Center",
    "Clinic",
    "Fund",
    "Shelter",
    "School",
    "Parish",
    "Legal Aid",
    "Library",
)
WORK = (
    "Food pantry",
    "Debt advice",
    "Night beds",
    "Legal help",
    "Job search",
    "Language course",
    "Counselling",
)
TOWNS = tuple(
    f"{one}{two}"
    for one in ("North", "South", "East", "West", "Mid", "Upper")
    for two in ("ford", "field", "port", "wood", "ham")
)
PEER_ROWS = 2_000  # of the peer are measured, the whole is worked out from them
FEW = 50


def made(table: Table, count: int, seed: int = 5) -> list[Card]:
    """Return made-up records, one in twenty typed twice."""
    luck = random.Random(seed)
    drafts: list[Draft] = []
    owners = [_name(luck) for _ in range(max(1, count // 2))]
    while len(drafts) < count:
        town = luck.choice(TOWNS)
        name = (
            _name(luck)
            if table == "organization"
            else f"{luck.choice(WORK)} {luck.choice(('', luck.choice(SECOND)))}"
        )
        draft = Draft(
            f"{len(drafts):08}", name, text=f"Help in {town} for whoever asks, {luck.randint(1, 9**6)}."
        )
        if table == "service":
            number = luck.randrange(len(owners))
            draft.owner, draft.owner_id = owners[number], f"o{number}"
        draft.phones = {phone_key(str(luck.randint(10**9, 10**10)))}
        draft.addresses, draft.cities = (
            {address_key(f"{luck.randint(1, 200)} {luck.choice(SECOND)} Street", town)},
            {letters(town)},
        )
        draft.points = {(50 + luck.random() * 3, 20 + luck.random() * 3)}
        drafts.append(draft)
        if luck.random() < 0.05:
            again = Draft(
                f"{len(drafts):08}", name.replace("Centre", "Ctr").upper(), draft.owner, draft.owner_id
            )
            again.phones, again.addresses, again.points = draft.phones, draft.addresses, draft.points
            drafts.append(again)
    return [draft.card(table) for draft in drafts[:count]]


def _name(luck: random.Random) -> str:
    return f"{luck.choice(FIRST)} {luck.choice(SECOND)} {luck.choice(KINDS)} {luck.choice(TOWNS)}"


def measure(table: Table, count: int) -> None:
    """Print the times for one table."""
    stock = made(table, count)
    begun = time.process_time()
    rows = candidates(stock)
    looked = time.process_time() - begun
    begun = time.process_time()
    found = pairs_of(stock)
    whole = time.process_time() - begun
    print(
        f"{count:6} {table}s: {whole:6.2f} s for {len(found)} pairs, "
        f"of {len(rows)} candidates found in {looked:.2f} s; "
        f"every name with every other: {_peer(stock):7.1f} s"
    )


def _peer(stock: Sequence[Card]) -> float:
    names = [" ".join(card.words) for card in stock]
    begun = time.process_time()
    process.cdist(
        names[:PEER_ROWS], names, scorer=fuzz.token_sort_ratio, dtype=np.uint8, score_cutoff=FEW, workers=1
    )
    return (time.process_time() - begun) * len(names) / min(len(names), PEER_ROWS)


def main() -> None:
    """Measure both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--records", nargs=2, type=int, default=(10_000, 20_000), metavar=("ORGANIZATIONS", "SERVICES")
    )
    chosen = parser.parse_args()
    candidates(made("organization", 100))  # what is imported once does not count
    print(f"Python {platform.python_version()}, one thread")
    for table, count in zip(("organization", "service"), chosen.records, strict=True):
        measure(table, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
