"""The figures as tables for people and as one object for a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.peers.measuring import Times
from benchmarks.peers.questions import STEPS
from benchmarks.peers.reading import Reading
from benchmarks.peers.roster import title

BASE = "any_word"  # ratios are to netmap, asked what the others are asked


@dataclass
class Figures:
    """What was measured of one engine at one size; ``why_not`` says why it was not."""

    why_not: str = ""
    build_s: float | None = None  # None: the index is that of another engine
    disk_mb: float = 0.0
    steps: dict[str, Times] = field(default_factory=dict)
    visible: Times | None = None
    worked: Times | None = None
    alone: Reading | None = None
    together: Reading | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for a file."""
        if self.why_not:
            return {"why_not": self.why_not}
        return {
            "build_s": self.build_s and round(self.build_s, 2),
            "disk_mb": round(self.disk_mb, 1),
            "steps": {name: times.as_dict() for name, times in self.steps.items()},
            "visible": self.visible.as_dict() if self.visible else None,
            "visible_worked": self.worked.as_dict() if self.worked else None,
            "alone": self.alone.as_dict() if self.alone else None,
            "together": self.together.as_dict() if self.together else None,
        }


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in the form of Markdown, its columns in line."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (head, *rows)
    ]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


def times_table(figures: Mapping[str, Figures]) -> str:
    """Return p50 / p95 of each step, and how many times those of netmap they are."""
    base = figures.get(BASE)
    rows = []
    for key, one in figures.items():
        cells = (
            [_times(one, step) for step in STEPS]
            if not one.why_not
            else [one.why_not, *[""] * (len(STEPS) - 1)]
        )
        rows.append([title(key), *cells, _ratio(one, base)])
    return table(["p50 / p95 ms", *STEPS.values(), "last, times netmap's"], rows)


def _times(one: Figures, step: str) -> str:
    times = one.steps[step]
    return f"{_short(times.p50)} / {_short(times.p95)}"


def _ratio(one: Figures, base: Figures | None) -> str:
    if base is None or base.why_not or one.why_not:
        return ""
    own, theirs = one.steps["all_counts"], base.steps["all_counts"]
    return f"{_short(own.p50 / theirs.p50)} / {_short(own.p95 / theirs.p95)}"


def _short(value: float) -> str:
    """Return a number with as many digits as tell something."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def upkeep_table(figures: Mapping[str, Figures], readers: int) -> str:
    """Return what building, changing, opening and holding it takes."""
    head = [
        "",
        "build s",
        "disk MB",
        "one change visible ms",
        "of work",
        "open ms",
        "first question / first 80, p95 ms",
    ]
    head += [f"MB of each of {readers}: own / PSS / RSS", f"questions/s, 1 / {readers} readers", "times"]
    rows = []
    for key, one in figures.items():
        if one.why_not:
            rows.append([title(key), one.why_not, *[""] * (len(head) - 2)])
        elif one.build_s is not None:
            cells = [_short(one.build_s), _short(one.disk_mb), *_changes(one)]
            rows.append([title(key), *cells, *_readers(one.alone, one.together)])
    return table(head, rows)


def _changes(one: Figures) -> list[str]:
    if one.visible is None or one.worked is None:
        return ["built anew", ""]
    return [f"{_short(times.p50)} / {_short(times.p95)}" for times in (one.visible, one.worked)]


def _readers(alone: Reading | None, together: Reading | None) -> list[str]:
    if alone is None or together is None:
        return [""] * 5
    return [
        _short(alone.open_ms),
        f"{_short(alone.first_ms)} / {_short(alone.cold_p95_ms)}",
        f"{together.private_mb:.0f} / {together.pss_mb:.0f} / {together.rss_mb:.0f}",
        f"{_short(alone.per_second)} / {_short(together.per_second)}",
        _short(together.per_second / alone.per_second),
    ]


def beyond_table(found: Mapping[str, tuple[Times, float]]) -> str:
    """Return the times of what only netmap is asked."""
    rows = [
        [name, _short(times.p50), _short(times.p95), f"{total:,.0f}"]
        for name, (times, total) in found.items()
    ]
    return table(["netmap as shipped", "p50 ms", "p95 ms", "found"], rows)
