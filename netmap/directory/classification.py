"""Tables of words about other rows: taxonomies, attributes, what was changed, types, for whom.

An attribute and a change name their row by table and id, so no foreign key can follow it.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime
from netmap.directory.records import Sourced, new_id, part_of, points_to

if TYPE_CHECKING:
    from netmap.directory.models import Service

TYPE_STATES = ("suggested", "confirmed", "rejected")


class Taxonomy(Sourced, Base):
    """A list of terms."""

    __tablename__ = "taxonomy"

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    uri: Mapped[str | None]
    taxonomy_version: Mapped[str | None] = mapped_column("version")


class TaxonomyTerm(Sourced, Base):
    """A term of a taxonomy."""

    __tablename__ = "taxonomy_term"

    code: Mapped[str | None]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[str | None] = mapped_column(String(36))
    taxonomy_words: Mapped[str | None] = mapped_column("taxonomy")
    taxonomy_id: Mapped[str | None] = mapped_column(points_to("taxonomy.id"), index=True)
    language: Mapped[str | None]
    term_uri: Mapped[str | None]

    taxonomy: Mapped[Taxonomy | None] = relationship()


class Attribute(Sourced, Base):
    """A term or a free value that hangs on any other row (`link_entity` names its table)."""

    __tablename__ = "attribute"
    __table_args__ = (Index("ix_attribute_link", "link_entity", "link_id"),)

    link_id: Mapped[str] = mapped_column(String(36))
    link_entity: Mapped[str] = mapped_column(String(40))
    link_type: Mapped[str | None]
    taxonomy_term_id: Mapped[str | None] = mapped_column(points_to("taxonomy_term.id"), index=True)
    value: Mapped[str | None]
    label: Mapped[str | None]

    term: Mapped[TaxonomyTerm | None] = relationship()


class Metadata(Sourced, Base):
    """One change of one field of any other row, as a source records it (`resource_type` names the table)."""

    __tablename__ = "metadata"
    __table_args__ = (Index("ix_metadata_resource", "resource_type", "resource_id"),)

    resource_id: Mapped[str] = mapped_column(String(36))
    resource_type: Mapped[str] = mapped_column(String(40))
    last_action_date: Mapped[date | None]
    last_action_type: Mapped[str] = mapped_column(default="")
    field_name: Mapped[str] = mapped_column(default="")
    previous_value: Mapped[str] = mapped_column(default="")
    replacement_value: Mapped[str] = mapped_column(default="")
    updated_by: Mapped[str] = mapped_column(default="")


class MetaTableDescription(Sourced, Base):
    """What a source says about one of its own tables: its name, language and character set."""

    __tablename__ = "meta_table_description"

    name: Mapped[str | None]
    language: Mapped[str | None]
    character_set: Mapped[str | None]


class ServiceTypeLink(Base):
    """A netmap service type of a service: suggested by the machine, or confirmed or rejected by a person."""

    __tablename__ = "service_type_link"
    __table_args__ = (UniqueConstraint("service_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    state: Mapped[str] = mapped_column(String(10))
    confidence: Mapped[float | None]  # 0..1; None where a person or the source said so
    evidence: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]  # e-mail of the coordinator; None where the source said so
    version: Mapped[int] = mapped_column(default=1)  # counts up with every change, against lost decisions

    service: Mapped["Service"] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class EligibilityRule(Base):
    """Whom a service takes only (``required``), does not take (``excluded``), is meant for (``welcome``)."""

    __tablename__ = "eligibility_rule"
    __table_args__ = (UniqueConstraint("service_id", "code", "effect"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    effect: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str] = mapped_column(default="")
