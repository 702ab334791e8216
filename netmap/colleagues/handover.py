"""A colleague leaves: what he or she looks after, and who takes it on. One edit, which can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.colleagues.knowing import require_colleague
from netmap.colleagues.models import PersonalTie, SettlementContact
from netmap.directory.models import Organization
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.partners.models import Agreement, BodyAction, Partnership
from netmap.partners.service import staff

PARTNERSHIP, TIE, AGREEMENT, ACTION, SETTLEMENT = "partnership", "tie", "agreement", "action", "settlement"
OWNED: Mapping[str, type[Any]] = {
    PARTNERSHIP: Partnership,
    TIE: PersonalTie,
    AGREEMENT: Agreement,
    ACTION: BodyAction,
    SETTLEMENT: SettlementContact,
}


@dataclass(frozen=True, slots=True)
class Orphan:
    """One thing that a colleague looks after.

    ``group`` is what belongs together: the organization, else the thing itself.
    """

    kind: str
    id: str
    name: str
    group: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.id}"


def orphans(session: Session, email: str) -> list[Orphan]:
    """Return everything that a colleague looks after, what belongs together side by side.

    Of a tie that is not shared only the organization is told, not the sentence.
    """
    found = [
        Orphan(kind, id_, name, group or id_)
        for kind, query in _queries().items()
        for id_, name, group in session.execute(query.where(OWNED[kind].owner == email))
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.kind, one.id))


def _queries() -> dict[str, Any]:
    named = Organization.name, Organization.id
    return {
        PARTNERSHIP: select(Partnership.id, *named).join(Partnership.organization),
        TIE: select(PersonalTie.id, *named).join(PersonalTie.organization),
        AGREEMENT: select(Agreement.id, Agreement.title, Agreement.id),
        ACTION: select(BodyAction.id, BodyAction.sentence, BodyAction.id).where(BodyAction.done_on.is_(None)),
        SETTLEMENT: select(SettlementContact.id, SettlementContact.name, SettlementContact.area_code),
    }


def without_owner(session: Session) -> list[tuple[str, int]]:
    """Return (e-mail, how many things) for owners who may no longer sign in, those with most first."""
    active = set(staff(session))
    known = set(session.scalars(select(User.email)))
    found: dict[str, int] = {}
    for kind, model in OWNED.items():
        query = select(model.owner, func.count()).where(model.owner.is_not(None)).group_by(model.owner)
        if kind == ACTION:  # an action may name a function; only e-mails of people who were here count
            query = query.where(BodyAction.done_on.is_(None), model.owner.in_(known))
        for owner, number in session.execute(query):
            if owner not in active:
                found[owner] = found.get(owner, 0) + number
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def hand_over(
    session: Session, email: str, keys: Collection[str], receivers: Sequence[str], *, by: str
) -> tuple[Edit, int]:
    """Give what was chosen to one colleague, or share it out evenly among several; return edit and number.

    What belongs to one organization goes to one receiver. What the colleague no longer owns is left alone.

    Raises
    ------
    Invalid
        If nothing or nobody was chosen, or a receiver may not sign in or is the one who leaves.
    """
    if not receivers or email in receivers:
        raise Invalid(
            _("Choose who takes it on: one colleague or several, not the one who leaves."),
            {"receivers": _("Choose who takes it on: one colleague or several, not the one who leaves.")},
        )
    known = staff(session)
    for receiver in receivers:
        require_colleague(session, receiver, known)
    chosen = [one for one in orphans(session, email) if one.key in keys]
    if not chosen:
        raise Invalid(_("Tick what shall be handed over."), {"items": _("Tick what shall be handed over.")})
    groups = list(dict.fromkeys(one.group for one in chosen))
    taker = {group: receivers[number % len(receivers)] for number, group in enumerate(groups)}
    given = 0
    with edit(session, by=by, kind="handover", about=("user", email)) as entry:
        for one in chosen:
            given += _give(session, one, taker[one.group])
    return entry, given


def _give(session: Session, one: Orphan, receiver: str) -> int:
    """Give one thing to a receiver; a tie that the receiver has as well joins the receiver's own."""
    row = session.get_one(OWNED[one.kind], one.id)
    if isinstance(row, PersonalTie):
        where = PersonalTie.owner == receiver, PersonalTie.organization_id == row.organization_id
        own = session.scalars(select(PersonalTie).where(*where)).one_or_none()
        if own is not None:
            own.sentence = f"{own.sentence} / {row.sentence}"[:300]
            own.shared = own.shared and row.shared  # what one of the two kept to oneself is not shown by this
            session.delete(row)
            return 1
    row.owner = receiver
    session.flush()
    return 1
