"""Corrections that providers send: kept until a coordinator takes or refuses them, or taken at once.

A correction holds the fields that the provider changed, as it saw them and as it wants them. What stands in
the record when it is decided is the third version: where somebody changed the same field meanwhile, all three
are shown, and nothing is taken unasked.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from netmap.db import now
from netmap.directory.records import new_id
from netmap.editing import record, restoring
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.selfservice.facts import group_of
from netmap.selfservice.models import PARTLY, REFUSED, TAKEN, WAITING, Correction, ProviderLink

AT_ONCE, WAIT = "apply", "wait"  # values of the setting NETMAP_CORRECTIONS
LONGEST_ANSWER = 500
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is decided as one: a field, a row, or a week of hours, in three versions.

    Each version maps names of fields to texts; ``settled`` says that nobody else changed it meanwhile.
    """

    name: str
    base: Texts
    now: Texts
    wished: Texts
    settled: bool

    @property
    def done(self) -> bool:
        """Return whether the record says already what the provider wants."""
        return dict(self.now) == dict(self.wished)


def send(
    session: Session,
    link: ProviderLink,
    kind: str,
    record_id: str,
    *,
    base: Texts,
    wished: Texts,
    at_once: bool,
    key: str = "",
) -> Correction | None:
    """Keep what a provider wants to have changed, and return it; None where nothing differs.

    Parameters
    ----------
    session : Session
    link : ProviderLink
        Whose record this is has been looked at before.
    kind, record_id : str
        As for `netmap.editing.record.read`.
    base, wished : mapping
        Fields that the form showed, as they were and as they were sent; an empty text is an empty field.
    at_once : bool
        Whether it is taken without being asked about. Where somebody has changed the same meanwhile it waits.
    key : str, optional
        What the form was given when it was shown: one that is sent twice is kept once.

    Raises
    ------
    Invalid
        With a sentence for each field that cannot be kept; then nothing is.
    """
    sent = session.get(Correction, key) if _KEY.fullmatch(key) else None
    if sent is not None and sent.link_id == link.id:
        return sent
    stands = record.read(session, kind, record_id)
    changed = {
        name: text
        for name, text in changed_fields(kind, base, wished).items()
        if text != stands.get(name, "")
    }
    if not changed:
        return None
    problems = record.check(session, kind, record_id, whole(kind, stands, changed))
    if problems:
        raise Invalid(
            _("Nothing was sent: %(why)s", why=" ".join(dict.fromkeys(problems.values()))), problems
        )
    for known in waiting_of(session, kind, record_id):
        if dict(known.wished) == changed:  # sent from another telephone, or again
            return known
    row = Correction(
        id=key if _KEY.fullmatch(key) and sent is None else new_id(),
        link_id=link.id, organization_id=link.organization_id, table_name=kind, row_id=record_id,
        base={name: base.get(name, "") for name in changed}, wished=dict(changed), by=link.addressee,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if at_once and all(piece.settled for piece in pieces(session, row)):
        names = [piece.name for piece in pieces(session, row)]
        _apply(session, row, names, by=link.addressee, kind="provider")
    return row


def changed_fields(kind: str, base: Texts, wished: Texts) -> dict[str, str]:
    """Return the fields that differ and that a provider may write, as they should be.

    Examples
    --------
    >>> changed_fields("service", {"name": "Choir"}, {"name": " Choirs ", "types.food": "confirmed"})
    {'name': 'Choirs'}
    """
    asked = {name: text for name, text in wished.items() if group_of(kind, name)}
    tidy = record.tidied(kind, asked)
    return {name: tidy.get(name, "") for name in asked if tidy.get(name, "") != base.get(name, "")}


def pieces(session: Session, row: Correction) -> list[Piece]:
    """Return the parts of a correction that are decided one by one, against what stands there now."""
    stands = record.read(session, row.table_name, row.row_id)
    grouped: dict[str, list[str]] = {}
    for name in row.wished:
        grouped.setdefault(piece_of(name), []).append(name)
    found = []
    for piece, names in grouped.items():
        base, wished = ({name: one.get(name, "") for name in names} for one in (row.base, row.wished))
        there = {name: stands.get(name, "") for name in names}
        found.append(Piece(piece, base, there, wished, settled=there in (base, wished)))
    return found


def piece_of(name: str) -> str:
    """Return what a field is decided with: a week and a row as a whole, else the field alone.

    Examples
    --------
    >>> piece_of("places.7.hours.MO"), piece_of("phones.+1.number"), piece_of("name")
    ('places.7.hours', 'phones.+1', 'name')
    """
    parts = name.split(".")
    if "hours" in parts[:-1]:
        return ".".join(parts[: parts.index("hours") + 1])
    return ".".join(parts[:-1]) if len(parts) > 2 else name


def take(
    session: Session, correction_id: str, chosen: Collection[str] | None, *, by: str, answer: str = ""
) -> Correction:
    """Take over pieces of a correction (None: all of them) and return it; they can be undone like any edit.

    Raises
    ------
    NotFound
        If there is no such correction, or its record is gone.
    Conflict
        If it was decided already.
    Invalid
        If no piece was chosen, or what was chosen cannot be kept together.
    """
    row = require_waiting(session, correction_id)
    answer = _usable(answer)
    known = [piece.name for piece in pieces(session, row)]
    names = known if chosen is None else [name for name in known if name in set(chosen)]
    if not names:
        raise Invalid(_("Choose at least one line to take, or refuse the correction."))
    _apply(session, row, names, by=by, kind="correction", answer=answer)
    return row


def refuse(session: Session, correction_id: str, *, by: str, answer: str) -> Correction:
    """Refuse a correction with a sentence, which the provider reads at its link, and return it.

    Raises
    ------
    NotFound, Conflict
        As for `take`.
    Invalid
        If there is no sentence.
    """
    row = require_waiting(session, correction_id)
    answer = _usable(answer)
    if not answer:
        sentence = _("Say in a sentence why it is refused: the provider reads it.")
        raise Invalid(sentence, {"answer": sentence})
    row.state, row.answer = REFUSED, answer
    row.decided_at, row.decided_by = now(), by
    session.flush()
    return row


def take_back(session: Session, correction_id: str, *, by: str) -> Correction:
    """Put back what was taken of a correction, which then waits again, and return it.

    Raises
    ------
    NotFound
        If there is no such correction.
    Conflict
        If nothing of it was taken, or somebody has changed the same since.
    """
    row = session.get(Correction, correction_id)
    if row is None:
        raise NotFound(_("There is no such correction; its organisation may have been removed."))
    if row.state == WAITING:
        raise Conflict(_("This correction waits already; there is nothing to take back."))
    if row.edit_id and session.get_one(Edit, row.edit_id).undone_by_id is None:  # else the history did it
        restoring.take_back(session, row.edit_id, by=by)
    row.state, row.taken, row.answer, row.edit_id = WAITING, [], "", None
    row.decided_at, row.decided_by = None, None
    session.flush()
    return row


def require_waiting(session: Session, correction_id: str) -> Correction:
    """Return a correction that waits; raises NotFound, or Conflict where it was decided already."""
    row = session.get(Correction, correction_id, options=[joinedload(Correction.organization)])
    if row is None:
        raise NotFound(_("There is no such correction; its organisation may have been removed."))
    if row.state != WAITING:
        raise Conflict(_("Somebody has decided about this correction already. Nothing was done again."))
    return row


def listing(session: Session, *, waiting: bool, limit: int, offset: int) -> tuple[int, Sequence[Correction]]:
    """Return how many corrections wait (the oldest first) or were decided (the latest first), and a part."""
    wanted = Correction.state == WAITING if waiting else Correction.state != WAITING
    order = Correction.at if waiting else Correction.at.desc()
    total = session.scalar(select(func.count()).select_from(Correction).where(wanted)) or 0
    query = select(Correction).where(wanted).order_by(order, Correction.id)
    query = query.options(joinedload(Correction.organization))
    return total, session.scalars(query.limit(limit).offset(offset)).all()


def waiting_count(session: Session) -> int:
    """Return how many corrections wait for a coordinator."""
    query = select(func.count()).select_from(Correction).where(Correction.state == WAITING)
    return session.scalar(query) or 0


def waiting_of(session: Session, kind: str, record_id: str) -> Sequence[Correction]:
    """Return the corrections of a record that wait, the latest first."""
    query = select(Correction).where(
        Correction.table_name == kind, Correction.row_id == record_id, Correction.state == WAITING
    )
    return session.scalars(query.order_by(Correction.at.desc(), Correction.id)).all()


def of_link(session: Session, link: ProviderLink, *, limit: int = 30) -> Sequence[Correction]:
    """Return what came by the links of an organization, the latest first; nothing for a vacancy's link."""
    if link.purpose == "vacancy":
        return ()
    query = select(Correction).where(Correction.organization_id == link.organization_id)
    return session.scalars(query.order_by(Correction.at.desc(), Correction.id).limit(limit)).all()


def _apply(
    session: Session, row: Correction, names: Sequence[str], *, by: str, kind: str, answer: str = ""
) -> None:
    stands = record.read(session, row.table_name, row.row_id)
    wished = {name: text for name, text in row.wished.items() if piece_of(name) in set(names)}
    about = (row.table_name, row.row_id)
    with edit(session, by=by, kind=kind, about=about, note=row.by if kind == "correction" else "") as entry:
        record.check_and_write(
            session, row.table_name, row.row_id, whole(row.table_name, stands, wished), by=by
        )
    every = {piece_of(name) for name in row.wished}
    row.state = TAKEN if every <= set(names) else PARTLY
    row.taken, row.answer, row.edit_id = list(names), answer, entry.id
    row.decided_at, row.decided_by = now(), by
    session.flush()


def whole(kind: str, stands: Texts, changed: Texts) -> dict[str, str]:
    """Return a whole record with some fields changed; a row that says nothing any more is left out whole."""
    found = {name: text for name, text in {**stands, **changed}.items() if text}
    for row in {piece_of(name) for name in changed if piece_of(name) != name and "hours" not in name}:
        told = [name for name in found if name.startswith(f"{row}.")]
        if not any(group_of(kind, name) for name in told):
            found = {name: text for name, text in found.items() if name not in told}
    return found


def _usable(answer: str) -> str:
    answer = " ".join(answer.split())
    if len(answer) > LONGEST_ANSWER or not answer.isprintable():
        sentence = _("Keep the answer to a sentence of at most %(most)s characters.", most=LONGEST_ANSWER)
        raise Invalid(sentence, {"answer": sentence})
    return answer
