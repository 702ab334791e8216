"""The migrated schema is the schema of the models, up and down, and a newer database is left alone."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from netmap.app import import_all_models
from netmap.db import Base, open_engine
from netmap.errors import Unavailable
from netmap.migrations.upgrade import downgrade, require_known, upgrade


@pytest.fixture
def empty(tmp_path: Path) -> Engine:
    import_all_models()
    return open_engine(f"sqlite:///{tmp_path / 'new.db'}")


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, Base.metadata))


def test_the_upgraded_schema_is_that_of_the_models(empty: Engine) -> None:
    upgrade(empty)
    assert differences(empty) == []


def test_a_difference_would_be_found(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE demand ADD COLUMN extra INTEGER"))
    assert differences(empty) != []


def test_the_schema_goes_down_to_nothing_and_up_again(empty: Engine) -> None:
    upgrade(empty)
    downgrade(empty, "base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    upgrade(empty)
    assert differences(empty) == []


def test_upgrading_twice_changes_nothing(empty: Engine) -> None:
    upgrade(empty)
    first = require_known(empty)
    upgrade(empty)
    assert require_known(empty) == first


def test_a_database_of_a_newer_version_is_left_alone(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    with pytest.raises(Unavailable, match="newer netmap"):
        upgrade(empty)
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "ffff"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "netmap.db").write_text("this is a letter, not a database" * 100)
    with pytest.raises(Unavailable, match="cannot be opened"):
        require_known(open_engine(f"sqlite:///{tmp_path / 'netmap.db'}"))


def test_no_table_about_clients_has_a_column_for_a_person() -> None:
    import_all_models()
    allowed = {
        "decision": {
            "id", "package_code", "package_version", "outcome", "reason", "score", "best_code", "best_score",
            "client", "added", "dropped", "providers", "overrides", "area_code", "decided_on",
        },
        "unmet_need": {
            "id", "need_code", "service_type", "area_code", "language", "part_of_day", "recorded_on", "mark",
        },
        "demand": {
            "id", "area_code", "package_code", "clients", "population", "year", "source", "kind", "prior",
            "base", "note", "entered_by", "entered_at",
        },
        "unfit_case": {
            "id", "needs", "facts", "area_code", "best_code", "best_score", "recorded_on", "mark",
        },
        "entry_decision": {
            "id", "criteria_code", "criteria_number", "answers", "followed", "result", "reasons", "sentence",
            "receiver_kind", "receiver_id", "receiver_name", "area_code", "author", "decided_on",
        },
    }  # fmt: skip
    found = {name: {column.name for column in Base.metadata.tables[name].columns} for name in allowed}
    assert found == allowed


def test_no_table_is_new_without_being_asked_whether_it_holds_clients() -> None:
    import_all_models()
    directory = {
        "source", "organization", "service", "location", "service_at_location", "address", "phone",
        "schedule", "language", "cost_option", "required_document", "taxonomy", "taxonomy_term", "attribute",
        "service_area", "area", "area_shape", "service_type_link", "eligibility_rule", "package",
        "package_version", "package_approval",
        "accessibility", "contact", "funding", "meta_table_description", "metadata",
        "organization_identifier", "program", "service_capacity", "tie", "unit", "url", "vacancy", "curation",
        "directory_change", "alias", "service_party",
    }  # fmt: skip
    staff = {"user", "web_session", "sign_in_try", "security_event", "job", "import_run", "import_change"}
    staff |= {
        "call",
        "called_record",
        "confirmation",
        "doubtful_phone",
        "ring_claim",
    }  # who rang, what came of it
    staff |= {"service_use", "truth_snapshot", "area_snapshot"}  # counts of services and days
    staff |= {  # organizations, what was agreed with them, and what bodies of them decided
        "partnership", "partner_contact", "partner_service", "partner_licence", "role_sheet", "agreement",
        "agreement_party", "agreement_document", "agreement_tie", "coordinating_body", "body_member",
        "body_meeting", "body_decision", "body_action",
    }  # fmt: skip
    staff |= {"saved_search"}  # words that a person chose to keep; `saved_address` refuses what tells who
    staff |= {"search_question", "search_grade"}  # written by staff to judge the search, about nobody
    staff |= {"entry_criteria"}  # sentences about rules, each checked by `personal_problem`
    staff |= {
        "edit",
        "edit_change",
    }  # rows of the directory, before and after, and who of the staff wrote them
    staff |= {"personal_tie", "settlement_contact", "skill"}  # whom staff know at providers and in villages
    staff |= {"source_conflict", "source_rule"}  # rows of the directory, and whose word counts
    staff |= {"feed", "feed_try"}  # from where directories are fetched, and how that ended
    staff |= {"edit_draft"}  # the same, as one person typed it and has not saved it
    # ids of records, in pairs, and who of the staff said what of them
    staff |= {"merged_into", "duplicate_pair", "duplicate_search", "not_same"}
    staff |= {"matching_rules"}  # weights and thresholds with a note why
    staff |= {"scenario"}  # changes of the network that somebody tries, under a name that is checked
    staff |= {"travel"}  # how far it is from area to area
    staff |= {"package_curation"}  # which packages are always shown or left out, and why
    staff |= {
        "provider_link",
        "link_event",
        "attestation",
        "correction",
    }  # what providers do with their records
    staff |= {"gap_survey", "gap_card"}  # sums over areas, made from rows that hold no person
    staff |= {"gap_decision", "gap_test"}  # what was decided about a gap, checked by `personal_problem`
    staff |= {"mistake_report"}  # a reason and a sentence, checked by `personal_problem`
    about_cases = {"decision", "unmet_need", "demand", "entry_decision", "unfit_case"}
    assert set(Base.metadata.tables) - directory - staff == about_cases
