"""No English sentence of netmap is left on a page that is asked for in another language."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from netmap.auth.models import ROLES
from netmap.vocabulary.terms import vocabulary
from netmap.web.door import PAGE_LANGUAGES
from tests.i18n.test_messages import messages_of
from tests.pages import parsed

ROOT = Path(__file__).resolve().parents[2]
MOST_ROLES = 2  # that look at pages of one kind: what one may do is all that differs
OTHERS = [code for code in PAGE_LANGUAGES if code != "en"]
SPOKEN = ("aria-label", "title", "placeholder", "alt", "label", "data-label")
UNSEEN = {"script", "style", "template", "textarea"}
ORDINARY = re.compile(
    r"\b(?:a|an|and|are|as|be|by|for|from|has|have|in|is|it|no|not|of|on|or|that|the|this|to|was|with|you|your)\b",
    re.IGNORECASE,
)
ALSO_WORDS = {"lt": {"be", "to"}}  # ordinary words of the language that look like English ones
ID = re.compile(r"/(?:\d+|[0-9a-f-]{12,}|[a-z0-9]+_[a-z0-9_]+)(?=/|$)")

SignIn = Callable[[str | None], FlaskClient]


@cache
def english(code: str) -> tuple[str, ...]:
    """Return the parts of at least two words between the places of every message, and the English labels.

    The messages are those of the tree, not of the catalogue: what it lacks is what must be found.
    """
    whole = [text for one in messages_of(ROOT / "netmap", ROOT / "templates") for text in one]
    words = vocabulary()
    for labelled in (words.needs, words.service_types, words.circumstances):
        whole += [term.labels["en"] for term in labelled.values() if term.labels["en"] != term.labels[code]]
    parts = {part.strip() for text in whole for part in re.split(r"%\(\w+\)[a-z]|%%", text)}
    return tuple(sorted(part for part in parts if len(re.findall(r"[A-Za-z]{2,}", part)) >= 2))


@cache
def phrases(code: str) -> dict[str, list[tuple[int, str]]]:
    """Return first word -> (where it begins, phrase) of every phrase, the longest first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for part in sorted(english(code), key=lambda part: (-len(part), part)):
        first = re.search(r"\w+", part)
        assert first is not None
        found[first[0]].append((first.start(), part))
    return found


def spoken(told: str, code: str) -> Iterator[str]:
    """Return the phrases that stand in a text as whole words."""
    for word in re.finditer(r"\w+", told):
        for begins, part in phrases(code).get(word[0], ()):
            start, end = word.start() - begins, word.start() - begins + len(part)
            whole = not re.match(r"\w", told[end : end + 1]) and not re.match(
                r"\w", told[max(0, start - 1) : start]
            )
            if start >= 0 and whole and told.startswith(part, start):
                yield part


