"""Written agreements: kept, their state by their days, and the ties of the directory that follow from them.

An agreement is never needed to list, find or use anybody. Where two of its parties stand in the directory and
it has a beginning, there is one tie of kind "agreement" between them, which is kept here and nowhere else.
"""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from netmap.directory.models import new_id
from netmap.directory.ties import Tie
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.partners.models import KINDS, Agreement, AgreementDocument, AgreementParty, AgreementTie
from netmap.partners.parties import Named, as_rows, put_rows, read_named
from netmap.partners.service import owner_of
from netmap.partners.typed import Form, Reading, text

SOON = 60  # days in which an end or a review is shown beforehand
TIE_KIND = "agreement"
LINES = ("title", "price_per", "volume_unit", "signed_by")
AREAS = ("goals", "roles", "tools", "result")
NUMBERS = ("price", "volume_agreed", "volume_used")
DAYS = ("begins", "ends", "ended_on", "review_on", "used_on")


def state(agreement: Agreement, today: date) -> str:
    """Return "draft" (no beginning yet), "coming", "in_force" or "ended", by the days of an agreement."""
    last = last_day(agreement)
    if agreement.begins is None:
        return "draft"
    if last is not None and last < today:
        return "ended"
    return "coming" if agreement.begins > today else "in_force"


def last_day(agreement: Agreement) -> date | None:
    """Return the last day on which an agreement holds, None where it has no end."""
    return min((day for day in (agreement.ends, agreement.ended_on) if day), default=None)


def used_share(agreement: Agreement) -> float | None:
    """Return which part of the agreed volume is used, None where one of the two is not known."""
    if agreement.volume_used is None or not agreement.volume_agreed:
        return None
    return agreement.volume_used / agreement.volume_agreed


def get(session: Session, agreement_id: str) -> Agreement:
    """Return an agreement; raises NotFound where there is none."""
    found = session.get(Agreement, agreement_id)
    if found is None:
        raise NotFound(_("There is no such agreement; it may have been taken back."))
    return found


def as_form(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement as its form shows it."""
    plain = ("kind", "owner", *LINES, *AREAS, *NUMBERS, *DAYS)
    return {name: text(getattr(agreement, name)) for name in plain} | {
        "parties": as_rows(agreement.parties),
        "documents": tuple((row.name, row.kept_at or "") for row in agreement.documents),
    }


def save(session: Session, agreement_id: str | None, form: Form, *, by: str) -> tuple[Agreement, Edit]:
    """Keep a new agreement (``agreement_id`` None) or a changed one, with its ties; return it and the edit.

    Raises
    ------
    NotFound
        If there is no such agreement.
    Invalid
        With a sentence for each wrong field.
    """
    row = get(session, agreement_id) if agreement_id else Agreement(id=new_id())
    read = Reading(form)
    parties = read_named(session, read, "parties")
    if not parties:
        read.errors["parties-0-name"] = _("Name at least one party of the agreement.")
    documents = _documents(read)
    values = {
        **{name: read.line(name) for name in LINES},
        "title": read.line("title", _("Say in a few words what the agreement is about.")),
        "kind": read.choice("kind", KINDS, _("Choose what kind of agreement it is.")),
        "owner": owner_of(read, form, session, row.owner),
        **{name: read.area(name) for name in AREAS},
        **{name: read.number(name) for name in NUMBERS},
        **{name: read.day(name) for name in DAYS},
    }
    _check_days(read, values)
    read.raise_errors(_("The agreement was not saved."))
    with edit(session, by=by, kind="partner", about=("agreement", row.id)) as entry:
        for name, value in values.items():
            setattr(row, name, value)
        put_rows(row.parties, AgreementParty, [_party(one) for one in parties])
        put_rows(row.documents, AgreementDocument, documents)
        session.add(row)
        session.flush()
        keep_ties(session, row)
    return row, entry


def _party(one: Named) -> dict[str, Any]:
    return {"name": one.name, "organization_id": one.organization_id, "role": one.role}


def _documents(read: Reading) -> list[dict[str, Any]]:
    found = []
    for number, (name, kept_at) in enumerate(read.rows("documents")):
        key = f"documents-{number}"
        named = read.line_of(f"{key}-name", name, _("Give the document a name."))
        found.append({"name": named, "kept_at": read.line_of(f"{key}-kept_at", kept_at)})
    return found


def _check_days(read: Reading, values: Mapping[str, Any]) -> None:
    begins = values["begins"]
    for name in ("ends", "ended_on"):
        ends = values[name]
        if begins and ends and ends < begins:
            read.errors[name] = _(
                "The agreement would end on %(ends)s, before it begins on %(begins)s. "
                "Mend one of the two days.",
                ends=ends.isoformat(),
                begins=begins.isoformat(),
            )
        elif ends and not begins and "begins" not in read.errors:
            read.errors["begins"] = _("Give the day on which the agreement begins, since it has an end.")


def keep_ties(session: Session, agreement: Agreement) -> None:
    """Make the ties of the directory say what an agreement says: one for each two parties that stand there.

    A tie of kind "agreement" that stood between the two already, from a list that was imported, is taken over
    in place of making a second one. A tie that no longer follows goes, unless it came from a list.
    """
    ids = dict.fromkeys(party.organization_id for party in agreement.parties if party.organization_id)
    wanted = {frozenset(pair): pair for pair in combinations(ids, 2)} if agreement.begins else {}
    query = select(AgreementTie).where(AgreementTie.agreement_id == agreement.id)
    for link in session.scalars(query).all():
        tie = link.tie
        pair = frozenset((tie.organization_id, tie.other_organization_id))
        if pair in wanted:
            del wanted[pair]
            _tell(tie, agreement)
            continue
        session.delete(link)
        session.flush()
        if tie.source_id is None:
            session.delete(tie)
    for one, other in wanted.values():
        found = _untold(session, one, other)
        if found is None:
            found = Tie(organization_id=one, other_organization_id=other, kind=TIE_KIND)
            session.add(found)
        _tell(found, agreement)
        session.flush()
        session.add(AgreementTie(agreement_id=agreement.id, tie_id=found.id))
    session.flush()


def _tell(tie: Tie, agreement: Agreement) -> None:
    tie.matter, tie.begun = agreement.title, agreement.begins
    tie.ends, tie.review_date = last_day(agreement), agreement.review_on


def _untold(session: Session, one: str, other: str) -> Tie | None:
    """Return a tie of the two that is an agreement of which nothing is written here."""
    pair = or_(
        and_(Tie.organization_id == one, Tie.other_organization_id == other),
        and_(Tie.organization_id == other, Tie.other_organization_id == one),
    )
    query = select(Tie).where(pair, Tie.kind == TIE_KIND, Tie.removed_in_source.is_(None))
    query = query.where(Tie.id.not_in(select(AgreementTie.tie_id)))
    return session.scalars(query.order_by(Tie.id)).first()
