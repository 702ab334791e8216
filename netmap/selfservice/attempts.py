"""The book of what was tried with links, and the turns that slow down guessing.

Every try stands in the book: what, when, from which address (as a keyed hash), with which link where there is
one; never the token. The same try from the same address within a minute is one row with a number, so that
nobody can fill the disk by knocking. Rows older than a year are deleted with the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from netmap.auth.throttle import Turn, give_back, keyed, line_of, take_turn
from netmap.config import Settings
from netmap.db import now
from netmap.errors import NetmapError
from netmap.selfservice import links
from netmap.selfservice.models import LinkEvent, ProviderLink

OPENED, PROBED, ACTED, NOT_TAKEN = "opened", "probed", "acted", "not taken"
REVOKED, EXPIRED, UNKNOWN, WITHOUT_FORM, TOO_OFTEN = (
    "revoked", "expired", "unknown", "without form", "too often",
)  # fmt: skip
KINDS = (OPENED, PROBED, ACTED, NOT_TAKEN, REVOKED, EXPIRED, UNKNOWN, WITHOUT_FORM, TOO_OFTEN)
ONE_ROW = timedelta(minutes=1)
KEPT = timedelta(days=366)
PER_ADDRESS, PER_LINK = 30, 120  # tries with no link, and acts of one link, in five minutes


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: the link, or why there is none and the seconds to wait."""

    link: ProviderLink | None
    refused: NetmapError | None = None
    wait: int = 0


def address_key(settings: Settings, address: str) -> str:
    """Return the keyed hash under which an address stands in the book; one for a whole IPv6 line."""
    return keyed(settings, "link address", line_of(address))


def note(session: Session, key: str, kind: str, *, link_id: str | None = None, what: str = "") -> None:
    """Write a try into the book; what was done is always a row of its own.

    Raises
    ------
    ValueError
        For a kind that is not in the list.
    """
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is no kind of try")
    moment = now()
    session.execute(delete(LinkEvent).where(LinkEvent.at < moment - KEPT))
    same = (
        LinkEvent.kind == kind,
        LinkEvent.address == key,
        LinkEvent.link_id == link_id if link_id else LinkEvent.link_id.is_(None),
        LinkEvent.what == what,
        LinkEvent.at > moment - ONE_ROW,
    )
    row = None
    if kind != ACTED:
        query = select(LinkEvent).where(*same).order_by(LinkEvent.id.desc()).limit(1)
        row = session.scalars(query).one_or_none()
    if row is None:
        session.add(LinkEvent(link_id=link_id, kind=kind, what=what, address=key, at=moment))
    else:
        row.times += 1
    session.flush()


def open_link(session: Session, settings: Settings, token: str, address: str, kind: str) -> Tried:
    """Return the link that a token opens, or the refusal; the try is noted either way.

    ``kind`` is what is noted of a try that is let in; ACTED is noted by whoever knows what was done. The
    session has to hold the write lock, and what is noted has to be committed also where the try is refused.
    """
    key = address_key(settings, address)
    turn = take_turn(session, [(keyed(settings, "link guess", key), PER_ADDRESS)])
    if turn.wait:
        note(session, key, TOO_OFTEN)
        return Tried(None, None, turn.wait)
    try:
        link = links.find(session, settings, token)
    except links.Ended as ended:
        give_back(session, turn)  # no guess: whoever has it was given it once
        note(session, key, ended.kind, link_id=ended.link.id)
        return Tried(None, ended)
    except NetmapError as refused:
        note(session, key, UNKNOWN)
        return Tried(None, refused)
    give_back(session, turn)
    if kind != ACTED:
        note(session, key, kind, link_id=link.id)
        return Tried(link)
    mine: Turn = take_turn(session, [(keyed(settings, "link act", link.id), PER_LINK)])
    if mine.wait:
        note(session, key, TOO_OFTEN, link_id=link.id)
        return Tried(None, None, mine.wait)
    return Tried(link)


def of_link(session: Session, link_id: str, *, limit: int = 50) -> Sequence[LinkEvent]:
    """Return what was tried with a link, the latest first."""
    query = select(LinkEvent).where(LinkEvent.link_id == link_id)
    return session.scalars(query.order_by(LinkEvent.id.desc()).limit(limit)).all()


def unknown_since(session: Session, days: int) -> int:
    """Return how many tries of the last days belonged to no link: guesses, or addresses copied in part."""
    since = now() - timedelta(days=days)
    told = select(func.sum(LinkEvent.times)).where(LinkEvent.link_id.is_(None), LinkEvent.at > since)
    return session.scalar(told) or 0
