"""Every route of the application, with an address of each and what is stored: for the tests of the doors."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import Select, inspect, select, text
from werkzeug.routing import Rule

from netmap.auth.models import User
from netmap.colleagues.models import PersonalTie, SettlementContact, Skill
from netmap.db import open_session
from netmap.directory.models import Location, Organization, Phone, Service, Vacancy
from netmap.partners.models import Agreement, BodyAction, BodyMeeting, CoordinatingBody
from tests.county import provider_token

SAFE = {"GET", "HEAD", "OPTIONS"}
NOTHING = "00000000-0000-0000-0000-000000000000"
# Codes that are there in every prepared county, and some that name nothing.
FIXED = {
    "code": "homeless_unemployed",
    "area_code": "lauvena",
    "package_code": "homeless_unemployed",
    "set_code": "three_tests",
    "number": "1",
    "run_id": "1",
    "feed_id": "1",
    "question_id": "no-such-question",
    "form": "book",
    "lang": "en",
    "key": "no-such-gap",
    "call_id": "1",
    "capacity_id": "no-such-figure",
    "edit_id": "1",
    "draft_id": "no-such-draft",
    "table": "organization",
    "plural": "services",
    "email": "planner@demo.example",
}
# The ids of what is stored: only those that an address has in it are asked for.
STORED: dict[str, Select[tuple[Any]]] = {
    "service_id": select(Service.id).order_by(Service.id),
    "organization_id": select(Organization.id).order_by(Organization.id),
    "agreement_id": select(Agreement.id).order_by(Agreement.id),
    "body_id": select(CoordinatingBody.id).order_by(CoordinatingBody.id),
    "meeting_id": select(BodyMeeting.id).order_by(BodyMeeting.id),
    "action_id": select(BodyAction.id).where(BodyAction.done_on.is_(None)).order_by(BodyAction.id),
    "user_id": select(User.id).where(User.role == "planner"),
    "desk": select(Service.organization_id).order_by(Service.id),
    "phone_id": select(Phone.id).order_by(Phone.id),
    "location_id": select(Location.id).order_by(Location.id),
    "first": select(Organization.id).order_by(Organization.id),
    "second": select(Organization.id).order_by(Organization.id.desc()),
    "record_id": select(Service.id).order_by(Service.id),
    "vacancy_id": select(Vacancy.id).order_by(Vacancy.id),
    "skill_id": select(Skill.id).order_by(Skill.id),
    "tie_id": select(PersonalTie.id).order_by(PersonalTie.id),
    "settlement_contact_id": select(SettlementContact.id).order_by(SettlementContact.id),
}


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Return every (rule, method) of the application but static files."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def address(app: Flask, rule: Rule) -> str:
    """Return an address of the rule with real ids."""
    with open_session(app.extensions["netmap_engine"], reading=True) as session:

        def id_of(found: re.Match[str]) -> str:
            """An id that is there where one is known, else one that names nothing."""
            name = found[2]
            if name == "token":
                return provider_token(app.extensions["netmap_settings"])
            if name in STORED:
                return str(session.scalars(STORED[name].limit(1)).first() or NOTHING)
            return FIXED.get(name, "999999" if found[1] == "int:" else NOTHING)

        return re.sub(r"<([a-z]+:)?([a-z_]+)>", id_of, rule.rule)


def rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table holds, sessions and counters of tries left out."""
    with app.extensions["netmap_engine"].connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0
            for name in names
            if name not in {"web_session", "sign_in_try", "security_event"}
        }


def test_no_route_is_left_out(app: Flask) -> None:
    from netmap.web.door import permit_of

    assert len(rules(app)) > 35
    assert {rule.endpoint for rule, _method in rules(app)} == {
        name for name in app.view_functions if permit_of(app, name)
    }
