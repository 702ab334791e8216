"""The short way in: an organization or a service in at most five fields, found by the search at once.

No agreement, no address and no register number is asked: whoever is known by name and by what they do helps
already. The kinds of help are suggested from the words and wait for a person to confirm them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from netmap.directory.documents import phrase
from netmap.directory.models import (
    Alias,
    Area,
    Organization,
    Phone,
    Service,
    ServiceArea,
    ServiceTypeLink,
    new_id,
)
from netmap.editing.writing import edit
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.vocabulary.question import understand

LONGEST_NAME, LONGEST_NOTE = 200, 2000
SUGGESTED_FROM = 0.5  # what the words say with less weight is not suggested
SUREST = 0.75  # words of a person say less than a person who confirms
MOST_TYPES = 3


@dataclass(frozen=True)
class Light:
    """What is asked of somebody who is met for the first time.

    Parameters
    ----------
    name : str
        Of the organization, or of the service where the organization is there already.
    helps_with : str
        In a few words.
    area : str
        Code of the area, or empty.
    reach : str
        A telephone number, an e-mail address or a web page.
    note : str
    """

    name: str = ""
    helps_with: str = ""
    area: str = ""
    reach: str = ""
    note: str = ""

    def tidied(self) -> "Light":
        """Return the fields without blanks around them."""
        return Light(*(getattr(self, one.name).strip() for one in fields(self)))


@dataclass(frozen=True)
class Reach:
    """How somebody is reached: one of the three."""

    phone: str = ""
    email: str = ""
    website: str = ""


def reach_of(text: str) -> Reach:
    """Return what a person typed as the way to reach somebody.

    Raises
    ------
    Invalid
        If it is neither a number nor an address.

    Examples
    --------
    >>> reach_of("+370 600 00001"), reach_of("desk@help.example").email, reach_of("www.help.example").website
    (Reach(phone='+370 600 00001', email='', website=''), 'desk@help.example', 'www.help.example')
    """
    if not text:
        return Reach()
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return Reach(email=text)
    if re.fullmatch(r"(https?://|www\.)[^\s/]+\S*", text, re.IGNORECASE):
        return Reach(website=text)
    if len(re.sub(r"\D", "", text)) >= 3 and re.fullmatch(r"[+\d][\d\s()./-]*", text):
        return Reach(phone=text)
    sentence = _("Give one telephone number, e-mail address or web page, such as +370 600 00001.")
    raise Invalid(sentence, {"reach": sentence})


def check(session: Session, light: Light) -> None:
    """Raise Invalid with a sentence for each field that cannot be kept; only two have to be filled."""
    found = {}
    if not light.name:
        found["name"] = _("Give the name under which people know it.")
    if not light.helps_with:
        found["helps_with"] = _("Say in a few words what it helps with, or nobody will find it.")
    limits = {"name": LONGEST_NAME, "helps_with": LONGEST_NAME, "note": LONGEST_NOTE}
    for name, most in limits.items():
        if len(getattr(light, name)) > most:
            found[name] = _("Shorten this to %(most)s characters.", most=most)
    if light.area and session.get(Area, light.area) is None:
        found["area"] = _("Choose an area from the list, or leave it empty.")
    try:
        reach_of(light.reach)
    except Invalid as error:
        found |= error.fields
    if found:
        raise Invalid(_("Nothing was saved. %(why)s", why=" ".join(found.values())), found)


def namesakes(session: Session, name: str) -> list[Organization]:
    """Return the organizations that are or were called so, whatever their capitals, accents and quotes."""
    wanted = phrase(name)
    if not wanted:
        return []
    former = select(Alias.organization_id, Alias.name).where(Alias.organization_id.is_not(None))
    rows: Iterable[Any] = session.execute(union_all(select(Organization.id, Organization.name), former))
    ids = sorted({id_ for id_, called in rows if phrase(called) == wanted})
    query = select(Organization).where(Organization.id.in_(ids))
    return list(session.scalars(query.order_by(Organization.name, Organization.id)))


def services_called(session: Session, organization_id: str, name: str) -> list[Service]:
    """Return the services of an organization that are called so."""
    query = select(Service).where(Service.organization_id == organization_id).order_by(Service.id)
    return [one for one in session.scalars(query) if phrase(one.name) == phrase(name)]


def add_organization(session: Session, light: Light, *, by: str, parent: str | None = None) -> Organization:
    """Return a new organization with one service: what it helps with.

    Raises
    ------
    Invalid
        With a sentence for each field; then nothing is written.
    NotFound
        If it shall be a part of an organization that is not there.
    """
    light = light.tidied()
    check(session, light)
    if parent is not None and session.get(Organization, parent) is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    reach = reach_of(light.reach)
    made = Organization(
        id=new_id(), name=light.name, email=reach.email or None, website=reach.website or None,
        parent_organization_id=parent, description=light.note,
    )  # fmt: skip
    with edit(session, by=by, kind="new", about=("organization", made.id)):
        session.add(made)
        session.flush()
        if reach.phone:
            session.add(Phone(organization_id=made.id, number=reach.phone))
        _service(session, made.id, light.helps_with, light.helps_with, "", light.area)
        session.flush()
    return made


def add_service(session: Session, organization_id: str, light: Light, *, by: str) -> Service:
    """Return a new service of an organization that is there.

    Raises
    ------
    Invalid
        With a sentence for each field; then nothing is written.
    NotFound
        If there is no such organization.
    """
    light = light.tidied()
    check(session, light)
    if session.get(Organization, organization_id) is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    reach = reach_of(light.reach)
    new = new_id()
    with edit(session, by=by, kind="new", about=("service", new)):
        text = "\n".join(part for part in (light.helps_with, light.note) if part)
        made = _service(session, organization_id, light.name, light.helps_with, text, light.area, new)
        made.email, made.url = reach.email or None, reach.website or None
        if reach.phone:
            session.add(Phone(service_id=made.id, number=reach.phone))
        session.flush()
    return made


def _service(
    session: Session, owner: str, name: str, helps_with: str, text: str, area: str, key: str = ""
) -> Service:
    """Add a service with the types that its words suggest."""
    made = Service(id=key or new_id(), organization_id=owner, name=name, description=text, status="active")
    session.add(made)
    session.flush()
    if area:
        place = session.get_one(Area, area)
        session.add(ServiceArea(service_id=made.id, area_code=area, name=place.name))
    weights = understand(f"{name} {helps_with}" if name != helps_with else name).types
    likely = [(code, weight) for code, weight in weights.items() if weight >= SUGGESTED_FROM]
    for code, weight in likely[:MOST_TYPES]:
        session.add(
            ServiceTypeLink(
                service_id=made.id, code=code, state="suggested", confidence=min(weight, SUREST),
                evidence=f"“{helps_with}”",
            )
        )  # fmt: skip
    session.flush()
    return made
