"""After the rows of an import: types, languages, areas, and which services the search must read again."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from netmap.directory import changes
from netmap.directory.areas import assign_areas, derive_areas
from netmap.directory.hsds_links import link
from netmap.directory.hsds_resolve import Record
from netmap.directory.hsds_store import chunks
from netmap.directory.hsds_tables import SPECS
from netmap.directory.models import Location, Organization, Service
from netmap.directory.odd_points import odd_points
from netmap.directory.report import Report
from netmap.directory.touched import index_later, services_touched
from netmap.i18n import gettext as _

DOUBLE = 5  # organizations of one name in two sources, below which that may be chance


def finish(
    session: Session, report: Report, changed: Mapping[str, set[str]], attributes: list[Record] | None
) -> None:
    """Do what follows from the rows that an import wrote.

    Parameters
    ----------
    changed : mapping
        Table -> ids of the rows that are new, changed or gone.
    attributes : list of Record or None
        None where the source has no file of attributes, so that it states no types.
    """
    session.expire_all()
    if changed["organization"]:
        _warn_of_double(session, report)
    services = set(changed["service"])
    _set_languages(session, services)
    if attributes is not None:
        services |= link(session, report.source, attributes, report)
    if derive_areas(session):
        changes.note_all(session)  # from where distances are counted
    assigned = assign_areas(session)
    if assigned.places_without:
        count = assigned.places_without
        report.warn(_("%(count)s places lie in no area: no known city and no area near.", count=count))
    if assigned.served_without:
        count = assigned.served_without
        report.warn(_("%(count)s service areas name none of the areas known here.", count=count))
    _warn_of_points(session, report)
    index_later(session, services | assigned.services | services_touched(session, changed))


def _warn_of_points(session: Session, report: Report) -> None:
    odd = odd_points(session, report.source)
    if odd.swapped:
        report.warn(
            _(
                "%(count)s places lie near the others only with latitude and longitude the other way round; "
                "correct them in the source: %(named)s.",
                count=len(odd.swapped),
                named=_named(odd.swapped),
            )
        )
    if odd.far:
        report.warn(
            _(
                "%(count)s places have a point more than 100 km from the middle of their city or of the "
                "whole directory, in the sea perhaps; correct them in the source: %(named)s.",
                count=len(odd.far),
                named=_named(odd.far),
            )
        )


def _named(places: Sequence[Location]) -> str:
    names = [(place.name or place.source_key or place.id)[:60] for place in places[:10]]
    return "; ".join(names + ["..."] * (len(places) > 10))


def _warn_of_double(session: Session, report: Report) -> None:
    """Say where this looks like a directory that is here already under another name."""
    names: dict[str, set[str]] = {}
    query = select(Organization.source_id, Organization.name).where(Organization.removed_in_source.is_(None))
    for source, name in session.execute(query):
        names.setdefault(source or "", set()).add(name.casefold())
    mine = names.pop(report.source, set())
    for source, theirs in sorted(names.items()):
        if source and len(mine & theirs) >= max(DOUBLE, len(mine) / 2):
            report.warn(
                _(
                    "%(count)s organizations have the same name in the source '%(source)s'. If this is the "
                    "same directory, import it under that name: now its records are here twice.",
                    count=len(mine & theirs),
                    source=source,
                )
            )


def _set_languages(session: Session, ids: Iterable[str]) -> None:
    """Note the language of a service's own words, where they leave no doubt."""
    from netmap.vocabulary.words import languages_of  # its dictionaries take a while to load

    found: dict[str, list[str]] = {}
    for some in chunks(sorted(ids)):
        query = select(Service.id, Service.name, Service.description).where(Service.id.in_(some))
        for id_, name, description in session.execute(query):
            languages = languages_of(f"{name}. {description}")
            if len(languages) == 1:
                found.setdefault(languages[0], []).append(id_)
    table = SPECS["service"].table
    for language, sure in found.items():
        for some in chunks(sure):
            session.execute(update(table).where(table.c.id.in_(some)).values(text_language=language))
    session.expire_all()
