"""Turns: how often may be tried, counted in the database over all processes and restarts.

After each ten failures of an account (thirty of an address) there is a pause, and it grows: 5, 10, 20, 40,
then always 60 minutes. It ends by itself, so nobody is locked out for good. What is tried during a pause is
refused and not counted, so nobody can make a pause longer by knocking. A browser that has signed in before
has turns of its own: whoever uses up those of an account from elsewhere does not keep its owner out.
"""

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from netmap.auth.models import SignInTry
from netmap.config import Settings
from netmap.db import now

PER_ACCOUNT, PER_ADDRESS = 10, 30
WINDOW, LONGEST_PAUSE, MEMORY = timedelta(minutes=5), timedelta(minutes=60), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to try once, or the seconds to wait for it."""

    wait: int = 0
    taken: tuple[int, ...] = ()


def keyed(settings: Settings, kind: str, text: str) -> str:
    """Return under which key something is counted: not to be turned back without the secret key."""
    told = f"{kind}:{text.strip().lower()}".encode()
    return hmac.new(settings.key().encode(), told, hashlib.sha256).hexdigest()


def sign_in_turn(
    session: Session, settings: Settings, email: str, address: str, browser: str | None = None
) -> Turn:
    """Take a turn for a sign-in; ``browser`` is the mark of one in which this person signed in before."""
    if browser is not None:
        return take_turn(session, [(keyed(settings, "browser", browser), PER_ACCOUNT)])
    account, place = keyed(settings, "account", email), keyed(settings, "address", line_of(address))
    return take_turn(session, [(account, PER_ACCOUNT), (place, PER_ADDRESS)])


def line_of(address: str) -> str:
    """Return what stands for all addresses of one line: with IPv6 a home has 2**64 of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, 64), strict=False))


def take_turn(session: Session, counted: Iterable[tuple[str, int]]) -> Turn:
    """Take a turn under each of the (key, most at once), or say how long to wait.

    It is counted before the try and given back after a success: so tries at the same moment cannot all
    see the same last free turn. The session has to hold the write lock.
    """
    counted = list(counted)
    session.execute(delete(SignInTry).where(SignInTry.at < now() - MEMORY))
    if wait := max(_wait(session, key, most) for key, most in counted):
        return Turn(wait=wait)
    rows = [SignInTry(key=key) for key, _most in counted]
    session.add_all(rows)
    session.flush()
    return Turn(taken=tuple(row.id for row in rows))


def give_back(session: Session, turn: Turn) -> None:
    """Take back a turn that ended well."""
    session.execute(delete(SignInTry).where(SignInTry.id.in_(turn.taken)))


def _wait(session: Session, key: str, most: int) -> int:
    moments = list(
        session.scalars(select(SignInTry.at).where(SignInTry.key == key).order_by(SignInTry.at.desc()))
    )
    if len(moments) < most:
        return 0
    until = moments[most - 1] + WINDOW
    if len(moments) % most == 0:
        until = max(until, moments[0] + min(WINDOW * 2 ** (len(moments) // most - 1), LONGEST_PAUSE))
    return max(0, math.ceil((until - now()).total_seconds()))
