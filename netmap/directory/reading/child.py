"""The child process: reads what its parent names, within limits, and writes the tables to its output.

Run as ``python -m netmap.directory.reading.child`` with a request in JSON on its input. It imports little:
no database, no web, no arrays, so that it starts in a twentieth of a second.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from netmap.directory.reading.geojson import read_outlines
from netmap.directory.reading.map_reading import read_map
from netmap.directory.reading.samples import read_samples
from netmap.directory.reading.whole import read_path, read_single
from netmap.directory.report import Report
from netmap.errors import NeedsMap, NetmapError
from netmap.i18n import set_language


def limit(megabytes: int, seconds: int) -> None:
    """Let this process use no more memory and time than given, where the system can see to it."""
    try:
        import resource
    except ImportError:  # Windows: the parent still watches the clock
        return
    for kind, most in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
            continue


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the tables or shapes of a request, or the sentence that says why there are none."""
    report = Report("")
    try:
        path = Path(request["path"])
        if request.get("shapes"):
            shapes = [asdict(outline) for outline in read_outlines(path, report)]
            return {"shapes": shapes, "warnings": report.close().warnings}
        map_ = read_map(Path(request["map"])) if request.get("map") else None
        if request.get("samples"):
            files = read_samples(path, report)
        elif request.get("single"):
            files = [read_single(path, report)]
        else:
            files = read_path(path, report, map_)
    except NetmapError as error:
        return {"error": error.message, "needs_map": isinstance(error, NeedsMap)}
    except MemoryError:
        return {"memory": True}
    report.close()
    return {
        "files": [[file.name, file.columns, file.cells, file.table] for file in files],
        "rejected": [asdict(item) for item in report.rejected],
        "warnings": report.warnings,
    }


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    set_language(request["language"])
    limit(request["megabytes"], request["seconds"])
    try:
        text = json.dumps(answer(request))
    except MemoryError:
        text = json.dumps({"memory": True})
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