@cache
def data() -> str:
    """Return every cell of the demo county, whose texts are in the language of each provider."""
    cells: list[str] = []
    for path in sorted((ROOT / "seeds" / "demo").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            cells += (" ".join(cell.split()) for row in csv.reader(file) for cell in row)
    return "\n".join(cells)


def visible(element: Element, code: str) -> Iterator[str]:
    """Return the texts that a reader of a language sees or hears, but none marked as another language."""
    tag = str(element.tag).rpartition("}")[2]
    if tag in UNSEEN or element.get("lang", code) != code:
        return
    yield from (element.get(name, "") for name in SPOKEN)
    yield element.text or ""
    for child in element:
        yield from visible(child, code)
        yield child.tail or ""


def reads_like_english(told: str, code: str) -> bool:
    ordinary = {word.casefold() for word in ORDINARY.findall(told)}
    return len(ordinary - ALSO_WORDS.get(code, set())) >= 2


def left_in_english(page: str, code: str) -> list[str]:
    """Return the English on a page: sentences of the catalogue, and whatever reads like English."""
    found = []
    for text in visible(parsed(page)[0], code):
        told = " ".join(text.split()).removesuffix(" · netmap")  # a title may be the name of a record
        if told and not all(part in data() for part in told.rstrip(" …").split("; ")):
            found += [f"{part} | {told}" for part in spoken(told, code)]
            if reads_like_english(told, code):
                found.append(f"English words | {told}")
    return sorted(set(found))


def links(page: str, here: str) -> list[str]:
    """Return the addresses of this site that a page links to, in their order."""
    found = [urljoin(here, unescape(link)) for link in re.findall(r'\shref="([^"]*)"', page) if link]
    parts = [(urlsplit(address), address) for address in found]
    return [
        address.partition("#")[0]
        for part, address in parts
        if not part.scheme and not part.netloc and not part.path.startswith("/static/")
    ]


def crawl(client: FlaskClient, roles: Counter[str]) -> Iterator[tuple[str, str]]:
    """Return (address, page) of the pages reached from the start page, one of each kind.

    ``roles`` counts how many roles saw each kind before.
    """
    waiting, seen, known = ["/"], {"/"}, set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = ID.sub("/*", urlsplit(address).path)
        if kind in known or roles[kind] >= MOST_ROLES:
            continue
        known.add(kind)
        roles[kind] += 1
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        page = answer.get_data(as_text=True)
        yield address, page
        fresh = [one for one in links(page, address) if one not in seen]
        seen.update(fresh)
        waiting += dict.fromkeys(fresh)


def speak(client: FlaskClient, code: str) -> FlaskClient:
    token = client.token("/sign-in")  # type: ignore[attr-defined]
    answer = client.post("/language", data={"language": code, "next": "/", "csrf_token": token})
    assert answer.status_code == 303
    return client


def in_words(found: Iterable[tuple[str, list[str]]]) -> str:
    return "\n".join(f"{address}: {sentence}" for address, sentences in found for sentence in sentences)


def test_every_language_but_english_is_looked_at() -> None:
    assert {"ru", "uk"} <= set(OTHERS)


def test_a_sentence_outside_the_catalogue_is_found() -> None:
    page = '<html lang="ru"><p>Кто поможет. <b>Find packages</b></p><input aria-label="Save as CSV"></html>'
    assert [one.split(" | ")[0] for one in left_in_english(page, "ru")] == ["Find packages", "Save as CSV"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_with_a_number_in_it_is_found(code: str) -> None:
    assert left_in_english(f'<html lang="{code}"><p>3 services found</p></html>', code) != []


def test_an_english_text_that_is_in_no_catalogue_is_found() -> None:
    page = '<html lang="ru"><p>Кто поможет</p><p>This was written into the page.</p></html>'
    assert left_in_english(page, "ru") == ["English words | This was written into the page."]


def test_a_lithuanian_sentence_is_not_taken_for_english() -> None:
    assert not reads_like_english("Be to, be namų", "lt")
    assert reads_like_english("Be to, this is not Lithuanian", "lt")


def test_words_marked_as_another_language_are_left_out() -> None:
    assert left_in_english('<html lang="ru"><p lang="en">Find packages</p></html>', "ru") == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_gives_sentences_to_look_for(code: str) -> None:
    assert len(english(code)) > 500


@pytest.mark.parametrize(  # that no message lacks a translation is seen for all languages every day
    "code", [pytest.param(code, marks=() if code == "lt" else pytest.mark.slow) for code in OTHERS]
)
def test_no_english_sentence_is_left_on_a_page(sign_in: SignIn, code: str) -> None:
    roles: Counter[str] = Counter()
    found: list[tuple[str, list[str]]] = []
    for role in (*ROLES, None):
        client = speak(sign_in(role), code)
        for address, page in crawl(client, roles):
            assert f'<html lang="{code}"' in page, address
            found.append((f"{role} {address}", left_in_english(page, code)))
    assert len(roles) > 80, sorted(roles)
    assert in_words(found) == ""


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_is_left_on_the_way_from_needs_to_the_table_of_help(sign_in: SignIn, code: str) -> None:
    client = speak(sign_in("case_manager"), code)
    token = client.token("/needs")  # type: ignore[attr-defined]
    note = {"csrf_token": token, "do": "suggest", "note": "Женщина с долгами, пьёт, двое детей, мать больна"}
    needs = {
        "csrf_token": token,
        "do": "match",
        "severity-fin.consumer_debt": "3",
        "severity-hou.eviction": "2",
        "urgency-hou.eviction": "2",
        "fact-has_children": "yes",
        f"speaks-{code}": "yes",
    }
    answers = {"suggested": client.post("/needs", data=note), "packages": client.post("/needs", data=needs)}
    form = parsed(answers["packages"].get_data(as_text=True))[0]
    sent = {
        one.get("name"): one.get("value")
        for one in form.iter("input")
        if one.get("name") in {"client", "package"}
    }
    answers["table"] = client.post("/needs/table", data={"csrf_token": token, **sent})
    answers["no question"] = client.get("/search?q=")
    answers["no need"] = client.post("/needs", data={"csrf_token": token, "do": "match", "max_km": "x"})
    answers["no page"] = client.get("/no-such-page")
    answers["no service"] = client.get("/services/none")
    assert answers["table"].status_code == 200
    found = [(name, left_in_english(answer.get_data(as_text=True), code)) for name, answer in answers.items()]
    assert in_words(found) == ""
