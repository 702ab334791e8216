"""Demand figures that people enter: a count, or a published share; kept, changed, removed and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Area
from netmap.directory.saved_address import personal_problem
from netmap.editing.models import Edit, EditChange
from netmap.editing.writing import edit
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.network.counts import FEWER, SMALL, small
from netmap.network.demand.priors import priors_of
from netmap.network.models import COUNTED, SHARE, Demand
from netmap.packages.document import Document
from netmap.packages.service import get as get_package
from netmap.partners.typed import Form, Reading, text

FIELDS = ("kind", "clients", "base", "population", "year", "source", "note")
KIND = "demand"
FIRST_YEAR = 1990
WITHHELD = "*"  # what a form shows of a number that is not told; left alone, the number stays
_SIGNS = (FEWER, WITHHELD)  # of numbers that no sentence about them may tell
FEWEST = 5  # clients of whom a share is taken: of fewer one knows each


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that somebody did to a figure: what stood there before and after, None where nothing did."""

    edit: Edit
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


def find(session: Session, area: str, package: str) -> Demand | None:
    """Return what was entered for a package in an area, None where nothing was.

    Raises
    ------
    NotFound
        If there is no such area or package.
    """
    if session.get(Area, area) is None:
        raise NotFound(_("There is no such area; it may have been removed. Go back to the list of demand."))
    get_package(session, package)
    query = select(Demand).where(Demand.area_code == area, Demand.package_code == package)
    return session.scalar(query)


def as_form(row: Demand | None, *, withheld: bool = False) -> dict[str, str]:
    """Return a figure as its form shows it: a small group only as "<5", what is not told only as a sign."""
    if row is None:
        return dict.fromkeys(FIELDS, "")
    shared = row.kind == SHARE
    return {
        "kind": row.prior or COUNTED,
        "clients": "" if shared else WITHHELD if withheld else _typed(row.clients),
        "base": WITHHELD if shared and withheld else text(row.base),
        "population": text(row.population),
        "year": text(row.year),
        "source": row.source,
        "note": row.note,
    }


def _typed(clients: float) -> str:
    return FEWER if small(clients) else text(clients)


def keep(session: Session, area: str, package: str, form: Form, *, by: str, moment: datetime) -> Demand:
    """Keep what was entered for a package in an area, in place of what stood there.

    Parameters
    ----------
    session : Session
    area, package : str
    form : mapping
        The fields of `FIELDS`; ``kind`` is "counted" or the code of a published share.
    by : str
        E-mail of who enters it.
    moment : datetime

    Raises
    ------
    NotFound
        If there is no such area or package.
    Invalid
        With a sentence for each wrong field.
    """
    row = find(session, area, package)
    values = _read(form, row, get_package(session, package).document, moment.year)
    with edit(session, by=by, kind=KIND, about=("area", area)):
        if row is None:
            row = Demand(area_code=area, package_code=package)
            session.add(row)
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in (values | {"entered_by": by, "entered_at": moment}).items():
                setattr(row, name, value)
    return row


def remove(session: Session, area: str, package: str, *, by: str) -> int:
    """Remove what was entered and return the number of the edit, by which it can be taken back.

    Raises
    ------
    NotFound
        If there is nothing (any more).
    """
    row = find(session, area, package)
    if row is None:
        raise NotFound(_("There is no figure to remove; somebody may have removed it already."))
    with edit(session, by=by, kind=KIND, about=("area", area)) as entry:
        session.delete(row)
    return entry.id


def history(session: Session, area: str, package: str) -> list[Told]:
    """Return what people did to the figure of a package in an area, the newest first."""
    query = (
        select(EditChange, Edit)
        .join(Edit, Edit.id == EditChange.edit_id)
        .where(EditChange.table_name == KIND, Edit.about_table == "area", Edit.about_id == area)
        .order_by(Edit.id.desc())
    )
    found = [Told(entry, change.before, change.after) for change, entry in session.execute(query)]
    return [one for one in found if (one.after or one.before or {}).get("package_code") == package]


def _read(form: Form, row: Demand | None, document: Document, this_year: int) -> dict[str, object]:
    """Return the columns that a form gives; raises Invalid with what is wrong."""
    read = Reading(form)
    kind = str(form.get("kind") or COUNTED)
    values: dict[str, object] = {
        "kind": COUNTED if kind == COUNTED else SHARE,
        "year": _year(read, this_year),
        "source": read.line("source") or "",
        "note": read.line("note") or "",
    }
    if kind == COUNTED:
        values |= _counted(read, form, row)
    else:
        values |= _shared(read, kind, document, form, row)
    for name in ("source", "note"):
        if problem := personal_problem(str(values[name])):
            read.errors[name] = problem
    read.raise_errors(_("Nothing was saved."))
    return values


def _counted(read: Reading, form: Form, row: Demand | None) -> dict[str, object]:
    """Return the columns of a count; what was shown only as a sign and left alone stays as it is."""
    typed = str(form.get("clients") or "").replace(" ", "")
    clients: float | None
    if typed == FEWER:
        clients = row.clients if row is not None and small(row.clients) else SMALL
    elif typed == WITHHELD and row is not None:
        clients = row.clients
    else:
        clients = read.number("clients")
    population = read.number("population")
    if clients is None and "clients" not in read.errors:
        read.errors["clients"] = _(
            "Give the number of clients a year, or “<5” for fewer than five; 0 means that there are none."
        )
    if population is not None and population != int(population):
        read.errors["population"] = _("Give whole people.")
    elif population is not None and clients is not None and population < clients and typed not in _SIGNS:
        read.errors["population"] = _("These are fewer people than clients: one of the numbers is wrong.")
    if not str(form.get("source") or "").strip():
        read.errors["source"] = _("Say who counted, and where: others have to be able to look it up.")
    whole = None if population is None else int(population)
    return {"clients": clients, "population": whole or None, "prior": None, "base": None}


def _shared(
    read: Reading, kind: str, document: Document, form: Form, row: Demand | None
) -> dict[str, object]:
    """Return the columns of a published share of the clients of the area."""
    prior = next((one for one in priors_of(document) if one.code == kind), None)
    kept = str(form.get("base") or "").strip() == WITHHELD and row is not None
    base = row.base if kept and row is not None else read.number("base")
    if prior is None:
        read.errors["kind"] = _(
            "This share does not speak of the clients of this package: choose from the list."
        )
    if "base" not in read.errors and (base is None or base < FEWEST):
        read.errors["base"] = _(
            "Give the number of clients a year of whom the share is taken, at least %(least)s: of fewer the "
            "office knows each, so count them.",
            least=FEWEST,
        )
    clients = round(prior.share * base, 2) if prior and base else None
    return {"clients": clients, "population": None, "prior": kind, "base": base}


def _year(read: Reading, this_year: int) -> int | None:
    year = read.number("year")
    if year is not None and not (year == int(year) and FIRST_YEAR <= year <= this_year + 1):
        read.errors["year"] = _(
            "Give a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=str(this_year + 1)
        )
    return None if year is None else int(year)
