"""What the gaps need beside the directory: demand, needs that nobody could meet, and travel times."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base
from netmap.directory.models import new_id
from netmap.directory.week_marks import Marked

MODES = ("car", "public", "foot", "bicycle")


class Demand(Base):
    """How many clients of one profile (package) an area has in a year, and who says so."""

    __tablename__ = "demand"
    __table_args__ = (UniqueConstraint("area_code", "package_code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    package_code: Mapped[str] = mapped_column(String(80))
    clients: Mapped[float]  # clients per year
    population: Mapped[int | None]  # people among whom they were counted
    year: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")


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
