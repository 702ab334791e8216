"""S3: a field that a form does not have changes nothing, whatever it is called."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from netmap.app import create_app
from netmap.auth.models import User
from netmap.db import Base, open_session
from netmap.directory.models import Service, ServiceTypeLink
from netmap.editing.told_names import known_of
from netmap.network.gaps.cards import key_of
from tests.county import EMAILS, PASSWORD, StrictClient, settings_for
from tests.trust.doors import Tables, unsafe
from tests.web.test_routes import address, rows

NEW = "seven quiet boats at noon"
CLIENT = '{"needs": {"fin.consumer_debt": {"severity": 2}}}'


def _whole(columns: Iterable[str], **said: str) -> dict[str, str]:
    """A form with every field of the record itself, so that what is sent beside them is none of it."""
    return {**dict.fromkeys(columns, ""), "do": "save", "version": "1", "base": "{}", "whole": "yes", **said}


ORGANIZATION_FORM = _whole(known_of("organization").fields, name="House")
LOCATION_FORM = _whole(known_of("location").fields, name="Hall", location_type="physical")
# Refused for want of what it helps with: what is added has new ids, which differ in every twin.
LIGHT = {"name": "Quilts", "helps_with": "", "area": "", "reach": "", "note": "", "do": "add", "parent": ""}
CRITERIA = {"name": "North", "rule": "all", "area": "", "text-1": "It takes long.", "measure-1": ""}
UNFIT = '{"needs": {"hlt.palliative": {"severity": 2}}}'
PACKAGE = dict.fromkeys(("code", "note", "languages", "budget", "hours", "max_km"), "") | {"do": "nothing"}
RULES = {
    "weights.way": "0.3", "weights.wait": "0.15", "weights.outcome": "0.15", "weights.language": "0.1",
    "weights.cost": "0.1", "weights.freshness": "0.1", "weights.acceptability": "0.1",
    "thresholds.many_needs": "3", "thresholds.many_domains": "5", "thresholds.low_score": "50",
    "thresholds.large_delta": "0.5", "per_site": "0.1", "note": "Buses are rare", "expected": "0",
}  # fmt: skip
RELATION = {"state": "in_talks", "owner": EMAILS["planner"], "next_step": "Call", "next_on": "", "note": ""}
AGREEMENT = {
    "title": "Beds", "kind": "contract", "parties-0-name": "Our office", "parties-0-role": "calls",
    "begins": "2026-01-01", "ends": "2026-12-31",
    **dict.fromkeys(
        ("owner", "goals", "roles", "tools", "price", "price_per", "volume_agreed", "volume_used", "used_on",
         "volume_unit", "result", "ended_on", "review_on", "signed_by"), "",
    ),
}  # fmt: skip
ROLE = dict.fromkeys(
    ("limits", "interests", "contribution", "strengths", "funding", "staff", "premises", "our_view",
     "their_view", "agreed_on", "review_on"), "",
) | {"functions": "Beds", "licences-0-name": "Hygiene"}  # fmt: skip
BODY = {"name": "Round table", "purpose": "", "meets": "", "ended_on": "", "members-0-name": "Mayor"}
MEETING = {
    "held_on": "2026-10-01", "subject": "", "decisions-0-sentence": "Nobody is turned away",
    "actions-0-sentence": "Count beds", "actions-0-owner": "Ann", "actions-0-due": "2026-12-01",
}  # fmt: skip
# What an honest browser sends. A new route that writes belongs here with its fields.
SERVICE_FORM = dict.fromkeys(
    (
        "alternate_name", "description", "text_language", "duration", "layer", "alert", "alert_until",
        "review_days", "minimum_age", "maximum_age", "eligibility_description", "application_process",
        "interpretation_services", "fees_description", "wait_time", "accreditations", "licenses", "email",
        "url", "draft", "base",
    ),
    "",
) | {"name": "Quiet room", "status": "active", "version": "1", "whole": "yes", "do": "save"}  # fmt: skip
CALLED = {
    "area_code": "lauvena", "name": "Elder", "role": "elder", "phone": "+44 1632 960777",
    "helps_with": "keys", "organization_id": "", "agreed_on": "2026-11-01", "checked_on": "",
}  # fmt: skip
COUNT = {
    "kind": "counted", "clients": "20", "base": "", "population": "24100", "year": "2026",
    "source": "office", "note": "",
}  # fmt: skip
OFFERED = {
    "title": "Baker", "description": "", "pay": "900", "hours": "", "requirements": "", "places": "1",
    "valid_to": "", "location_id": "", "contact_id": "",
}  # fmt: skip
FORMS: dict[str, dict[str, str]] = {
    "duplicates.look": {"table": "service"},
    "duplicates.decide": {"what": "apart", "keep": "first", "version.first": "1", "version.second": "1"},
    "editing.save_service": SERVICE_FORM,
    "editing.add": SERVICE_FORM | {"organization": "no-such-organization"},
    "editing.free": {"step": "more"},
    "editing.confirm": {"how": "phone"},
    "editing.undo": {},
    "drafts.throw_away": {},
    "account.check_sign_in": {"email": EMAILS["planner"], "password": PASSWORD, "next": "/"},
    "account.sign_out": {},
    "account.choose_language": {"language": "en", "next": "/"},
    "account.change_password": {"old_password": PASSWORD, "new_password": NEW, "again": NEW},
    "account.end_sessions": {"session": "others"},
    "people.add": {"email": "new@office.example", "role": "planner", "password": NEW},
    "people.change": {"do": "role", "role": "case_manager", "password": NEW},
    "prints.change": {"form": "offline-html", "lang": "lt", "do": "make"},
    "matching.ask": {
        "do": "suggest", "note": "debts", "language": "lt", "max_km": "", "budget": "", "client": CLIENT,
    },
    "matching.table": {"client": CLIENT, "package": "homeless_unemployed", "as": "page"},
    "matching_sheet.show": {"client": CLIENT, "package": "homeless_unemployed", "do": "contest"},
    "matching_choice.choose": {
        "client": CLIENT, "package": "homeless_unemployed", "do": "compare", "line-debts": "-",
        "reason-debts": "", "most_places": "2",
    },
    "matching.decide": {
        "client": CLIENT, "package": "homeless_unemployed", "outcome": "taken", "reason": "fits",
        "version": "1", "key": "", "paper": "",
    },
    "entry.ask": {"client": CLIENT, "length": "short"},
    "entry.decide": {
        "client": CLIENT, "length": "short", "do": "keep", "criteria": "three_tests", "result": "short_help",
        "answer-many_needs": "no", "reason-criteria": "yes", "sentence": "", "receiver": "",
        "find_receiver": "", "key": "",
    },
    "criteria.add": CRITERIA | {"code": "north"},
    "criteria.save": CRITERIA | {"expected": "1"},
    "unmet.record": {
        "unmet_about": "need:fin.consumer_debt", "unmet_area": "", "unmet_language": "",
        "unmet_part_of_day": "evening", "unmet_case": "", "back": "q=debts",
    },
    "unmet.undo": {"token": "", "back": ""},
    "what_if.add": {
        "do": "add_service", "service_type": "debt_advice", "area": "lauvena", "how": "place", "provider": "",
        "languages": "", "hours": "", "fee": "", "duration": "", "capacity": "", "require": "",
        "name": "Debts", "scenario": "", "version": "",
    },
    "what_if.alter": {"do": "copy", "version": "1", "name": "", "number": "", "gap": ""},
    "saved.add": {"name": "Debts", "address": "q=debts"},
    "saved.change": {"do": "seen", "name": "", "next": "/saved"},
    "curating.add": {
        "about": "need:fin.consumer_debt", "effect": "first", "reason": "Answers the same day", "until": "",
        "back": "",
    },
    "curating.end": {"back": ""},
    "package_curation.add": {
        "effect": "exclude", "need": "", "area": "", "reason": "No places until March", "until": "",
    },
    "package_curation.end": {"back": ""},
    "network.note_test": {"looked_at": "calls", "found": "Nobody"},
    "network.decide": {
        "decision": "proposed", "owner": "", "remedy": "rule", "beyond": "law", "authority": "Council",
        "sent_on": "2026-11-01", "answer": "", "answered_on": "", "outcome": "", "note": "", "extent": "",
    },
    "unfit.record": {"client": UNFIT, "case": "A17"},
    "unfit.undo": {"token": "", "client": UNFIT},
    "packages.save": PACKAGE,
    "packages.effect": PACKAGE,
    "packages.new_effect": PACKAGE,
    "rules.save": RULES,
    "rules.effect": RULES,
    "rules.restore": {"number": "0", "expected": "0"},
    "exercises.answer": {"client": CLIENT},
    "packages.add": PACKAGE,
    "packages.import_file": {},
    "packages.restore": {"expected": "1"},
    "packages.say": {"number": "1", "partner": "House", "person": "Rasa", "state": "approved", "note": ""},
    "typing.change": {"code": "", "state": "confirmed", "next": "/typing", "after": ""},
    "judging.add": {"question": "who helps with debts", "lang": "en"},
    "judging.grade": {},
    "importing.upload": {"kind": "directory", "source": "", "map": ""},
    "importing.choose_columns": {"column-1": "name"},
    "importing.check": {},
    "importing.apply": {"agreed": "yes"},
    "importing.take_back": {"rest": "no"},
    "colleagues.add_skill": {"what": "language:pl", "note": "a little"},
    "colleagues.remove_skill": {},
    "colleagues.keep_tie": {"sentence": "Shared an office with the head"},
    "colleagues.change_tie": {"do": "share", "back": ""},
    "colleagues.hand_over": {"items": "partnership:none", "receivers": EMAILS["coordinator"]},
    "colleagues.undo": {"edit": "1"},
    "demand.save": COUNT,
    "demand.remove": {},
    "demand.undo": {"edit": "1"},
    "settlement_contacts.add": CALLED,
    "settlement_contacts.save": CALLED,
    "settlement_contacts.remove": {},
    "settlement_contacts.undo": {"edit": "1"},
    "provider.vacancy": {"do": "confirm"},
    "vacancies.add": OFFERED | {"who": "foreman"},
    "vacancies.save": OFFERED,
    "vacancies.confirm": {"who": "foreman", "back": ""},
    "vacancies.withdraw": {"back": ""},
    "vacancies.places": {"step": "-1", "back": ""},
    "vacancies.undo": {"edit": "1"},
    "partners.change": RELATION,
    "partners.note_contact": {"day": "2026-11-20", "how": "phone", "sentence": "Beds on Monday"},
    "partners.add_agreement": AGREEMENT,
    "partners.change_agreement": AGREEMENT,
    "partners.change_role": ROLE,
    "partners.change_services": {},
    "partners.add_body": BODY,
    "partners.change_body": BODY,
    "partners.add_meeting": MEETING,
    "partners.change_meeting": MEETING,
    "partners.finish_action": {},
    "light.add_organization": LIGHT,
    "light.add_service": LIGHT,
    "organizations.save": ORGANIZATION_FORM,
    "locations.save": LOCATION_FORM,
    "locations.add": LOCATION_FORM | {"organization": "no-such-organization"},
    "source_conflicts.decide": {"source": "", "conflict": "x", "side-x": ""},
    "source_conflicts.set_rule": {"source": "demo", "place": "phone number", "rule": "ours", "now": "no"},
    "source_conflicts.undo": {},
    "feeds.add": {"source": "list", "address": "https://data.example.org/", "every": "1440", "map": ""},
    "feeds.change": {"do": "nothing"},
    "ringing.share": {"people": EMAILS["case_manager"], "each": "5"},
    "ringing.take_next": {"do": "next", "after": ""},
    "ringing.claim": {"do": "claim"},
    "ringing.report": {
        "outcome": "no_answer", "services": "", "otherwise": "", "phone": "", "hours": "4", "since": "",
        "successor": "", "note": "",
    },
    "ringing.confirm_written": {"do": "written"},
    "ringing.undo": {"do": "undo"},
    "ringing.trust": {"desk": "", "do": "trust"},
    "provider.language": {"language": "lt"},
    "provider.confirm": {"do": "all"},
    "provider.send": {
        "key": "", "seen": "{}", "name": "Choir", "description": "Singing", "email": "", "url": "",
        "fees_description": "", "minimum_age": "", "maximum_age": "", "eligibility_description": "",
        "application_process": "",
    },
    "provider.state": {
        "status": "temporarily closed", "alert": "", "alert_until": "2035-01-01", "was.status": "active",
        "key": "",
    },
    "provider.free": {"capacities.+1.available": "3"},
    "provider_links.make": {"addressee": "head@house.example", "days": "30", "language": "lt"},
    "provider_links.revoke": {},
    "provider_links.revoke_all": {},
    "corrections.decide": {"do": "all", "answer": ""},
    "mistakes.send": {"reason": "hours", "sentence": "Nobody there at nine"},
    "mistakes.decide": {"state": "mended"},
    "api.needs": {"text": "debts", "lang": "en"},
    "api.match": {},
}  # fmt: skip
# A gap of the demo county: a clinic that takes no parents of small children.
GAP = key_of("ANY_OF", "addiction_outpatient", "drinking_single_parent_with_debts")
VOLATILE = {"UtcDateTime", "DateTime"}
# Ids of rows that were just made, as other rows hold them.
BY_CHANCE = {
    ("edit", "about_id"), ("agreement_party", "agreement_id"), ("body_member", "body_id"),
    ("body_decision", "meeting_id"), ("body_action", "meeting_id"),
}  # fmt: skip


@pytest.fixture
def twins(prepared: Path, tmp_path: Path) -> Iterator[tuple[Flask, Flask]]:
    """Two applications on two equal copies of the demo county."""
    made = []
    for name in ("honest", "sly"):
        shutil.copytree(prepared, tmp_path / name)
        app = create_app(settings_for(tmp_path / name))
        app.test_client_class = StrictClient
        app.config["WTF_CSRF_ENABLED"] = False
        made.append(app)
    yield made[0], made[1]
    for app in made:
        app.extensions["netmap_engine"].dispose()


def stored(app: Flask) -> Tables:
    """Every row without what differs by itself: moments, hashes, and keys that are made by chance."""
    found: Tables = {}
    with app.extensions["netmap_engine"].connect() as connection:
        for name, table in Base.metadata.tables.items():
            columns = [
                column
                for column in table.columns
                if type(column.type).__name__ not in VOLATILE
                and column.name not in {"id", "id_hash", "key", "password_hash", "token_hash"}
                and (name != "edit_change" or column.name not in {"row_id", "before", "after"})
                and (name, column.name) not in BY_CHANCE
            ]
            rows_of = (
                [tuple(map(repr, row)) for row in connection.execute(select(*columns))] if columns else []
            )
            found[name] = sorted(rows_of)
    return found


def extras(form: dict[str, str], role: str | None = None) -> dict[str, str]:
    """Every column of every table as one more field, with a value that would be noticed."""
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    names = (
        columns
        | {f"{table}.{column}" for table in ("user", "service") for column in columns}
        | {"is_admin", "by"}
    )
    sly = {
        "role": "planner" if role == "admin" else "admin",
        "active": "0",
        "version": "99",
        "state": "confirmed",
    }
    return {name: sly.get(name, "1") for name in names if name not in form}


def typed_link(app: Flask) -> tuple[str, str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        link = session.scalars(select(ServiceTypeLink).order_by(ServiceTypeLink.id)).first()
        if link is not None:
            return link.service_id, link.code
        return session.scalars(select(Service.id).order_by(Service.id)).one(), "debt_advice"


def send(app: Flask, endpoint: str, path: str, role: str | None, more: dict[str, str], as_json: bool) -> int:
    client = app.test_client()
    if role:
        assert client.post("/sign-in", data={"email": EMAILS[role], "password": PASSWORD}).status_code == 303
    form: dict[str, Any] = {**FORMS[endpoint], **more}
    if endpoint == "api.match":
        form["needs"] = {"fin.consumer_debt": {"severity": 2}}
    if endpoint == "typing.change":
        service, form["code"] = typed_link(app)
        path = f"/typing/{service}"
    if endpoint == "judging.grade":
        path = client.post("/judging", data=FORMS["judging.add"]).headers["Location"]
        form[f"grade-{typed_link(app)[0]}"] = "2"
    path = path.replace("no-such-gap", GAP)
    how = {"json": form} if as_json else {"data": form}
    return client.post(path, **how).status_code  # type: ignore[arg-type]


def test_no_route_obeys_a_field_that_its_form_does_not_have(twins: tuple[Flask, Flask]) -> None:
    honest, sly = twins
    wrong, routes = [], list(unsafe(honest))
    assert {rule.endpoint for rule, _method, _role in routes} <= set(FORMS), (
        "say in FORMS what the route takes"
    )
    paths = {rule.endpoint: address(honest, rule) for rule, _method, _role in routes}
    for rule, _method, role in sorted(routes, key=lambda one: one[0].endpoint == "account.change_password"):
        as_json = rule.endpoint.startswith("api.")
        path = paths[rule.endpoint]
        more = extras(FORMS[rule.endpoint], role)
        if rule.endpoint == "api.match":  # unknown keys are refused there, and the rest is codes of a client
            more = {
                name: value for name, value in more.items() if name not in {"languages", "area", "budget"}
            }
        said = (
            send(honest, rule.endpoint, path, role, {}, as_json),
            send(sly, rule.endpoint, path, role, more, as_json),
        )
        before, after = stored(honest), stored(sly)
        if before != after or max(said) >= 500:
            wrong.append((rule.rule, said, [name for name in after if before[name] != after[name]]))
            break
    assert wrong == []


def test_json_in_place_of_a_form_is_no_form(twins: tuple[Flask, Flask]) -> None:
    app = twins[1]
    clients = {role: app.test_client() for role in (None, *EMAILS)}
    for role, client in clients.items():
        if role:
            client.post("/sign-in", data={"email": EMAILS[role], "password": PASSWORD})
    before = rows(app) | {"link_event": 0}, stored(app)["user"]
    for rule, _method, role in unsafe(app):
        if rule.endpoint in {"account.sign_out", "account.check_sign_in"} or rule.endpoint.startswith("api."):
            continue
        answer = clients[role].post(address(app, rule), json={**FORMS[rule.endpoint], **extras({})})
        assert answer.status_code < 500
        assert rows(app) | {"link_event": 0} == before[0], rule.rule
    assert stored(app)["user"] == before[1]


def test_an_added_person_has_the_role_that_was_chosen_and_nothing_else(twins: tuple[Flask, Flask]) -> None:
    app = twins[1]
    form = {"id": "1", "active": "0", "password_hash": "x", "created_at": "2000-01-01", "language": "lt"}
    assert send(app, "people.add", "/people", "admin", form, False) == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        made = session.scalars(select(User).where(User.email == "new@office.example")).one()
    assert (made.role, made.active, made.language) == ("planner", True, None)
    assert made.password_hash.startswith("$argon2id$")
    assert made.created_at.year > 2000
