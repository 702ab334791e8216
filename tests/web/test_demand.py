"""The pages of demand: figures with their origin, entered, changed by two, removed and taken back."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from netmap.db import now, open_session
from netmap.editing.models import EditChange
from netmap.matching.models import Decision
from netmap.network.models import COUNTED, SHARE, Demand

SignIn = Callable[[str | None], FlaskClient]
AREA, PACKAGE = "lauvena", "homeless_unemployed"
PAGE = f"/demand/{AREA}/{PACKAGE}"
FORM = {
    "kind": "counted", "clients": "31", "base": "", "population": "24100", "year": "2026",
    "source": "office statistics, table 4", "note": "",
}  # fmt: skip
OTHER = "/demand/lauvena/remote_villager_without_transport"


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


@pytest.fixture
def case_manager(sign_in: SignIn) -> FlaskClient:
    return sign_in("case_manager")


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words_of(client: FlaskClient, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(client, address)).split())


def stored(app: Flask, area: str = AREA, package: str = PACKAGE) -> Demand | None:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        query = select(Demand).where(Demand.area_code == area, Demand.package_code == package)
        found = session.scalar(query)
        if found is not None:
            session.expunge(found)
        return found


def change(app: Flask, **values: object) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(
            update(Demand).where(Demand.area_code == AREA, Demand.package_code == PACKAGE).values(**values)
        )
        session.commit()


def was_of(page: str) -> str:
    found = re.search(r'name="was" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def enter(client: FlaskClient, address: str, was: str | None = None, **typed: str) -> TestResponse:
    was = was_of(text_of(client, f"{address}/enter")) if was is None else was
    return send(client, f"{address}/enter", FORM | typed | {"was": was})


def send(client: FlaskClient, address: str, data: dict[str, str]) -> TestResponse:
    return client.post(address, data=data | {"csrf_token": client.token("/account")})


def test_a_figure_opens_into_where_it_comes_from(planner: FlaskClient) -> None:
    page = words_of(planner, PAGE)
    assert "27 clients a year" in page
    assert "made-up figures for the demo" in page
    assert "from a file" in page
    assert "per 1,000 people and weighs as much as a count among 500 people" in page
    assert "clients expected a year" in page


def test_what_nobody_knows_is_said_to_be_unknown_and_is_not_none(planner: FlaskClient) -> None:
    with_gap = words_of(planner, "/demand/tolauke/homeless_unemployed")
    assert "Unknown: nobody has entered a figure" in with_gap
    assert "0 clients" not in with_gap
    assert "Tolauke" in words_of(planner, "/demand?show=unknown&package=homeless_unemployed")


def test_a_case_manager_enters_a_count(app: Flask, case_manager: FlaskClient) -> None:
    answer = enter(case_manager, PAGE)
    assert answer.status_code == 303
    row = stored(app)
    assert (row.clients, row.kind, row.entered_by) == (31, COUNTED, "case@demo.example")
    page = words_of(case_manager, PAGE)
    assert "31 clients a year" in page
    assert "27 (counted, 2026): made-up figures for the demo" in page  # what stood there before


def test_nothing_is_counted_twice_when_nothing_was_changed(app: Flask, case_manager: FlaskClient) -> None:
    before = stored(app)
    kept = {"clients": "27", "source": before.source, "population": str(before.population)}
    enter(case_manager, PAGE, **kept)
    assert stored(app).entered_by is None, "it still comes from the file"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"clients": ""}, "Give the number of clients a year"),
        ({"clients": "many"}, "is no number of 0 or more"),
        ({"clients": "-1"}, "is no number of 0 or more"),
        ({"population": "30"}, "fewer people than clients"),
        ({"population": "300.5"}, "Give whole people"),
        ({"source": " "}, "Say who counted"),
        ({"note": "call 8 612 34567"}, "A long number is not kept"),
        ({"source": "anna@mail.example"}, "An e-mail address is not kept"),
        ({"year": "1066"}, "Give a year from 1990"),
        ({"kind": "transport", "base": "200"}, "does not speak of the clients of this package"),
        ({"kind": "nonsense"}, "does not speak of the clients of this package"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(
    app: Flask, case_manager: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    answer = enter(case_manager, PAGE, **typed)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert stored(app).clients == 27


def test_a_published_share_is_used_only_where_a_person_chooses_it(
    app: Flask, case_manager: FlaskClient
) -> None:
    assert "Unknown" in words_of(case_manager, OTHER)
    assert "25.7 per cent" in words_of(case_manager, OTHER)
    assert stored(app, "lauvena", "remote_villager_without_transport") is None
    enter(case_manager, OTHER, kind="transport", clients="", base="40", source="", population="")
    row = stored(app, "lauvena", "remote_villager_without_transport")
    assert (row.kind, row.prior, row.base, row.clients) == (SHARE, "transport", 40, 10.28)
    page = words_of(case_manager, OTHER)
    assert "40 clients × 25.7 per cent = 10.3." in page
    assert "about 10 clients a year" in page
    assert "press release through BNS, 2023-05" in page.split("How it was worked out")[0]
    assert "Illustrative" in page


def test_a_share_of_very_few_clients_is_refused(case_manager: FlaskClient) -> None:
    answer = enter(case_manager, OTHER, kind="transport", clients="", base="4")
    assert answer.status_code == 422
    assert "at least 5" in answer.get_data(as_text=True)


def test_two_people_who_enter_different_numbers_are_asked(
    app: Flask, case_manager: FlaskClient, planner: FlaskClient
) -> None:
    was = was_of(text_of(planner, f"{PAGE}/enter"))
    enter(case_manager, PAGE, clients="40")
    answer = enter(planner, PAGE, was, clients="50", source="made-up figures for the demo")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Somebody else has entered this figure too" in page
    assert stored(app).clients == 40
    settled = {
        **FORM, "clients": "50", "source": "made-up figures for the demo", "was": was, "do": "settle",
        "seen": re.search(r'name="seen" value="([^"]*)"', page)[1], "keep.clients": "mine",
    }  # fmt: skip
    assert send(planner, f"{PAGE}/enter", settled).status_code == 303
    row = stored(app)
    assert (row.clients, row.source) == (50, "office statistics, table 4")


def test_a_removed_figure_is_unknown_again_and_can_be_put_back(app: Flask, case_manager: FlaskClient) -> None:
    answer = send(case_manager, f"{PAGE}/remove", {})
    assert stored(app) is None
    page = text_of(case_manager, answer.location)
    assert "Unknown: nobody has entered a figure" in page
    number = re.search(r'name="edit" value="(\d+)"', page)[1]
    assert send(case_manager, f"{PAGE}/undo", {"edit": number}).status_code == 303
    assert stored(app).clients == 27


def test_what_was_changed_since_is_not_taken_back(
    app: Flask, case_manager: FlaskClient, planner: FlaskClient
) -> None:
    enter(case_manager, PAGE, clients="40")
    number = re.search(r'name="edit" value="(\d+)"', text_of(planner, PAGE))[1]
    enter(planner, PAGE, clients="44")
    answer = send(case_manager, f"{PAGE}/undo", {"edit": number})
    assert answer.status_code == 409
    assert stored(app).clients == 44


def test_of_another_figure_nothing_is_taken_back(app: Flask, case_manager: FlaskClient) -> None:
    enter(case_manager, PAGE, clients="40")
    number = re.search(r'name="edit" value="(\d+)"', text_of(case_manager, PAGE))[1]
    assert send(case_manager, f"{OTHER}/undo", {"edit": number}).status_code == 404
    assert stored(app).clients == 40


def test_fewer_than_five_may_be_typed_and_stay_fewer_than_five(app: Flask, case_manager: FlaskClient) -> None:
    change(app, clients=3)
    form = text_of(case_manager, f"{PAGE}/enter")
    assert 'name="clients" type="text" value="&lt;5"' in form
    enter(case_manager, PAGE, clients="<5")
    assert stored(app).clients == 3, "left alone, it stays what it was"
    enter(case_manager, PAGE, clients="20")
    enter(case_manager, PAGE, clients="<5")
    assert stored(app).clients == 2.5


def test_a_wider_area_is_not_told_where_a_part_is_a_small_group(app: Flask, planner: FlaskClient) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        session.add(Demand(area_code="lauvena-county", package_code=PACKAGE, clients=77))
        session.commit()
    county = f"/demand/lauvena-county/{PACKAGE}"
    assert "77" not in words_of(planner, county).replace("%(", "")
    assert "the difference could tell how many" in words_of(planner, county)
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(delete(Demand).where(Demand.package_code == PACKAGE, Demand.clients < 5))
        session.commit()
    assert "77 clients a year" in words_of(planner, county)


def test_cases_seen_in_netmap_stand_in_where_nobody_counted(app: Flask, planner: FlaskClient) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        for number in range(6):
            rated = {"hou.homeless": {"severity": number % 3 + 1, "urgency": number // 3}}
            session.add(
                Decision(
                    package_code=PACKAGE, package_version=1, outcome="taken", reason="fits", score=80.0,
                    client={"needs": rated}, area_code="tolauke", decided_on=now().date(),
                )
            )  # fmt: skip
        session.commit()
    page = words_of(planner, "/demand/tolauke/homeless_unemployed")
    assert "At least 6 clients a year" in page
    assert "seen in netmap, at least" in page


def test_the_table_sorts_and_keeps_to_a_selection(planner: FlaskClient) -> None:
    page = text_of(planner, "/demand?package=homeless_unemployed&sort=clients")
    assert 'aria-sort="descending"' in page
    numbers = [int(one) for one in re.findall(r'data-label="Clients a year">(\d+)</td>', page)]
    assert numbers == sorted(numbers, reverse=True) != []
    assert "Young person" not in page.split("<tbody", 1)[1]


def test_who_may_not_enter_a_figure_sees_no_button(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    assert "Change the figure" not in text_of(admin, PAGE)
    assert admin.get(f"{PAGE}/enter").status_code == 403


def test_the_choice_of_area_and_package_leads_to_the_figure(planner: FlaskClient) -> None:
    assert planner.get(f"/demand/choose?area={AREA}&package={PACKAGE}").location == PAGE
    assert planner.get(f"/demand/choose?area={AREA}").location == f"/demand?area={AREA}"
    assert planner.get("/demand/nowhere/homeless_unemployed").status_code == 404
    assert planner.get(f"/demand/{AREA}/no_such_package").status_code == 404


REPORTS = (
    "/demand", "/demand?sort=clients", f"/demand?package={PACKAGE}", f"/demand?area={AREA}",
    f"/demand?area=lauvena-county&package={PACKAGE}", f"/demand?area={AREA}&package={PACKAGE}",
    "/demand?area=lauvena-county&package=young_person_neet&sort=day", "/areas", "/areas?mine=lauvena",
    PAGE, f"/demand/lauvena-county/{PACKAGE}", "/demand/kregzmina/homeless_unemployed",
    "/demand/lauvena-county/young_person_neet",
)  # fmt: skip


def reports(client: FlaskClient) -> list[str]:
    return [re.sub(r'name="csrf_token" value="[^"]*"', "", text_of(client, one)) for one in REPORTS]


def test_no_report_and_no_two_reports_together_tell_groups_below_five_apart(
    app: Flask, planner: FlaskClient
) -> None:
    """Whatever number below five a group has, every page is the same: nothing can be worked out."""
    with open_session(app.extensions["netmap_engine"]) as session:
        for package, clients in ((PACKAGE, 99), ("young_person_neet", 150)):
            session.add(Demand(area_code="lauvena-county", package_code=package, clients=clients))
        small = Demand.clients.between(1, 4)
        assert session.query(Demand).where(small).count() > 20
        session.commit()
    before = reports(planner)
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(update(Demand).where(small).values(clients=5 - Demand.clients))
        session.commit()
    assert [one for one, old, new in zip(REPORTS, before, reports(planner), strict=True) if old != new] == []
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(update(Demand).where(Demand.package_code == PACKAGE, small).values(clients=6))
        session.commit()
    changed = [one for one, old, new in zip(REPORTS, before, reports(planner), strict=True) if old != new]
    assert f"/demand?package={PACKAGE}" in changed, "a group of six is told"


COUNTY = f"/demand/lauvena-county/{PACKAGE}"


def put(app: Flask, **clients: float) -> None:
    """Let these be all figures of the package, and nothing what people did to them."""
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(delete(EditChange).where(EditChange.table_name == "demand"))
        session.execute(delete(Demand).where(Demand.package_code == PACKAGE))
        for area, number in clients.items():
            session.add(
                Demand(area_code=area, package_code=PACKAGE, clients=number, population=24_100, source="x")
            )
        session.commit()


def told_of(client: FlaskClient) -> list[str]:
    """Everything that pages tell of the package in the county and its places."""
    addresses = (
        *REPORTS, COUNTY, f"{COUNTY}/enter", "/demand/kregzmina/homeless_unemployed", "/gaps",
        "/demand?sort=day", f"/demand?package={PACKAGE}&sort=clients", "/history/recent",
    )  # fmt: skip
    found = []
    for one in addresses:
        answer = client.get(one)
        text = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))
        found.append(re.sub(r'name="edit" value="\d+"|as of [^<]*', "", text))
    return found


PARTS = ({"lauvena": 7127, "kregzmina": 1}, {"lauvena": 7120, "kregzmina": 6})


@pytest.mark.parametrize("parts", PARTS)
def test_what_is_held_back_is_told_nowhere(app: Flask, planner: FlaskClient, parts: dict[str, float]) -> None:
    """Neither the page, nor its history, nor the form, nor the rate of the region holds the number."""
    found = []
    for clients in ("7128", "7129"):
        put(app, **parts)
        enter(planner, COUNTY, clients="8000", population="87800")
        enter(planner, COUNTY, clients=clients, population="87800")
        assert stored(app, "lauvena-county").clients == int(clients)
        found.append(told_of(planner))
    assert "the difference could tell how many" in found[0][REPORTS.index(COUNTY)]
    assert found[0] == found[1]
    own = [text_of(planner, COUNTY), text_of(planner, f"{COUNTY}/enter")]
    assert not [one for one in own if re.search(r"7\W?12[89]", one)]


def test_a_rest_of_five_or_more_and_none_at_all_are_told(app: Flask, planner: FlaskClient) -> None:
    for county in (7127, 7132):
        put(app, **{"lauvena": 7127, "lauvena-county": county})
        digits = str(county)
        assert re.search(rf"{digits[0]}\W?{digits[1:]} clients a year", words_of(planner, COUNTY))


def test_a_number_that_is_not_shown_stays_or_is_typed_over(app: Flask, planner: FlaskClient) -> None:
    put(app, **{"lauvena": 7127, "kregzmina": 1, "lauvena-county": 7128})
    assert 'name="clients" type="text" value="*"' in text_of(planner, f"{COUNTY}/enter")
    assert enter(planner, COUNTY, clients="*", population="6000", source="y").status_code == 303
    row = stored(app, "lauvena-county")
    assert (row.clients, row.population, row.source) == (7128, 6000, "y"), "no sentence tells which is larger"
    assert enter(planner, COUNTY, clients="30000").status_code == 422, "a number that is typed is looked at"
    assert enter(planner, COUNTY, clients="9000", population="").status_code == 303
    assert stored(app, "lauvena-county").clients == 9000
    assert enter(planner, f"/demand/tolauke/{PACKAGE}", clients="*").status_code == 422


def test_two_who_change_what_is_not_shown_are_not_told_it(
    app: Flask, case_manager: FlaskClient, planner: FlaskClient
) -> None:
    put(app, **{"lauvena": 7127, "kregzmina": 1, "lauvena-county": 7128})
    was = was_of(text_of(planner, f"{COUNTY}/enter"))
    enter(case_manager, COUNTY, clients="7129", source="a", population="")
    answer = enter(planner, COUNTY, was, clients="7130", source="b", population="")
    assert answer.status_code == 409
    assert not re.search(r"7\W?12[89]", answer.get_data(as_text=True))


def test_a_former_number_is_told_only_where_it_gives_nothing_away(app: Flask, planner: FlaskClient) -> None:
    put(app, **{"lauvena": 7120, "lauvena-county": 8000})
    enter(planner, COUNTY, clients="7500")
    enter(planner, COUNTY, clients="7121")
    enter(planner, COUNTY, clients="7900")
    page = text_of(planner, COUNTY).replace(",", "").split("What was entered before")[-1]
    assert "7500 (counted" in page
    assert "7121" not in page
    assert "not shown (counted" in page


def test_the_day_of_a_case_that_was_seen_is_told_as_a_month(app: Flask, planner: FlaskClient) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        session.add(
            Decision(
                package_code=PACKAGE, package_version=1, outcome="taken", reason="fits", score=80.0,
                client={"needs": {"hou.homeless": {"severity": 2, "urgency": 0}}}, area_code="tolauke",
                decided_on=now().date(),
            )
        )  # fmt: skip
        session.commit()
    for address in (f"/demand/tolauke/{PACKAGE}", f"/demand?area=tolauke&package={PACKAGE}"):
        assert f"{now().date().day} {now():%B} {now().year}" not in words_of(planner, address)
        assert f"{now():%B} {now().year}" in words_of(planner, address)
