"""What the gaps need beside the directory: demand, needs that nobody could meet, and travel times."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import new_id
from netmap.directory.week_marks import Marked

MODES = ("car", "public", "foot", "bicycle")
COUNTED: Final = "counted"  # somebody counted the clients
SHARE: Final = "share"  # a published share of the clients of the area, which a person chose to use


class Demand(Base):
    """How many clients of one profile (package) an area has in a year, and who says so.

    Of a share ``clients`` is what the share gives of ``base`` clients, and ``prior`` names the share.
    """

    __tablename__ = "demand"
    __table_args__ = (UniqueConstraint("area_code", "package_code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    package_code: Mapped[str] = mapped_column(String(80))
    clients: Mapped[float]  # clients per year
    population: Mapped[int | None]  # people among whom they were counted
    year: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(10), default=COUNTED)
    prior: Mapped[str | None] = mapped_column(String(60))
    base: Mapped[float | None]
    note: Mapped[str] = mapped_column(default="")
    entered_by: Mapped[str | None] = mapped_column(String(254))  # e-mail; None: it came from a file
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class UnmetNeed(Marked):
    """A search that found nobody: what was needed, where, in which language, when; no person, no words.

    ``mark`` keeps one case from being counted twice in a week: a keyed hash, another one each week, from
    which nothing can be read back without the secret key; gone when the week is over.
    """

    __tablename__ = "unmet_need"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    need_code: Mapped[str | None] = mapped_column(String(60), index=True)
    service_type: Mapped[str | None] = mapped_column(String(60), index=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    language: Mapped[str | None] = mapped_column(String(3))
    part_of_day: Mapped[str | None] = mapped_column(String(10))  # when help was wanted


class Travel(Base):
    """How long it takes, and how far it is, from one area to another by one way of travelling.

    It holds for the way back too, where that has no row of its own. ``minutes`` or ``km`` may be unknown,
    never both.
    """

    __tablename__ = "travel"
    __table_args__ = (UniqueConstraint("from_area", "to_area", "mode"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    from_area: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    to_area: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    mode: Mapped[str] = mapped_column(String(10))  # one of MODES
    minutes: Mapped[float | None]
    km: Mapped[float | None]
    source: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]  # for which it was worked out


class AreaSnapshot(Base):
    """How an area stood on the last day of a month on which it was looked at; the newest is that of today.

    The lines are the needed ones of all packages in use: open for sure, to be asked about or checked, on one
    provider.
    """

    __tablename__ = "area_snapshot"

    day: Mapped[date] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(String(80), primary_key=True)
    lines: Mapped[int]
    open: Mapped[int]
    ask: Mapped[int]
    single: Mapped[int]
    packages: Mapped[int]
    complete: Mapped[int]
    services: Mapped[int]  # that lie there
    within: Mapped[int]  # of them, confirmed by a person within their rhythm
    waits: Mapped[int]  # of them, those whose waiting time is known
    wait_days: Mapped[float | None]  # the middle of these
