"""The terminal: every command reads its arguments, calls one room and prints the answer."""

from netmap.cli import asking, finding, keeping, loading, running
from netmap.cli.office import main

__all__ = ["asking", "finding", "keeping", "loading", "main", "running"]
