"""What was decided about suggestions: codes, an area and a day, never a client."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base
from netmap.directory.models import new_id

OUTCOMES = ("taken", "corrected", "rejected")
REASONS = (
    "fits", "other_needs", "not_wanted", "no_provider", "too_far", "wrong_language", "own_plan", "other",
)  # fmt: skip


class Decision(Base):
    """One decision of a case manager about a suggested package."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    package_code: Mapped[str] = mapped_column(ForeignKey("package.code"), index=True)
    package_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    best_code: Mapped[str | None] = mapped_column(String(80))  # what stood first, if anything
    best_score: Mapped[float | None]
    client: Mapped[dict[str, Any]] = mapped_column(JSON)  # codes, see `netmap.matching.decisions.codes_of`
    added: Mapped[list[str]] = mapped_column(JSON, default=list)  # need codes
    dropped: Mapped[list[str]] = mapped_column(JSON, default=list)  # line keys
    providers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # line key -> service id
    overrides: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # with the reason and by whom
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    decided_on: Mapped[date]
