"""The table of weights and thresholds: every version whole, so that any of them can come back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now


class MatchingRules(Base):
    """One version of the weights and thresholds; the one with the highest number is in use."""

    __tablename__ = "matching_rules"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)  # as `netmap.matching.rules_check.to_values`
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_by: Mapped[str]  # e-mail of the coordinator
