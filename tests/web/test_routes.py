"""Every route of the application, with an address of each and what is stored: for the tests of the doors."""

import re

from flask import Flask
from sqlalchemy import MetaData, select, text
from werkzeug.routing import Rule

from netmap.auth.models import User
from netmap.colleagues.models import PersonalTie, SettlementContact, Skill
from netmap.db import open_session
from netmap.directory.models import Location, Organization, Phone, Service, Vacancy
from netmap.partners.models import Agreement, BodyAction, BodyMeeting, CoordinatingBody
from tests.county import provider_token

SAFE = {"GET", "HEAD", "OPTIONS"}


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
        known = {
            "service_id": session.scalars(select(Service.id).order_by(Service.id)).first(),
            "organization_id": session.scalars(select(Organization.id).order_by(Organization.id)).first(),
            "agreement_id": session.scalars(select(Agreement.id).order_by(Agreement.id)).first(),
            "body_id": session.scalars(select(CoordinatingBody.id).order_by(CoordinatingBody.id)).first(),
            "meeting_id": session.scalars(select(BodyMeeting.id).order_by(BodyMeeting.id)).first(),
            "action_id": session.scalars(
                select(BodyAction.id).where(BodyAction.done_on.is_(None)).order_by(BodyAction.id)
            ).first(),
            "user_id": str(session.scalars(select(User.id).where(User.role == "planner")).one()),
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
            "desk": session.scalars(select(Service.organization_id).order_by(Service.id)).first(),
            "call_id": "1",
            "phone_id": session.scalars(select(Phone.id).order_by(Phone.id)).first(),
            "search_id": "00000000-0000-0000-0000-000000000000",
            "curation_id": "00000000-0000-0000-0000-000000000000",
            "capacity_id": "no-such-figure",
            "edit_id": "1",
            "draft_id": "no-such-draft",
            "location_id": session.scalars(select(Location.id).order_by(Location.id)).first(),
            "table": "organization",
            "first": session.scalars(select(Organization.id).order_by(Organization.id)).first(),
            "second": session.scalars(select(Organization.id).order_by(Organization.id.desc())).first(),
            "link_id": "00000000-0000-0000-0000-000000000000",
            "token": provider_token(app.extensions["netmap_settings"]),
            "plural": "services",
            "record_id": session.scalars(select(Service.id).order_by(Service.id)).first(),
            "vacancy_id": session.scalars(select(Vacancy.id).order_by(Vacancy.id)).first(),
            "skill_id": session.scalars(select(Skill.id).order_by(Skill.id)).first(),
            "tie_id": session.scalars(select(PersonalTie.id).order_by(PersonalTie.id)).first(),
            "settlement_contact_id": session.scalars(
                select(SettlementContact.id).order_by(SettlementContact.id)
            ).first(),
            "email": "planner@demo.example",
            "provider_link_id": "00000000-0000-0000-0000-000000000000",
            "correction_id": "00000000-0000-0000-0000-000000000000",
            "report_id": "00000000-0000-0000-0000-000000000000",
        }

    def id_of(found: re.Match[str]) -> str:
        """An id that is there where one is known, else one that names nothing."""
        return str(known.get(found[2], "999999" if found[1] == "int:" else known["curation_id"]))

    return re.sub(r"<([a-z]+:)?([a-z_]+)>", id_of, rule.rule)


def rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table holds, sessions and counters of tries left out."""
    engine = app.extensions["netmap_engine"]
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0
            for name in found.tables
            if name not in {"web_session", "sign_in_try", "security_event"}
        }


def test_no_route_is_left_out(app: Flask) -> None:
    from netmap.web.door import permit_of

    assert len(rules(app)) > 35
    assert {rule.endpoint for rule, _method in rules(app)} == {
        name for name in app.view_functions if permit_of(app, name)
    }
