"""What an import asks of whoever knows which words of a source's records people wrote here."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from sqlalchemy.orm import Session


class Ours(Protocol):
    """Knows what people wrote over the records of a source, and who is right where both say something."""

    def begin(self, session: Session, source: str) -> None:
        """Look at what people wrote; called once, when the transaction has begun."""

    def deleted(self, table: str) -> Collection[str]:
        """Return the ids of rows that people deleted and that shall stay deleted."""

    def still_there(self, table: str, row_id: str, name: str) -> None:
        """Take note that a row which people deleted is still in the source."""

    def settle(self, table: str, before: Mapping[str, Any], values: dict[str, Any]) -> Collection[str]:
        """Put into ``values`` what shall stand there of a stored row; return the fields that people wrote."""


class Nobody:
    """Nobody wrote anything: the source is right everywhere."""

    def begin(self, session: Session, source: str) -> None:
        """Look at nothing."""

    def deleted(self, table: str) -> Collection[str]:
        """Return nothing."""
        return ()

    def still_there(self, table: str, row_id: str, name: str) -> None:
        """Note nothing."""

    def settle(self, table: str, before: Mapping[str, Any], values: dict[str, Any]) -> Collection[str]:
        """Leave everything to the source."""
        return ()
