"""The terminal: every command reads its arguments, calls one room and prints the answer."""

from netmap.cli import (
    asking,
    doubles,
    feeding,
    finding,
    giving,
    judging,
    keeping,
    loading,
    people,
    readiness,
    running,
    sharing,
    siting,
    upkeep,
)
from netmap.cli.office import main

__all__ = [
    "asking",
    "doubles",
    "feeding",
    "finding",
    "giving",
    "judging",
    "keeping",
    "loading",
    "main",
    "people",
    "readiness",
    "running",
    "sharing",
    "siting",
    "upkeep",
]
