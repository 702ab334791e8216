"""What is kept of the last survey, so that the page of the gaps need not work it out: replaced as a whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime


class GapSurvey(Base):
    """The one survey that is kept: when it was made, of what, and what it says beside the gaps.

    ``state`` is a digest of what it was made from; ``areas`` are codes and ``profiles`` those of packages,
    in the order of the arrays in ``people`` (clients, expected, variance, population; profiles x areas).
    """

    __tablename__ = "gap_survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[float]
    state: Mapped[str] = mapped_column(String(64))
    overview: Mapped[dict[str, Any]] = mapped_column(JSON)
    areas: Mapped[list[str]] = mapped_column(JSON, deferred=True)
    profiles: Mapped[list[str]] = mapped_column(JSON, deferred=True)
    people: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class GapCard(Base):
    """One finding of the survey that is kept, as the page shows it.

    ``place`` and ``place_by_rate`` are its places in the two orders of its list; ``apart`` says that
    the help is open and yet not enough. ``areas`` is a row of bits, one for each area of the survey,
    ``weights`` what a client in each of these areas weighs. ``told`` holds the words in each language.
    """

    __tablename__ = "gap_card"

    key: Mapped[str] = mapped_column(String(12), primary_key=True)
    apart: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(20), index=True)
    service_type: Mapped[str] = mapped_column(String(60))
    profile: Mapped[str] = mapped_column(String(80), index=True)
    ask: Mapped[bool]
    certain: Mapped[bool]
    place: Mapped[int] = mapped_column(index=True)
    place_by_rate: Mapped[int]
    clients: Mapped[float | None]
    impact: Mapped[float]
    rate: Mapped[float | None]
    interval: Mapped[list[float] | None] = mapped_column(JSON)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True, deferred_group="words")
    areas: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_group="places")
    weights: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_group="places")
