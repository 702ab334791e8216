"""What partners say about packages: who has approved or objected, for which version, and what came since."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.packages import queries, service
from netmap.packages.models import PackageApproval

STATES = ("approved", "objected")
LONGEST_NAME, LONGEST_NOTE = 200, 1000


@dataclass(frozen=True)
class Opinion:
    """What a partner says now; ``since`` counts the versions made after the one that was looked at."""

    partner: str
    organization_id: str | None
    person: str
    state: str
    note: str
    number: int
    since: int
    at: datetime
    by: str
    earlier: tuple["Opinion", ...] = field(default=())  # what the partner said before, the newest first

    @property
    def sentence(self) -> str:
        """The opinion in one sentence."""
        number = self.number
        words = (
            _("approved version %(number)s", number=number)
            if self.state == "approved"
            else _("objected to version %(number)s", number=number)
        )
        if not self.since:
            return words
        since = ngettext("%(number)s change since", "%(number)s changes since", self.since)
        return f"{words}; {since}"


def record_opinion(
    session: Session, code: str, number: int, *, partner: str, person: str, state: str, note: str, by: str
) -> Opinion:
    """Write down what a partner said about a version, and return it.

    Parameters
    ----------
    session : Session
        Is flushed, not committed.
    code, number : str, int
        The version that the partner looked at.
    partner, person : str
        Name of the body, and who spoke for it. A body with exactly one record in the directory is tied to it.
    state : str
        "approved" or "objected".
    note : str
        What they said; needed where they object.
    by : str
        E-mail of who writes it down.

    Raises
    ------
    NotFound
        If there is no such version.
    Invalid
        If something is missing, or the version cannot be approved since it does not say when work ends.
    """
    version = service.get(session, code, number)
    errors: dict[str, str] = {}
    partner = _text(partner, "partner", _("Name the partner body."), LONGEST_NAME, errors)
    person = _text(person, "person", _("Say who spoke for it."), LONGEST_NAME, errors)
    note = _text(
        note, "note", _("Write what they object to.") if state == "objected" else "", LONGEST_NOTE, errors
    )
    if state not in STATES:
        errors["state"] = _("Choose whether they approve or object.")
    elif state == "approved" and not version.document.standard.get("closure"):
        errors["state"] = _(
            "Version %(number)s cannot be approved: its “Closure” is empty, so nobody can tell when the "
            "work is done. Write it first.",
            number=number,
        )
    if errors:
        raise Invalid(_("The opinion cannot be kept yet."), errors)
    bodies = queries.organizations_named(session, partner)
    row = PackageApproval(
        package_code=code,
        number=number,
        organization_id=bodies[0] if len(bodies) == 1 else None,
        partner=partner,
        person=person,
        state=state,
        note=note,
        by=by,
    )
    session.add(row)
    session.flush()
    return _opinion(row, version.current)


def opinions(session: Session, code: str) -> list[Opinion]:
    """Return what each partner says now, those who object first, then by name."""
    current = service.get(session, code).current
    by_partner: dict[str, list[Opinion]] = {}
    for row in queries.approvals(session, code):
        key = row.organization_id or row.partner.casefold()
        by_partner.setdefault(key, []).append(_opinion(row, current))
    found = [
        Opinion(**{**vars(said[0]), "earlier": tuple(said[1:])})  # the newest stands first
        for said in by_partner.values()
    ]
    return sorted(found, key=lambda one: (one.state != "objected", one.partner.casefold()))


def _opinion(row: PackageApproval, current: int) -> Opinion:
    return Opinion(
        partner=row.partner,
        organization_id=row.organization_id,
        person=row.person,
        state=row.state,
        note=row.note,
        number=row.number,
        since=max(0, current - row.number),
        at=row.at,
        by=row.by,
    )


def _text(text: str, name: str, missing: str, longest: int, errors: dict[str, str]) -> str:
    """Return a text on one line; ``missing`` is the sentence if there must be one."""
    text = " ".join(text.split())
    if not text and missing:
        errors[name] = missing
    elif len(text) > longest or not text.isprintable():
        errors[name] = _("This may have at most %(longest)s ordinary characters.", longest=longest)
    return text
