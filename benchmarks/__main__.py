"""Every benchmark, one after another: `make bench`. Each says what it measures, and on what machine."""

import runpy
import sys

NAMES = (
    "import_speed",
    "search",
    "answers",
    "upkeep_queue",
    "matching",
    "matching_answers",
    "joint",
    "reach",
    "needs",
    "service_types",
    "reading",
    "printing",
    "duplicates",
    "duplicates_speed",
    "gaps",
    "load",
    "pages",
    "graph",
    "whatif",
    "siting",
)

for name in NAMES:
    print(f"\n== {name}", flush=True)
    sys.argv = [f"benchmarks.{name}"]
    runpy.run_module(f"benchmarks.{name}", run_name="__main__")
