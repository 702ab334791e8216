"""Where few fit: which filter to loosen, and what fails one filter only, with its reason in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.answers import Loosen, NearMiss
from netmap.directory.area_table import SERVES
from netmap.directory.asked import Asked
from netmap.directory.distances import straight_km
from netmap.directory.documents import bare_documents
from netmap.directory.filters import code_label, field_label
from netmap.directory.models import Organization, Service
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.search.backend import OFFERED, Document, Miss, Page

FEW = 5  # from so many fitting services on, nobody has to look for another way
_SHOWN = {"hours": "open"}  # the filter "open" is one on hours for an engine


def loosen(asked: Asked, page: Page) -> tuple[Loosen, ...]:
    """Return the filters without which there would be more, that which brings most first."""
    more = {name: total for name, total in page.loosened.items() if total > page.total}
    return tuple(
        Loosen(shown, _("Without the filter '%(filter)s'", filter=field_label(shown)), more[name])
        for name in sorted(more, key=lambda one: (-more[one], one))
        for shown in (_SHOWN.get(name, name),)
    )


def near_misses(
    session: Session, settings: Settings, asked: Asked, misses: Sequence[Miss]
) -> tuple[NearMiss, ...]:
    """Return the services that fail one filter only, with the reason; what is not offered is no way out."""
    if not misses:
        return ()
    ids = [miss.id for miss in misses]
    query = select(Service.id, Service.name, Organization.name.label("organisation"))
    query = query.outerjoin(Organization, Service.organization_id == Organization.id)
    rows = {row.id: row for row in session.execute(query.where(Service.id.in_(ids)))}
    documents = {document.id: document for document in bare_documents(session, ids, settings)}
    return tuple(
        NearMiss(
            miss.id,
            rows[miss.id].name,
            rows[miss.id].organisation or "",
            _reason(asked, miss.field, documents[miss.id]),
        )
        for miss in misses
        if miss.id in rows and miss.id in documents and documents[miss.id].standing == OFFERED
    )


def _reason(asked: Asked, name: str, document: Document) -> str:
    makers: Mapping[str, Callable[[Asked, Document], str]] = {
        "distance": _distance,
        "checked": _checked,
        "area": _area,
        "hours": lambda asked, _document: _("It is closed at that time."),
        "target": _target,
        "takes": _takes,
    }
    if name in makers:
        return makers[name](asked, document)
    has = ", ".join(
        code_label(name, code, asked.table)
        for code in (*document.types, *document.suggested, *document.codes.get(name, ()))[:4]
        if name == "type" or code in document.codes.get(name, ())
    )
    values = {"filter": field_label(name), "has": has}
    if has:
        return _("%(filter)s: here it is %(has)s.", **values)
    return _("%(filter)s: not what was chosen.", **values)


def _distance(asked: Asked, document: Document) -> str:
    km = min(
        (straight_km(point, asked.origin) for point in document.points if asked.origin is not None),
        default=0.0,
    )
    return _(
        "It is %(km)s km away, farther than %(most)s km.",
        km=number(km),
        most=number(asked.question.within_km or 0.0),
    )


def _checked(asked: Asked, document: Document) -> str:
    if document.checked is None:
        return _("No person has checked it yet.")
    days = (asked.now.date() - document.checked) // timedelta(days=1)
    return _("A person checked it last %(days)s days ago.", days=number(days, 0))


def _area(asked: Asked, document: Document) -> str:
    areas = {code for code in document.codes.get("area", ()) if not code.startswith(SERVES)}
    inner = [code for code in areas if not any(code in asked.table.chains.get(one, ())[1:] for one in areas)]
    names = ", ".join(sorted(asked.table.label(code) for code in inner)[:3])
    return _("It lies in or serves another area: %(area)s.", area=names)


def _target(asked: Asked, document: Document) -> str:
    people = ", ".join(
        code_label("target", code, asked.table) for code in asked.question.only.get("target", ())
    )
    return _("It does not take: %(people)s.", people=people)


def _takes(asked: Asked, document: Document) -> str:
    codes = document.codes.get("takes", ())
    if "full" in codes:
        return _("It is full at present.")
    if "waiting" in codes:
        return _("It has a waiting list.")
    return _("It takes nobody at present.") if not codes else _("It has places free.")
