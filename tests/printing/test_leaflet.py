"""The leaflet: what stands on it, that it fits, and where its code leads."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from netmap.i18n import speaking
from netmap.printing import leaflet as sheets
from netmap.printing.entries import Entry, Line, Said, entries
from netmap.printing.fitting import HEIGHT_MM, SIZES, fit, height
from tests.printing.conftest import MOMENT, NEVER


def made(session: Session, *ids: str, lang: str = "en", **values: object) -> sheets.Leaflet:
    with speaking(lang):
        told = {one.id: one for one in entries(session, ids, MOMENT, 365, forget=False)}
        given = {"fields": sheets.USUAL, "large": False, "moment": MOMENT, "office": "lt", **values}
        return sheets.leaflet([told[one] for one in ids], [""] * len(ids), **given)  # type: ignore[arg-type]


def test_nothing_secret_and_no_person_is_on_a_leaflet(directory: Session) -> None:
    sheet = made(directory, "hidden", fields=tuple(sheets.field_names()))
    assert not any(word in sheets.as_text(sheet) + str(sheets.as_data(sheet)) for word in NEVER)


def test_what_to_say_is_in_the_language_of_the_provider(directory: Session) -> None:
    say = made(directory, "ru", lang="en").services[0].say
    assert say is not None
    assert say.lang == "ru"
    same = made(directory, "en", lang="en").services[0]
    assert same.say is not None
    assert (same.say.lang, same.meaning) == (None, "")


def test_only_chosen_fields_stand_on_it(directory: Session) -> None:
    sheet = made(directory, "en", fields=("phone", "where"))
    assert [line.code for line in sheet.services[0].entry.lines] == ["where", "phone"]
    assert (sheet.services[0].say, sheet.services[0].qr) == (None, "")


def test_the_code_leads_to_the_page_then_to_ours_then_to_the_telephone() -> None:
    where = Line("where", "Where", (Said("Sodų g. 1"),))
    entry = replace(BARE, web="https://a.example", telephones=("+44 1632 960001",), lines=(where,))
    assert sheets.code_target(entry, "https://ours.example/services/1") == "https://a.example"
    without = replace(entry, web="")
    assert sheets.code_target(without, "https://ours.example/services/1") == "https://ours.example/services/1"
    assert sheets.code_target(without, "") == "tel:+441632960001"
    assert sheets.code_target(replace(without, telephones=()), "") == "Sodų g. 1"


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("length", [0, 100, 1_000, 20_000])
def test_one_service_always_fits_on_one_page(large: bool, length: int) -> None:
    lines = tuple(
        Line(code, "A name of a field", (Said("слово " * (length // 6)),))
        for code in ("where", "way", "hours", "phone", "in", "bring", "cost", "about", "who")
    )
    fitted = fit([replace(BARE, name=Said("Name " * 12), lines=lines)], large=large, say=True, qr=True)
    assert fitted.one_page
    assert fitted.size in SIZES[large]
    assert height(fitted.entries, fitted.size, say=True, qr=True) <= HEIGHT_MM
    assert {"where", "hours", "phone"} <= {line.code for line in fitted.entries[0].lines}


def test_many_services_that_cannot_fit_are_said_to_have_more_pages() -> None:
    lines = tuple(Line(code, "Field", (Said("word " * 30),)) for code in ("where", "hours", "phone", "bring"))
    fitted = fit([replace(BARE, lines=lines)] * 12, large=True, say=True, qr=True)
    assert not fitted.one_page


BARE = Entry(
    id="one", name=Said("One"), lang=None, organization="Org", types=(), confirmed=True, areas=(), serves=(),
    spoken=(), hours=(), badges=(), alert=None, lines=(), telephones=(), web="", checked=None,
)  # fmt: skip
