"""Two editions of a real directory, the later one made of the earlier by changes that are all known.

Some real records are kept out of the first edition, so that what comes in the second is as real as what goes.
"""

import csv
import random
from dataclasses import dataclass, field
from pathlib import Path

Rows = list[dict[str, str]]
CORE = {"organizations": "organization_id", "services": "service_id", "locations": "location_id"}
TABLES = {"organizations": "organization", "services": "service", "locations": "location"}
MORE = ("Program", "Center", "Services", "(new)", "of Washington", "Team", "Office", "Initiative")
NEW_NAMES = ("Bright Path", "Next Step Hub", "Open Door", "Harbour Line", "First Light", "Common Ground")


@dataclass
class Truth:
    """What was done, by table: old key -> new key, keys that came and went, and fields that changed."""

    rekeyed: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in CORE})
    renamed: dict[str, dict[str, tuple[str, str]]] = field(
        default_factory=lambda: {name: {} for name in CORE}
    )
    changed: dict[str, dict[str, set[str]]] = field(default_factory=lambda: {name: {} for name in CORE})
    removed: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in CORE})
    added: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in CORE})


def read(folder: Path) -> dict[str, Rows]:
    """Return the CSV files of a folder by name."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def write(folder: Path, files: dict[str, Rows]) -> Path:
    """Write files as CSV and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        if rows:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
    return folder


def without(files: dict[str, Rows], gone: dict[str, set[str]]) -> dict[str, Rows]:
    """Return the files without some records and whatever names them."""
    kept = {}
    for name, rows in files.items():
        columns = [(column, gone[core]) for core, column in CORE.items()]
        kept[name] = [
            dict(row)
            for row in rows
            if row.get("id") not in gone.get(name, ())
            and not any(row.get(column) in ids for column, ids in columns)
        ]
    return kept


def editions(
    files: dict[str, Rows], seed: int, share: float = 0.03, *, hard: bool = True
) -> tuple[dict[str, Rows], dict[str, Rows], Truth]:
    """Return the first edition, the second one and what was done between them.

    Of each kind of record the given share comes, the same share goes, twice as many get another key, and as
    many another name or other words under their key. An organization that comes or goes takes what it offers
    along; one that shares a service with others stays. In a hard one a record may have another key and a
    wholly other name at once.
    """
    chance, truth = random.Random(seed), Truth()
    shared = {key for row in files["services"] for key in row["organization_id"].split(",")[1:]}
    shared |= {
        row["organization_id"].split(",")[0] for row in files["services"] if "," in row["organization_id"]
    }
    out = {name: _some(files[name], name, shared, share, chance) for name in CORE}
    first = without(files, out)
    left = {name: {row["id"] for row in first[name]} for name in CORE}
    truth.added = {name: {row["id"] for row in files[name]} - left[name] for name in CORE}
    living = {name: [row["id"] for row in first[name]] for name in CORE}
    gone = {name: _some(first[name], name, shared, share, chance) for name in CORE}
    second = without(files, gone)
    left = {name: {row["id"] for row in second[name]} for name in CORE}
    truth.removed = {name: set(ids) - left[name] for name, ids in living.items()}
    truth.added = {name: ids & left[name] for name, ids in truth.added.items()}
    for name, column in CORE.items():
        staying = sorted(left[name] - truth.added[name])
        by_key = {row["id"]: row for row in second[name]}
        picked = chance.sample(staying, round(len(staying) * share * 4))
        half = len(picked) // 2
        for key in picked[:half]:
            _rekey(name, column, by_key[key], second, chance, truth, hard)
        for key in picked[half:]:
            _edit(name, by_key[key], chance, truth)
    for name in CORE:
        chance.shuffle(second[name])
    return first, second, truth


def _some(rows: Rows, name: str, shared: set[str], share: float, chance: random.Random) -> set[str]:
    ids = [row["id"] for row in rows if row["id"] not in shared]
    return set(chance.sample(ids, round(len(ids) * share / (3 if name == "organizations" else 1))))


def _rekey(
    name: str,
    column: str,
    row: dict[str, str],
    files: dict[str, Rows],
    chance: random.Random,
    truth: Truth,
    hard: bool,
) -> None:
    """Give a record another key everywhere, often with other words too."""
    old, new = row["id"], f"n{chance.randrange(10**12)}"
    truth.rekeyed[name][old] = new
    row["id"] = new
    for rows in files.values():
        for other in rows:
            if old in other.get(column, "").split(","):
                other[column] = ",".join(new if key == old else key for key in other[column].split(","))
    kind = chance.random()
    if 0.4 < kind <= 0.7:
        row["name"] = lightly(row["name"], chance)
    elif 0.7 < kind <= 0.85:
        row["description"] = worded(row["description"], chance)
    elif hard and kind > 0.85 and (row["description"].strip() or _is_known(name, new, files)):
        row["name"] = f"{chance.choice(NEW_NAMES)} {chance.choice(MORE)}"


def _is_known(name: str, key: str, files: dict[str, Rows]) -> bool:
    """Return whether a place still says who it is when it has another name: by its address."""
    return name == "locations" and any(row["location_id"] == key for row in files["physical_addresses"])


def _edit(name: str, row: dict[str, str], chance: random.Random, truth: Truth) -> None:
    """Change a record under its key."""
    kind = chance.randrange(3)
    if kind < 2 and row["name"].strip():
        before = row["name"]
        row["name"] = lightly(before, chance) if kind else f"{chance.choice(NEW_NAMES)} {chance.choice(MORE)}"
        truth.renamed[name][row["id"]] = before, row["name"]
        truth.changed[name].setdefault(row["id"], set()).add("name")
    else:
        row["description"] = f"{row['description']} Ring first.".strip()
        truth.changed[name].setdefault(row["id"], set()).add("description")


def lightly(name: str, chance: random.Random) -> str:
    """Return a name as somebody else might write it."""
    words = name.split() or ["Help"]
    kind = chance.randrange(5)
    if kind == 0:
        return f"{name.strip()} {chance.choice(MORE)}"
    if kind == 1 and len(words) > 2:
        words.pop(chance.randrange(len(words)))
        return " ".join(words)
    if kind == 2 and len(words) > 1:
        return " ".join([*words[1:], words[0]])
    if kind == 3:
        place = chance.randrange(len(name) - 1) if len(name) > 1 else 0
        return name[:place] + chance.choice("aeiorst") + name[place + 1 :] + "s"
    return f"The {name.strip()} {chance.choice(MORE).upper()}"


def worded(text: str, chance: random.Random) -> str:
    """Return a description with some words left out and some added."""
    words = [word for word in text.split() if chance.random() > 0.15]
    return " ".join([*words, *chance.choices(("Ring", "first,", "open", "to", "all", "daily."), k=4)])
