"""What several forms hold: telephones, people, languages, areas, money, pages, further names."""

from typing import Any

from sqlalchemy.orm import Session

from netmap.directory.models import Alias, Area, Contact, Funding, Language, Phone, ServiceArea, Url
from netmap.editing import words
from netmap.editing.columns import Columns
from netmap.editing.fields import Field
from netmap.editing.hours import Hours
from netmap.editing.parts import Pen, Rows, Texts
from netmap.i18n import gettext as _

PHONE = (
    Field("number", lambda: _("Number"), required=True),
    Field("extension", lambda: _("Extension")),
    Field("type", lambda: _("For what"), "choice", choices=words.phone_names),
    Field("description", lambda: _("Remark")),
)
LANGUAGE = (
    Field("code", lambda: _("Language"), "language"),
    Field("name", lambda: _("Language in words")),
    Field("note", lambda: _("Remark")),
)


class Spoken(Columns):
    """A language: its code, or words where it has none; words beside a code would only say it twice."""

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return code and remark, and the words where there is no code."""
        found = super().read(session, row)
        if "code" in found:
            found.pop("name", None)
        return found

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write what was changed; the words of another code than before go."""
        super().write(pen, row, before, after)
        if after.get("code") and after["code"] != before.get("code"):
            row.name = None


def phones(owner: str) -> Rows:
    """Return the telephones that hang on a row by a column."""
    return Rows("phones", Phone, owner, lambda: _("Telephone"), (Columns(PHONE),))


def languages(owner: str) -> Rows:
    """Return the languages that hang on a row by a column."""
    return Rows("languages", Language, owner, lambda: _("Language"), (Spoken(LANGUAGE),))


def contacts(owner: str) -> Rows:
    """Return the people to ask, each with telephones and hours of their own."""
    person = (
        Field("name", lambda: _("Name")),
        Field("title", lambda: _("What for, for example debt adviser")),
        Field("department", lambda: _("Department")),
        Field("email", lambda: _("E-mail"), "email"),
    )
    parts = (Columns(person), phones("contact_id"), Hours("contact_id"))
    return Rows("contacts", Contact, owner, lambda: _("Person to ask"), parts)


def funding(owner: str) -> Rows:
    """Return who pays for what a row is about."""
    source = (Field("source", lambda: _("Paid for by"), required=True),)
    return Rows("funding", Funding, owner, lambda: _("Money from"), (Columns(source),))


def pages(name: str, owner: str) -> Rows:
    """Return further web pages."""
    page = (
        Field("label", lambda: _("What it is")),
        Field("url", lambda: _("Address"), "link", required=True),
    )
    return Rows(name, Url, owner, lambda: _("Web page"), (Columns(page),))


def areas(owner: str) -> Rows:
    """Return where a service is given."""
    area = (
        Field("area_code", lambda: _("Area"), "reference", refers=Area),
        Field("name", lambda: _("Area in words")),
        Field("description", lambda: _("Remark")),
    )
    return Rows("service_areas", ServiceArea, owner, lambda: _("Serves"), (Columns(area),))


def aliases(owner: str) -> Rows:
    """Return further names under which people look for it."""
    name = (
        Field("name", lambda: _("Name"), required=True),
        Field("kind", lambda: _("What name it is"), "choice", required=True, choices=words.alias_names),
    )
    return Rows("aliases", Alias, owner, lambda: _("Further name"), (Columns(name),))


REVIEW = Field("review_days", lambda: _("To be checked every so many days"), "int", least=1, most=1100)
ALERT_UNTIL = Field("alert_until", lambda: _("Show the notice until"), "date")
