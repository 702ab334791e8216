"""Tables of packages. A version is a whole document that never changes: papers and decisions name it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import new_id


class Package(Base):
    """A service package prepared for an ideal-typical client."""

    __tablename__ = "package"

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    current: Mapped[int] = mapped_column(default=1)  # number of the version in use
    retired: Mapped[bool] = mapped_column(default=False)

    versions: Mapped[list["PackageVersion"]] = relationship(
        back_populates="package", order_by="PackageVersion.number", cascade="all, delete-orphan"
    )


class PackageVersion(Base):
    """One version of a package: the document as `netmap.packages.document.Document` reads it."""

    __tablename__ = "package_version"
    __table_args__ = (UniqueConstraint("package_code", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    package_code: Mapped[str] = mapped_column(ForeignKey("package.code"), index=True)
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_by: Mapped[str | None]  # e-mail of the coordinator; None for shipped packages

    package: Mapped[Package] = relationship(back_populates="versions")


class PackageApproval(Base):
    """What a partner said about a version; a later record of the same partner takes its place."""

    __tablename__ = "package_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ("package_code", "number"), ("package_version.package_code", "package_version.number")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_code: Mapped[str] = mapped_column(String(80), index=True)
    number: Mapped[int]  # the version that was looked at
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id", ondelete="SET NULL"))
    partner: Mapped[str] = mapped_column(String(300))  # name of the body, as it was then
    person: Mapped[str] = mapped_column(String(300))  # who spoke for it
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by: Mapped[str]  # e-mail of the coordinator who wrote it down
