"""The catalogues hold every message of the tree, and each language keeps its own words."""

import ast
import io
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from netmap.i18n import gettext, language, ngettext, set_language
from netmap.i18n import messages as i18n

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "netmap" / "i18n" / "locales"
LANGUAGES = sorted(path.parent.name for path in LOCALES.glob("*/messages.po"))
PLACE = re.compile(r"%(?:\((\w+)\))?[a-z]")
OWN_SCRIPT = {
    "ru": re.compile("[а-яё]", re.IGNORECASE),
    "uk": re.compile("[а-щьюяґєії]", re.IGNORECASE),
}
FOREIGN = {  # letters that the language does not have
    "ru": re.compile("[ґєії]", re.IGNORECASE),
    "uk": re.compile("[ёъыэ]", re.IGNORECASE),
    "lt": re.compile("[\u0400-\u04ff]"),
}

Ids = tuple[str, ...]  # (message,) or (singular, plural)


def messages_of(*folders: Path) -> set[Ids]:
    """Return every message that the code and the templates below these folders can show."""
    with (ROOT / "netmap" / "i18n" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(["_", "gettext", "ngettext:1,2"])}
    return {
        (message,) if isinstance(message, str) else tuple(message)
        for folder in folders
        for _file, _line, message, _comments, _context in extract_from_dir(folder, methods, options, keywords)
    }


def ids(message: Any) -> Ids:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Any) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def places(text: str) -> list[str | None]:
    """Return the named places of a text; "%%" is a sign of percent, not a place."""
    return sorted({name or "" for name in PLACE.findall(text.replace("%%", ""))})


def faults(wanted: Iterable[Ids], catalogue: Catalog) -> list[str]:
    """Return everything that is wrong with a catalogue, one sentence each."""
    wanted = set(wanted)
    kept = [message for message in catalogue if message.id]
    held = {ids(message) for message in kept}
    found = [f"missing: {message[0]}" for message in wanted - held]
    found += [f"obsolete: {message[0]}" for message in held - wanted]
    found += [f"obsolete, kept as a comment: {message}" for message in catalogue.obsolete]
    for message in kept:
        found += (f"{fault}: {ids(message)[0]}" for fault in _faults_of(message, catalogue))
    return sorted(found)


def _faults_of(message: Any, catalogue: Catalog) -> Iterator[str]:
    given, texts = ids(message), strings(message)
    if message.fuzzy:
        yield "fuzzy"
    if not all(texts):
        yield "not translated"
        return
    if len(texts) != (catalogue.num_plurals if len(given) == 2 else 1):
        yield f"{len(texts)} plural forms"
    code = str(catalogue.locale)
    script = OWN_SCRIPT.get(code)
    for text in texts:
        if places(text) != places(given[-1]):
            yield f"other places in '{text}'"
        if given[0] != given[0].strip() and text[-1:] != given[0][-1:]:
            yield "the space at the end is lost"
        if script and not script.search(text):
            yield f"not in the letters of the language: '{text}'"
        if (code in FOREIGN) and (strange := FOREIGN[code].search(text)):
            yield f"'{strange[0]}' is no letter of the language: '{text}'"
        if places(text):
            text % defaultdict(lambda: 1)  # a single "%" raises here, and would on the page


def read(text: str, locale: str = "ru") -> Catalog:
    return read_po(io.BytesIO(text.encode()), locale=locale)


def in_language(code: str, call: Callable[..., str], *arguments: Any, **values: Any) -> str:
    """Return what a call says to a reader of this language; the language of the test stays."""

    def told() -> str:
        set_language(code)
        return call(*arguments, **values)

    return copy_context().run(told)


@pytest.fixture(scope="module")
def wanted() -> set[Ids]:
    return messages_of(ROOT / "netmap", ROOT / "templates")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_holds_exactly_the_messages_of_the_tree(code: str, wanted: set[Ids]) -> None:
    with (LOCALES / code / "messages.po").open("rb") as file:
        assert faults(wanted, read_po(file, locale=code)) == []


def test_every_language_of_the_pages_has_a_catalogue() -> None:
    from netmap.web.door import PAGE_LANGUAGES

    assert sorted({"en", *LANGUAGES}) == sorted(PAGE_LANGUAGES)


def test_the_extraction_reads_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(
        'from x import gettext as _\n_("One")\nngettext("%(number)s a", "%(number)s b", 2)\n'
    )
    (tmp_path / "page.html").write_text("<p>{{ _('Two') }}</p>")
    assert messages_of(tmp_path) == {("One",), ("Two",), ("%(number)s a", "%(number)s b")}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('msgid "Search"\nmsgstr ""\n', "not translated: Search"),
        ('msgid "Search"\nmsgstr "Search"\n', "not in the letters of the language: 'Search': Search"),
        ('#, fuzzy\nmsgid "Search"\nmsgstr "Поиск"\n', "fuzzy: Search"),
        (
            'msgid "Search"\nmsgstr "Поиск"\n\n#~ msgid "Old"\n#~ msgstr "Старое"\n',
            "obsolete, kept as a comment: Old",
        ),
        ('msgid "Search"\nmsgstr "Поиск"\n\nmsgid "Old"\nmsgstr "Старое"\n', "obsolete: Old"),
        ('msgid "Hello"\nmsgstr "Поиск"\n', "missing: Search"),
    ],
)
def test_a_faulty_message_is_found(text: str, fault: str) -> None:
    assert fault in faults({("Search",)}, read(text))


