"""The file that works offline: what stands in it, and that nothing in it can get out of its place."""

import base64
import hashlib
import json
import re

import html5lib
import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Service
from netmap.printing.making import make
from netmap.printing.offline_words import askable
from netmap.vocabulary.terms import vocabulary
from tests.printing.conftest import CLOSED, NAMES, NEVER

EVIL = "</noscript></script><script>alert(1)</script><img src=x onerror=alert(1)>"


def page(session: Session, settings: Settings, lang: str = "en") -> str:
    return make(session, settings, "offline-html", lang).content.decode()


@pytest.mark.parametrize("lang", ["en", "ru", "uk", "lt"])
def test_it_holds_every_public_service_and_no_secret(
    directory: Session, settings: Settings, lang: str
) -> None:
    text = page(directory, settings, lang)
    assert f'<html lang="{lang}">' in text
    for name in NAMES.values():
        assert name in text
    assert text.count("<article ") == 5
    assert not any(word in text for word in (*NEVER, CLOSED))


def test_words_of_a_provider_cannot_become_markup(directory: Session, settings: Settings) -> None:
    service = directory.get_one(Service, "en")
    service.name = service.description = service.url = EVIL
    directory.flush()
    text = page(directory, settings)
    assert EVIL not in text
    assert text.count("<script") == 2
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    assert parser.errors == []


def test_the_policy_allows_our_own_script_and_style_and_nothing_else(
    directory: Session, settings: Settings
) -> None:
    text = page(directory, settings)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'")
    for element in ("script", "style"):
        body = re.search(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        assert body is not None
        found = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{element}-src 'sha256-{found}'" in allowed
    assert allowed.startswith("default-src 'none'")
    assert "unsafe" not in allowed


def test_no_address_of_another_machine_is_loaded(directory: Session, settings: Settings) -> None:
    loading = r"<(?:link|img|iframe|object|embed|audio|video)\b|\bsrc=|url\(|@import"
    assert re.findall(loading, page(directory, settings)) == []


def test_only_what_the_file_can_answer_is_asked_for(directory: Session, settings: Settings) -> None:
    data = json.loads(page(directory, settings).split('id="data">')[1].split("</script>")[0])
    assert {code for code, _name in data["kinds"]} == {"food_aid", "shelter"}
    assert {code for _name, kinds, _words in data["asked"] for code in kinds} == {"food_aid", "shelter"}
    assert [code for code, _name, _around in data["areas"]] == ["far", "town", "county"]
    assert (data["ages"][0], data["ages"][41]) == ("made today", "made 41 days ago: call first")


def test_words_are_worth_what_they_tell() -> None:
    rows = askable(vocabulary(), set(vocabulary().service_types))
    told = {name: words.split("|")[1].split() for name, _kinds, words in rows}
    assert any(word.startswith("голод") for word in told["Lack of food"])
    assert all(word[-1].isdigit() and word[-1] != "0" for words in told.values() for word in words)
    assert not any(word[:-1] == "не" for words in told.values() for word in words)
