"""What a provider wrote is marked with its language, whatever the page around it speaks."""

from collections.abc import Callable, Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.db import open_session
from netmap.directory.models import Service
from tests.pages import parsed

SignIn = Callable[[str | None], FlaskClient]
OWN = (
    "name", "description", "alert", "eligibility_description", "application_process", "fees_description",
    "wait_time", "interpretation_services",
)  # fmt: skip


@pytest.fixture
def written(app: Flask) -> dict[str, tuple[str, str | None, dict[str, str]]]:
    """Service id -> (language, organization id, the provider's own words by column)."""
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        rows = session.scalars(select(Service).where(Service.text_language.is_not(None)))
        return {
            row.id: (
                row.text_language or "",
                row.organization_id,
                {
                    name: " ".join(getattr(row, name).split())
                    for name in OWN
                    if (getattr(row, name) or "").strip()
                },
            )
            for row in rows
        }


def told(element: Element, spoken: str) -> Iterator[tuple[str, str]]:
    """Return (text, language) of everything inside an element, as a screen reader would speak it."""
    spoken = element.get("lang", spoken)
    yield " ".join((element.text or "").split()), spoken
    for child in element:
        yield from told(child, spoken)
        yield " ".join((child.tail or "").split()), spoken


def main_of(page: str) -> Element:
    return next(parsed(page)[0].iter("main"))


def test_every_own_word_on_the_page_of_a_service_is_in_its_language(
    sign_in: SignIn, written: dict[str, tuple[str, str | None, dict[str, str]]]
) -> None:
    client = sign_in("case_manager")
    languages = set()
    for id_, (code, _owner, words) in written.items():
        spoken = list(told(main_of(client.get(f"/services/{id_}").get_data(as_text=True)), "page"))
        for name, text in words.items():
            assert (text, code) in spoken, (id_, name, code)
        languages.add(code)
    assert languages == {"en", "ru", "uk", "lt"}


def test_lists_say_in_which_language_each_service_is_named(
    sign_in: SignIn, written: dict[str, tuple[str, str | None, dict[str, str]]]
) -> None:
    client = sign_in("case_manager")
    seen = 0
    for id_, (code, owner, words) in [*written.items()][:12]:
        addresses = [f"/search?q={quote(words['name'])}"] + ([f"/organizations/{owner}"] if owner else [])
        for address in addresses:
            main = main_of(client.get(address).get_data(as_text=True))
            named = [link for link in main.iter("a") if link.get("href") == f"/services/{id_}"]
            assert {link.get("lang") for link in named} <= {code}, (address, id_)
            seen += len(named)
    assert seen > 12
