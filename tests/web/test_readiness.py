"""The page of readiness and the badges: words and signs, reasons, ways to the gap and to the provider."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from netmap.auth.models import ROLES
from tests.pages import page, words

SignIn = Callable[[str | None], FlaskClient]
PLACE = "/packages/homeless_unemployed/readiness"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_in_how_many_areas_a_package_is_ready(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    seen = words(page(client.get(PLACE)))
    assert "areas. Missing in" in seen
    assert "ready in" in words(page(client.get("/packages")))
    shown = client.get("/packages/homeless_unemployed").get_data(as_text=True)
    assert PLACE in shown


def test_a_state_is_a_word_with_a_sign_and_every_cell_says_what_it_is_about(sign_in: SignIn) -> None:
    tree = page(sign_in("coordinator").get(PLACE))
    cells = list(tree.iter("td"))
    told = {" ".join(" ".join(cell.itertext()).split()) for cell in cells}
    assert told == {"✓ ready", "✗ missing", "? to ask"}
    assert all(cell.get("data-label") for cell in cells)


def test_reasons_lead_to_the_gap_and_to_the_provider(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    links = {link.get("href") or "" for link in page(client.get(PLACE)).iter("a")}
    gaps = sorted(link for link in links if link.startswith("/gaps/"))
    services = sorted(link for link in links if link.startswith("/services/"))
    assert gaps and services  # noqa: PT018  both kinds
    assert {client.get(link).status_code for link in (*gaps, *services[:3])} == {200}


def test_an_unknown_package_has_no_readiness(sign_in: SignIn) -> None:
    assert sign_in("planner").get("/packages/nothing_such/readiness").status_code == 404