@pytest.mark.parametrize(
    ("code", "word", "letter"),
    [("ru", "Пошук і Поиск", "і"), ("uk", "Поиск объекта", "ъ"), ("uk", "Поиск эту", "э"), ("uk", "Мы", "ы"),
     ("uk", "Ёлка", "Ё"), ("lt", "Paieškа", "а")],
)  # fmt: skip
def test_a_letter_of_another_language_is_found(code: str, word: str, letter: str) -> None:
    found = faults({("Search",)}, read(f'msgid "Search"\nmsgstr "{word}"\n', code))
    assert found == [f"'{letter}' is no letter of the language: '{word}': Search"]


def test_a_lost_place_is_found_in_a_plain_message() -> None:
    text = 'msgid "%(km)s km"\nmsgstr "%(m)s км"\n'
    assert faults({("%(km)s km",)}, read(text)) == ["other places in '%(m)s км': %(km)s km"]


def test_a_lost_place_is_found_in_each_plural_form() -> None:
    text = (
        'msgid "%(n)s a"\nmsgid_plural "%(n)s b"\nmsgstr[0] "%(n)s а"\nmsgstr[1] "%(n)s б"\nmsgstr[2] "в"\n'
    )
    assert faults({("%(n)s a", "%(n)s b")}, read(text)) == ["other places in 'в': %(n)s a"]


def test_a_missing_plural_form_is_found() -> None:
    text = 'msgid "%(n)s a"\nmsgid_plural "%(n)s b"\nmsgstr[0] "%(n)s а"\nmsgstr[1] "%(n)s б"\n'
    found = faults({("%(n)s a", "%(n)s b")}, read(text))
    assert any(fault.startswith(("2 plural forms", "not translated")) for fault in found)


def test_a_single_sign_of_percent_is_found() -> None:
    with pytest.raises((ValueError, TypeError)):
        faults({("%(n)s %%",)}, read('msgid "%(n)s %%"\nmsgstr "%(n)s % а"\n'))


def calls_without_a_literal(source: str) -> list[int]:
    """Return the lines where a message is not written as a literal, so that nobody could translate it."""
    counted = {"_": 1, "gettext": 1, "ngettext": 2}
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in counted
        and not all(
            isinstance(one, ast.Constant) and isinstance(one.value, str)
            for one in (node.args[: counted[node.func.id]] or [None])
        )
    ]  # fmt: skip


def test_every_message_of_the_code_is_a_literal() -> None:
    modules = sorted((ROOT / "netmap").rglob("*.py"))
    found = {str(path): calls_without_a_literal(path.read_text(encoding="utf-8")) for path in modules}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_message_that_is_no_literal_is_found() -> None:
    assert calls_without_a_literal('_("a")\n_(f"{b}")\nngettext("c", d, 2)\ngettext(e)\n') == [2, 3, 4]


@pytest.mark.parametrize(
    ("code", "forms", "chosen"),
    [
        ("ru", ("услуга", "услуги", "услуг"), (0, 1, 2, 2, 2, 0, 1)),
        ("uk", ("послуга", "послуги", "послуг"), (0, 1, 2, 2, 2, 0, 1)),
        ("lt", ("paslauga", "paslaugos", "paslaugų"), (0, 1, 1, 2, 2, 0, 1)),
    ],
)
def test_a_number_chooses_its_form(code: str, forms: tuple[str, ...], chosen: tuple[int, ...]) -> None:
    numbers = (1, 2, 5, 11, 12, 21, 104)
    told = [in_language(code, ngettext, "%(number)s service", "%(number)s services", one) for one in numbers]
    assert told == [f"{number} {forms[form]}" for number, form in zip(numbers, chosen, strict=True)]


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert in_language("fr", gettext, "Search") == "Search"
    assert in_language("fr", ngettext, "%(number)s service", "%(number)s services", 2) == "2 services"


def test_a_message_that_is_not_in_the_catalogue_stays_english() -> None:
    text = "This message is in no catalogue: %(what)s."
    assert in_language("ru", gettext, text, what="x") == "This message is in no catalogue: x."


def test_an_untranslated_plural_stays_english(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    path.write_text(
        'msgid "%(number)s a"\nmsgid_plural "%(number)s b"\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\n'
    )
    assert i18n.Catalogue(path, "ru").plural("%(number)s a", "%(number)s b", 2) == "%(number)s b"


def test_another_thread_keeps_its_own_language() -> None:
    told: dict[str, str] = {}
    ready = threading.Barrier(2)

    def speak(code: str) -> None:
        set_language(code)
        ready.wait(5)  # both languages are set before either speaks
        told[code] = gettext("Search")

    threads = [threading.Thread(target=speak, args=(code,)) for code in ("ru", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {"ru": "Поиск", "en": "Search"}


def test_another_context_does_not_change_the_language_here() -> None:
    before = language()
    copy_context().run(set_language, "ru")
    assert language() == before
