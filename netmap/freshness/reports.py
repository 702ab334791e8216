"""Reports of mistakes in records, and of referrals that went wrong: what was met, never whom it met.

Everybody who reads the directory may report. A report is a service, a reason and at most one sentence that
holds no e-mail address and no long number. It stays open until a coordinator has mended the record or found
that it is right; open reports count as a risk when it is worked out whom to ring first.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, and_, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import Service
from netmap.directory.records import new_id
from netmap.directory.saved_address import personal_problem
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _

OPEN, MENDED, NO_MISTAKE = "open", "mended", "no_mistake"
STATES = (OPEN, MENDED, NO_MISTAKE)
# What is wrong with a record, and why a person was turned away: the second are kept by staff only.
MISTAKES = (
    "closed", "moved", "phone", "hours", "price", "languages", "conditions", "description", "other",
)  # fmt: skip
TURNED_AWAY = (
    "turned_full", "turned_conditions", "turned_papers", "turned_price", "turned_language", "turned_closed",
    "turned_unequal", "turned_other",
)  # fmt: skip
LONGEST = 300


class MistakeReport(Base):
    """Somebody says that a record is wrong, or that a person sent there was turned away."""

    __tablename__ = "mistake_report"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(String(36), index=True)  # no reference, see docs/data-model.md
    reason: Mapped[str] = mapped_column(String(20))
    sentence: Mapped[str] = mapped_column(String(LONGEST), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by: Mapped[str | None] = mapped_column(String(254))  # e-mail of staff; None: somebody not signed in
    state: Mapped[str] = mapped_column(String(10), default=OPEN, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(254))

    service: Mapped[Service | None] = relationship(
        primaryjoin="foreign(MistakeReport.service_id) == Service.id", viewonly=True
    )


# What is reported of a service that has gone waits for nobody; it counts again if the service comes back.
_IS_THERE = MistakeReport.service_id.in_(select(Service.id))


def reason_name(code: str) -> str:
    """Return a reason in the reader's language."""
    names = {
        "closed": _("It is closed, or not offered any more"),
        "moved": _("The address is wrong"),
        "phone": _("The telephone number or e-mail address is wrong"),
        "hours": _("The opening hours are wrong"),
        "price": _("The price is wrong"),
        "languages": _("The languages are wrong"),
        "conditions": _("It is for other people than said, or asks for other papers"),
        "description": _("What is offered is something else"),
        "other": _("Something else"),
        "turned_full": _("Turned away because there was no free place"),
        "turned_conditions": _("Turned away because of a condition that is not recorded"),
        "turned_papers": _("Turned away because of missing papers"),
        "turned_price": _("Turned away because of the price"),
        "turned_language": _("Turned away because of the language"),
        "turned_closed": _("Turned away because it was closed when it should be open"),
        "turned_unequal": _("Turned away though everything was met: treated unequally"),
        "turned_other": _("Turned away for another reason"),
    }
    return names.get(code, code)


def report(
    session: Session, service_id: str, reason: str, sentence: str, *, by: str | None = None
) -> MistakeReport:
    """Keep a report and return it; the same one that is open already is returned instead.

    Parameters
    ----------
    session : Session
    service_id : str
    reason : str
        One of `MISTAKES`, for staff also of `TURNED_AWAY`.
    sentence : str
        May be empty; told to coordinators, never to the public.
    by : str, optional
        E-mail of a member of staff. Of others nothing is kept.

    Raises
    ------
    NotFound
        If there is no such service.
    Invalid
        If the reason is not one of the list, or the sentence could tell who a client is.
    """
    if session.get(Service, service_id) is None:
        raise NotFound(_("There is no such service; it may have been removed."))
    sentence = " ".join(sentence.split())
    _require_usable(reason, sentence, reasons=(*MISTAKES, *TURNED_AWAY) if by else MISTAKES)
    same = (
        MistakeReport.service_id == service_id, MistakeReport.reason == reason,
        MistakeReport.sentence == sentence, MistakeReport.state == OPEN,
        MistakeReport.by == by if by else MistakeReport.by.is_(None),
    )  # fmt: skip
    known = session.scalars(select(MistakeReport).where(*same).limit(1)).one_or_none()
    if known is not None and not reason.startswith("turned_"):  # two people turned away are two reports
        return known
    row = MistakeReport(service_id=service_id, reason=reason, sentence=sentence, by=by)
    session.add(row)
    session.flush()
    return row


def _require_usable(reason: str, sentence: str, *, reasons: Collection[str]) -> None:
    fields: dict[str, str] = {}
    if reason not in reasons:
        fields["reason"] = _("Choose what is wrong.")
    if len(sentence) > LONGEST:
        fields["sentence"] = _("Keep it to one sentence of at most %(most)s characters.", most=LONGEST)
    elif not sentence.isprintable():
        fields["sentence"] = _("The sentence holds signs that cannot be shown: type it again.")
    elif personal_problem(sentence):
        fields["sentence"] = _(
            "E-mail addresses and long numbers are not kept: they could be those of a client. Take them out."
        )
    if fields:
        raise Invalid(_("Nothing was sent: %(why)s", why=" ".join(fields.values())), fields)


def decide(session: Session, report_id: str, state: str, *, by: str) -> MistakeReport:
    """Say what became of a report, or open it again, and return it.

    Raises
    ------
    NotFound
        If there is no such report.
    Invalid
        If it is not one of the states.
    """
    row = session.get(MistakeReport, report_id)
    if row is None:
        raise NotFound(_("There is no such report; its service may have been removed."))
    if state not in STATES:
        raise Invalid(_("Choose whether it is mended or was no mistake."))
    row.state = state
    row.decided_at, row.decided_by = (None, None) if state == OPEN else (now(), by)
    session.flush()
    return row


def open_count(session: Session) -> int:
    """Return how many reports wait for a coordinator."""
    query = select(func.count()).select_from(MistakeReport).where(MistakeReport.state == OPEN, _IS_THERE)
    return session.scalar(query) or 0


def open_by_service(session: Session) -> Mapping[str, int]:
    """Return service id -> how many reports of it are open, for services that have any."""
    counted = select(MistakeReport.service_id, func.count()).where(MistakeReport.state == OPEN)
    rows = session.execute(counted.group_by(MistakeReport.service_id)).all()
    return {service_id: number for service_id, number in rows}  # noqa: C416 (rows are no pairs to mypy)


def of_service(session: Session, service_id: str) -> Sequence[MistakeReport]:
    """Return the open reports of a service, the latest first."""
    query = select(MistakeReport).where(MistakeReport.service_id == service_id, MistakeReport.state == OPEN)
    return session.scalars(query.order_by(MistakeReport.at.desc(), MistakeReport.id)).all()


def listing(
    session: Session, *, is_open: bool, limit: int, offset: int
) -> tuple[int, Sequence[MistakeReport]]:
    """Return how many reports are open (or decided), and a part of them, the latest first."""
    wanted = and_(MistakeReport.state == OPEN if is_open else MistakeReport.state != OPEN, _IS_THERE)
    total = session.scalar(select(func.count()).select_from(MistakeReport).where(wanted)) or 0
    query = select(MistakeReport).where(wanted).order_by(MistakeReport.at.desc(), MistakeReport.id)
    query = query.options(joinedload(MistakeReport.service).joinedload(Service.organization))
    return total, session.scalars(query.limit(limit).offset(offset)).all()
