"""Links for providers: signed, with an end, revocable; only a hash of the token is kept.

A token is 32 random bytes and a signature over them. What does not carry the signature of this installation
is refused before the table of links is asked. The token opens; it is shown once, when it is made.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from netmap.config import LANGUAGES, Settings
from netmap.db import now
from netmap.directory.models import Organization
from netmap.errors import Forbidden, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.selfservice.models import PURPOSES, ProviderLink

DAYS, MOST_DAYS = 30, 366
LONGEST_ADDRESSEE = 254
_LONGEST_TOKEN = 200
_SALT = "netmap provider link"


class Ended(Forbidden):
    """The link was a real one once; it has ended or was taken back."""

    def __init__(self, link: ProviderLink, kind: str, message: str) -> None:
        super().__init__(message)
        self.link, self.kind = link, kind


def make(
    session: Session,
    settings: Settings,
    organization_id: str,
    *,
    addressee: str,
    by: str,
    days: int = DAYS,
    purpose: str = "records",
    about_id: str | None = None,
    language: str = "",
) -> str:
    """Make a link and return its path, "/provider/<token>"; nobody can show it a second time.

    Parameters
    ----------
    session : Session
    settings : Settings
        Holds the key that signs.
    organization_id : str
        Whose records the link opens.
    addressee : str
        To whom it is given, best an e-mail address: who acts by the link stands in the history as this.
    by : str
        E-mail of the member of staff who makes it.
    days : int
        After how many days it ends.
    purpose : "records" or "vacancy"
    about_id : str, optional
        The vacancy, where it is about one.
    language : str, optional
        In which the pages begin; empty: that of the installation.

    Raises
    ------
    NotFound
        If there is no such organization.
    Invalid
        If the addressee or the days cannot be used.
    """
    if session.get(Organization, organization_id) is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    if purpose not in PURPOSES:
        raise ValueError(f"'{purpose}' is no purpose of a link")
    _require_usable(addressee.strip(), days)
    token = secrets.token_urlsafe(32)
    made = now()
    link = ProviderLink(
        organization_id=organization_id, purpose=purpose, about_id=about_id, addressee=addressee.strip(),
        language=language if language in LANGUAGES else settings.language, token_hash=_hash(token),
        made_at=made, made_by=by, expires_at=made + timedelta(days=days),
    )  # fmt: skip
    session.add(link)
    session.flush()
    return f"/provider/{_signer(settings).sign(token).decode()}"


def find(session: Session, settings: Settings, token: str) -> ProviderLink:
    """Return the link that a token opens.

    Raises
    ------
    NotFound
        If no such link was ever made here.
    Ended
        If it is over or was revoked; a kind of Forbidden.
    """
    plain = signed_here(settings, token)
    if plain is None:
        raise _unknown()
    wanted = _hash(plain)
    query = select(ProviderLink).where(ProviderLink.token_hash == wanted)
    link = session.scalars(query.options(joinedload(ProviderLink.organization))).one_or_none()
    if link is None or not hmac.compare_digest(link.token_hash, wanted):
        raise _unknown()
    if link.revoked_at is not None:
        sentence = _("This link was taken back. Ask the office that sent it for a new one.")
        raise Ended(link, "revoked", sentence)
    if link.expires_at <= now():
        raise Ended(link, "expired", _("This link has ended. Ask the office that sent it for a new one."))
    return link


def signed_here(settings: Settings, token: str) -> str | None:
    """Return what is under the signature of a token; None where it is not signed by this installation."""
    if len(token) > _LONGEST_TOKEN:
        return None
    try:
        return _signer(settings).unsign(token).decode()
    except (BadSignature, UnicodeError):
        return None


def state(link: ProviderLink, moment: datetime) -> str:
    """Return "open", "revoked" or "expired"."""
    if link.revoked_at is not None:
        return "revoked"
    return "expired" if link.expires_at <= moment else "open"


def revoke(session: Session, link_id: str, by: str) -> ProviderLink:
    """Take a link back and return it; one that was taken back before stays as it is.

    Raises
    ------
    NotFound
        If there is no such link.
    """
    link = session.get(ProviderLink, link_id)
    if link is None:
        raise NotFound(_("There is no such link; its organisation may have been removed."))
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now(), by
        session.flush()
    return link


def revoke_all(session: Session, organization_id: str, by: str) -> int:
    """Take back every link of an organization that is open, and return how many there were."""
    of_it = (ProviderLink.organization_id == organization_id, ProviderLink.revoked_at.is_(None))
    done = session.execute(
        update(ProviderLink)
        .where(*of_it, ProviderLink.expires_at > now())
        .values(revoked_at=now(), revoked_by=by)
        .returning(ProviderLink.id)
    )
    return len(done.all())


def of_organizations(session: Session, ids: Iterable[str], *, limit: int = 50) -> list[ProviderLink]:
    """Return the links of organizations, the latest first."""
    query = select(ProviderLink).where(ProviderLink.organization_id.in_(list(ids)))
    return list(
        session.scalars(query.order_by(ProviderLink.made_at.desc(), ProviderLink.id).limit(limit)).all()
    )


def _require_usable(addressee: str, days: int) -> None:
    fields: dict[str, str] = {}
    if not addressee or not addressee.isprintable():
        fields["addressee"] = _("Say to whom the link is given, best by an e-mail address.")
    elif len(addressee) > LONGEST_ADDRESSEE:
        fields["addressee"] = _("This is too long for an e-mail address or a name: shorten it.")
    if not 1 <= days <= MOST_DAYS:
        fields["days"] = _("Give the days as a number from 1 to %(most)s.", most=MOST_DAYS)
    if fields:
        raise Invalid(_("No link was made: %(why)s", why=" ".join(fields.values())), fields)


def _unknown() -> NotFound:
    return NotFound(
        _("This link is not known here. Copy the whole address from the letter, or ask for a new one.")
    )


def _signer(settings: Settings) -> Signer:
    keys = [*reversed(settings.fallback_keys()), settings.key()]  # the last one signs
    return Signer(keys, salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
