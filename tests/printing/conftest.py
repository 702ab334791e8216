"""A small directory with everything that must never be printed, and names in four languages."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from netmap.directory.models import (
    Accessibility,
    Address,
    Area,
    Contact,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.printing.typeset import FONTS

MOMENT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
NAMES = {
    "en": "Warm evening meals",
    "ru": "Съёмное жильё: помощь с долгами",
    "uk": "Ґанок: їжа й одяг щодня",
    "lt": "Žiburėlis, ąžuolų šešėlyje",
}
SECRET = "STREET-OF-THE-REFUGE"
SAFETY = "DOG-IN-THE-YARD"
PERSON = "Ona Slaptoji"
CLOSED = "House that is no more"
NEVER = (SECRET, SAFETY, PERSON)


@pytest.fixture
def needs_fonts() -> None:
    """Skip where the fonts for print were not fetched."""
    if not Path(FONTS).is_dir():
        pytest.skip("the fonts for print are not there (run `make setup`)")


@pytest.fixture
def directory(session: Session) -> Session:
    """Four services at a hall, a refuge with a confidential address, and an organization that has closed."""
    session.add_all(
        [
            Area(code="county", name="Lauvena county", names={"ru": "Лаувенский уезд"}),
            Area(code="town", name="Lauvena", names={"ru": "Лаувена"}, parent_code="county"),
            Area(code="far", name="Far town", names={}),
            Organization(id="org", name="Open Table Mission"),
            Organization(id="gone", name=CLOSED, closed_on=date(2026, 1, 1)),
        ]
    )
    hall = Location(id="hall", name="Hall", area_code="town", safety_note=SAFETY, organization_id="org")
    hall.addresses = [Address(address_1="Sodų g. 1", city="Lauvena")]
    hall.accessibility = [Accessibility(description="Step-free door")]
    refuge = Location(id="refuge", name=SECRET, area_code="far", confidential=True, safety_note=SAFETY)
    refuge.description, refuge.transportation = SECRET, SECRET
    refuge.addresses = [Address(address_1=SECRET, city=SECRET)]
    refuge.accessibility = [Accessibility(description=SECRET)]
    session.add_all([hall, refuge])
    for lang, name in NAMES.items():
        session.add(_service(lang, name, "food_aid", lang, "hall"))
    hidden = _service("hidden", "A room for the night", "shelter", "en", "refuge")
    hidden.service_areas = [ServiceArea(area_code="county")]
    over = Service(id="over", name="Gone service", organization_id="gone", status="active")
    defunct = Service(id="defunct", name="Defunct service", organization_id="org", status="defunct")
    session.add_all([hidden, over, defunct])
    session.flush()
    return session


def _service(id_: str, name: str, code: str, lang: str, place: str) -> Service:
    made = Service(id=id_, name=name, organization_id="org", status="active", text_language=lang)
    made.description = f"{name}. <b>Not markup</b> & #also *not*"
    made.url, made.assured_date = "https://help.example/", date(2026, 11, 1)
    made.types = [ServiceTypeLink(code=code, state="confirmed")]
    made.phones = [Phone(number="+44 1632 960001", extension="7")]
    made.contacts = [Contact(name=PERSON, title="Cook", email="ona@help.example")]
    made.schedules = [
        Schedule(freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at="09:00", closes_at="17:00"),
        Schedule(closed=True, valid_from=date(2026, 12, 24), valid_to=date(2026, 12, 27)),
    ]
    made.places = [ServiceAtLocation(id=f"at-{id_}", location_id=place)]
    return made
