"""Tables of territories: areas of netmap, and where a service says that it is offered."""

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base
from netmap.directory.records import Sourced, points_to


class Area(Base):
    """A territory with its parent, a point and, where known, its population."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # language -> name
    kind: Mapped[str | None] = mapped_column(String(20))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    population: Mapped[int | None]
    derived: Mapped[bool] = mapped_column(
        default=False
    )  # made from postcodes or cities, not given by a person


class AreaShape(Base):
    """The border of an area, simplified for drawing; an area without a row is drawn as a circle."""

    __tablename__ = "area_shape"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    polygons: Mapped[list[list[list[list[float]]]]] = mapped_column(
        JSON
    )  # coordinates of a GeoJSON MultiPolygon: longitude, latitude
    source: Mapped[str] = mapped_column(default="")  # who says so, named below the map


class ServiceArea(Sourced, Base):
    """Where a service is offered; ``area_code`` is set where it names one of our areas."""

    __tablename__ = "service_area"

    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        points_to("service_at_location.id"), index=True
    )
    name: Mapped[str | None]
    description: Mapped[str | None]
    extent: Mapped[str | None]
    extent_type: Mapped[str | None]
    uri: Mapped[str | None]
    area_code: Mapped[str | None] = mapped_column(points_to("area.code"), index=True)

    area: Mapped[Area | None] = relationship()
