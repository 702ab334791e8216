"""The terminal: every command reads its arguments, calls one room and prints the answer."""

from netmap.cli import (
    asking,
    doubles,
    feeding,
    finding,
    gaps,
    giving,
    judging,
    keeping,
    loading,
    network,
    people,
    reaching,
    readiness,
    running,
    sharing,
    upkeep,
    whatif,
)
from netmap.cli.office import main

__all__ = [
    "asking",
    "doubles",
    "feeding",
    "finding",
    "gaps",
    "giving",
    "judging",
    "keeping",
    "loading",
    "main",
    "network",
    "people",
    "reaching",
    "readiness",
    "running",
    "sharing",
    "upkeep",
    "whatif",
]
