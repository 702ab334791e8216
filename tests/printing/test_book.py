"""The book: its parts, and the PDF as a reader and a screen reader find it."""

import io
from collections.abc import Callable

import pypdf
import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid, NotFound, Unavailable
from netmap.i18n import speaking
from netmap.printing import typeset as typesetting
from netmap.printing.book import chapters, index, needs
from netmap.printing.entries import areas_of, entries
from netmap.printing.making import make
from netmap.vocabulary.terms import label, vocabulary
from tests.printing.conftest import CLOSED, MOMENT, NAMES, NEVER

IDS = ("en", "hidden", "lt", "ru", "uk")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typeset in this process: a child for each print would double the time."""
    monkeypatch.setattr("netmap.printing.making.typeset_apart", typesetting.typeset)


@pytest.mark.usefixtures("here", "needs_fonts")
@pytest.mark.parametrize("lang", ["en", "ru", "uk", "lt"])
def test_the_book_holds_names_in_four_languages_and_no_secret(
    directory: Session, settings: Settings, lang: str
) -> None:
    made = make(directory, settings, "book", lang)
    book = pypdf.PdfReader(io.BytesIO(made.content))
    text = "\n".join(page.extract_text() for page in book.pages)
    plain = text.replace("\u00ad", "").replace("-\n", "").replace("\n", " ")
    assert made.services == 5
    for name in NAMES.values():
        assert name in plain, f"{name} cannot be found by the search of a PDF reader"
    assert "<b>Not markup</b> & #also *not*" in plain
    assert not any(word in text for word in (*NEVER, CLOSED))
    assert len(book.pages) == 5
    root = book.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == (lang, True)
    assert book.metadata is not None
    assert book.metadata.title
    outline = str([one.title for one in _flat(book.outline)])
    assert label("food_aid", lang) in outline


def _flat(outline: object) -> list[pypdf.generic.Destination]:
    found = []
    for one in outline if isinstance(outline, list) else []:
        found += _flat(one) if isinstance(one, list) else [one]
    return found


@pytest.mark.usefixtures("here", "needs_fonts")
def test_a_book_of_an_area_holds_what_is_there_and_what_comes_there(
    directory: Session, settings: Settings
) -> None:
    def names(area: str) -> str:
        made = make(directory, settings, "book", "en", area)
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages)

    assert "A room for the night" in names("town"), "it serves the county around the town"
    assert NAMES["en"] in names("county")
    assert NAMES["en"] not in names("far")
    with pytest.raises(NotFound):
        make(directory, settings, "book", "en", "nowhere")
    with pytest.raises(Invalid):
        make(directory, settings, "book", "de")


@pytest.mark.usefixtures("needs_fonts")
def test_the_other_process_makes_the_same_book_and_its_failure_is_a_sentence(
    directory: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make(directory, settings, "book", "en").content.startswith(b"%PDF")
    with pytest.raises(Unavailable, match="could not be made"):
        typesetting.typeset_apart("no-such-template", {})
    with pytest.raises(Unavailable, match="Choose an area"):
        typesetting.typeset_apart("book", {}, seconds=0)


def test_missing_fonts_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(typesetting, "FONTS", tmp_path)
    with pytest.raises(Unavailable, match="make setup"):
        typesetting.typeset("book", {})


@pytest.fixture
def arranged(directory: Session) -> Callable[[str], list[object]]:
    def arrange(lang: str) -> list[object]:
        with speaking(lang):
            told = list(entries(directory, IDS, MOMENT, 365, forget=False))
            return [chapters(told, areas_of(directory)), index(told)]

    return arrange


def test_a_service_stands_whole_once_and_its_area_is_named(arranged: Callable[[str], list[object]]) -> None:
    parts, names = arranged("ru")
    assert [(one.code, [area for area, _inside in one.areas]) for one in parts] == [  # type: ignore[attr-defined]
        ("shelter", ["Far town"]),
        ("food_aid", ["Лаувена"]),
    ]
    assert [letter for letter, _rows in names] == ["A", "O", "W", "Z", "Ґ", "С"]  # type: ignore[attr-defined]


def test_needs_lead_to_the_kinds_that_are_in_the_book_only() -> None:
    found = needs(vocabulary(), {"food_aid"})
    assert ("Lack of food", ("food_aid",)) in [row for _domain, rows in found for row in rows]
    assert all(codes == ("food_aid",) for _domain, rows in found for _need, codes in rows)
