"""What may be printed of a service: never a confidential address, a safety note or a person."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from netmap.directory.models import Service
from netmap.i18n import speaking
from netmap.printing.entries import Entry, entries, public_ids
from tests.printing.conftest import MOMENT, NAMES, NEVER, SECRET


def told(session: Session, *ids: str, inner: bool = False) -> list[Entry]:
    return list(entries(session, ids, MOMENT, 365, forget=False, inner=inner))


def said(entry: Entry, code: str) -> list[str]:
    line = entry.line(code)
    return [one.text for one in line.said] if line else []


def test_what_is_over_is_not_public(directory: Session) -> None:
    assert public_ids(directory, MOMENT.date()) == ["en", "hidden", "lt", "ru", "uk"]


def test_a_confidential_place_gives_its_area_only(directory: Session) -> None:
    entry = told(directory, "hidden")[0]
    assert said(entry, "where") == ["Far town (the address is told by phone only)"]
    assert not any(word in str(asdict(entry)) for word in NEVER)


def test_the_inner_copy_tells_the_address_but_no_safety_note(directory: Session) -> None:
    entry = told(directory, "hidden", inner=True)[0]
    assert SECRET in said(entry, "where")[0]
    assert "DOG" not in str(asdict(entry))


def test_words_of_the_provider_keep_their_language_and_ours_are_the_readers(directory: Session) -> None:
    with speaking("ru"):
        russian, lithuanian = told(directory, "ru", "lt")[::-1]
    assert (russian.name.text, russian.name.lang) == (NAMES["ru"], None)
    assert (lithuanian.name.text, lithuanian.name.lang) == (NAMES["lt"], "lt")
    line = lithuanian.line("hours")
    assert line is not None
    assert line.label == "Когда открыто"
    assert line.said[0].text == "пн–пт 09:00–17:00"


def test_days_soon_that_are_closed_stand_beside_the_week(directory: Session) -> None:
    assert said(told(directory, "en")[0], "hours") == [
        "Mon–Fri 09:00–17:00",
        "closed 24 December 2026 – 27 December 2026",
    ]


def test_what_nobody_knows_is_said_to_be_unknown(directory: Session) -> None:
    directory.add(Service(id="bare", name="Bare", status="unknown"))
    directory.flush()
    entry = told(directory, "bare")[0]
    assert said(entry, "hours") == ["Hours not known, call first"]
    assert said(entry, "phone") == ["not known"]
    assert said(entry, "cost") == ["not known: ask"]
    assert said(entry, "checked") == ["no person has checked this yet: call first"]
    assert entry.badges == ("not known whether offered: ask",)


def test_a_notice_that_has_run_out_is_not_printed(directory: Session) -> None:
    service = directory.get_one(Service, "en")
    service.alert, service.alert_until = "Moved", MOMENT.date().replace(day=25)
    directory.flush()
    assert told(directory, "en")[0].alert is None
    service.alert_until = MOMENT.date()
    directory.flush()
    alert = told(directory, "en")[0].alert
    assert alert is not None
    assert alert.text == "Moved"
