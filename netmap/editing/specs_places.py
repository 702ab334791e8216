"""What the forms of an organisation and of a place hold, field by field."""

from functools import cache

from netmap.directory.models import Accessibility, Address, Area, OrganizationIdentifier
from netmap.editing import words
from netmap.editing.columns import Columns
from netmap.editing.fields import Field
from netmap.editing.hours import Hours
from netmap.editing.parts import Part, Rows
from netmap.editing.pointing import ByName
from netmap.editing.specs import ALERT_UNTIL, REVIEW, aliases, contacts, funding, languages, pages, phones
from netmap.i18n import gettext as _

ACCESSIBILITY = (
    Field("description", lambda: _("How one gets in"), "text"),
    Field("details", lambda: _("More about it"), "text"),
    Field("url", lambda: _("Web page"), "link"),
)
ADDRESS = (
    Field("address_1", lambda: _("Street and number")),
    Field("address_2", lambda: _("Door, floor, building")),
    Field("attention", lambda: _("Name on the door")),
    Field("city", lambda: _("Town or village")),
    Field("region", lambda: _("Part of the region")),
    Field("state_province", lambda: _("Region")),
    Field("postal_code", lambda: _("Postcode")),
    Field("country", lambda: _("Country")),
    Field("address_type", lambda: _("What the address is for"), "choice", choices=words.place_names),
)


@cache
def organization() -> tuple[Part, ...]:
    """Return what the form of an organisation holds."""
    columns = (
        Field("name", lambda: _("Name of the organisation"), required=True),
        Field("alternate_name", lambda: _("Other name")),
        Field("description", lambda: _("What it does"), "text"),
        Field("kind", lambda: _("What kind of organisation"), "choice", choices=words.kind_names),
        Field("email", lambda: _("E-mail"), "email"),
        Field("website", lambda: _("Web page"), "link"),
        Field("year_incorporated", lambda: _("Year of founding"), "int", least=1000, most=2200),
        Field("legal_status", lambda: _("Legal form")),
        Field("tax_id", lambda: _("Tax number")),
        Field("alert", lambda: _("Notice"), "text"),
        ALERT_UNTIL,
        REVIEW,
        Field("duty_days", lambda: _("Must report a change within so many days"), "int", least=1, most=366),
        Field("closed_on", lambda: _("Closed for good on"), "date"),
    )
    identifier = (
        Field("identifier_scheme", lambda: _("Register")),
        Field("identifier_type", lambda: _("What number it is")),
        Field("identifier", lambda: _("Number"), required=True),
    )
    owner = "organization_id"
    return (
        Columns(columns),
        ByName("parent_organization_id", lambda: _("Part of")),
        ByName("successor_id", lambda: _("Renamed to, or taken over by")),
        phones(owner),
        contacts(owner),
        funding(owner),
        pages("additional_websites", owner),
        aliases(owner),
        Rows(
            "identifiers",
            OrganizationIdentifier,
            owner,
            lambda: _("Number in a register"),
            (Columns(identifier),),
        ),
    )


@cache
def location() -> tuple[Part, ...]:
    """Return what the form of a place holds."""
    columns = (
        Field("name", lambda: _("Name of the place")),
        Field("alternate_name", lambda: _("Other name")),
        Field(
            "location_type",
            lambda: _("What kind of place"),
            "choice",
            required=True,
            choices=words.place_names,
        ),
        Field("description", lambda: _("What one finds there"), "text"),
        Field("transportation", lambda: _("How to get there"), "text"),
        Field("area_code", lambda: _("Area"), "reference", refers=Area),
        Field("latitude", lambda: _("Latitude"), "number", least=-90, most=90),
        Field("longitude", lambda: _("Longitude"), "number", least=-180, most=180),
        Field("url", lambda: _("Web page"), "link"),
        Field("confidential", lambda: _("The address is told to nobody outside"), "yes"),
        Field("safety_note", lambda: _("For colleagues who go there"), "text"),
    )
    owner = "location_id"
    return (
        Columns(columns),
        Rows("addresses", Address, owner, lambda: _("Address"), (Columns(ADDRESS),)),
        Hours(owner),
        phones(owner),
        contacts(owner),
        languages(owner),
        Rows(
            "accessibility",
            Accessibility,
            owner,
            lambda: _("Getting in with a wheelchair or other aids"),
            (Columns(ACCESSIBILITY),),
        ),
    )
