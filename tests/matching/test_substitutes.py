"""Another kind of service stands in where the person refused the first, or nobody gives it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Organization, Service, ServiceTypeLink
from netmap.matching.facts import Client, Rated, build_library
from netmap.matching.lines import Wanted, of_package
from netmap.matching.providers import NOBODY
from netmap.matching.service import Matcher
from netmap.matching.substitutes import may_stand_in, settled, to_talk_about, words
from netmap.packages.document import Document, Line, Substitute
from netmap.vocabulary.terms import vocabulary

OWN, OTHER, THIRD = "personal_assistant", "home_care", "transport_help"
NEED = {"needs": {"dis.mobility": {"severity": 2}}}


@pytest.fixture
def town(session: Session) -> Session:
    """One service of each of three kinds."""
    session.add(Organization(id="o", name="Office"))
    session.flush()
    for code in (OWN, OTHER, THIRD):
        session.add(Service(id=code, organization_id="o", name=f"Our {code}", status="active"))
        session.flush()
        session.add(ServiceTypeLink(service_id=code, code=code, state="confirmed"))
    session.flush()
    return session


@pytest.fixture
def answer(
    town: Session, settings: Settings, package: Callable[..., Document], line: Callable[..., Line]
) -> Callable[..., dict[str, Any]]:
    """answer(substitute, ..., refused_types=[...]): the one package of a line with these substitutes."""

    def match(*stand_in: Substitute, own: str = OWN, **client: Any) -> dict[str, Any]:
        lines = (line("help", own, {"dis.mobility": 1}, substitutes=stand_in),)
        known = vocabulary()
        document = package("p", {"dis.mobility": 1.0}, lines)
        library = build_library([("p", 1, document)], tuple(known.needs), tuple(known.circumstances))
        matcher = Matcher(town, settings, library=library)
        found: dict[str, Any] = matcher.match({**NEED, **client}, only="p")["packages"][0]
        return found

    return match


def kinds(line: dict[str, Any]) -> tuple[str, str | None, str | None]:
    return line["type"], line["instead_of"], line["service_id"]


def test_the_own_kind_serves_where_it_can_and_others_stand_behind_it(
    answer: Callable[..., dict[str, Any]],
) -> None:
    stand_in = (Substitute(OTHER), Substitute(THIRD, 1.0, "nobody"))
    (line,) = answer(*stand_in)["lines"]
    assert kinds(line) == (OWN, None, OWN)
    assert [(one["type"], one["service_id"]) for one in line["alternatives"]] == [(OTHER, OTHER)]


def test_what_the_person_refused_is_served_by_a_substitute_in_their_order(
    answer: Callable[..., dict[str, Any]],
) -> None:
    stand_in = (
        Substitute("childcare_place", 1.0, "refused"),  # nobody gives it
        Substitute(THIRD, 1.0, "nobody"),  # not now
        Substitute(OTHER, 0.6, "refused"),
    )
    found = answer(*stand_in, refused_types=[OWN])
    (line,) = found["lines"]
    assert kinds(line) == (OTHER, OWN, OTHER)
    assert line["why"][0] == "in place of: Personal assistant, which the person does not want"
    (need,) = found["needs"]
    assert need["substitutes"] == [{"line": "help", "type": OTHER, "instead_of": OWN, "share": 0.6}]
    assert "Physical disability (weight 2): covered by Home care" in found["reasons"]
    sentence = "Home care stands in for Personal assistant and takes over 60 % of it"
    assert any(reason.startswith(sentence) for reason in found["reasons"])


def test_the_score_does_not_look_at_substitutes(answer: Callable[..., dict[str, Any]]) -> None:
    plain = answer()
    stood_in = answer(Substitute(OTHER, 0.5), refused_types=[OWN])
    assert (stood_in["score"], stood_in["coverage"]) == (plain["score"], plain["coverage"])


def test_a_kind_that_nobody_gives_has_a_stand_in(answer: Callable[..., dict[str, Any]]) -> None:
    stand_in = (Substitute(OTHER, 1.0, "refused"), Substitute(THIRD, 1.0, "nobody"))
    (line,) = answer(*stand_in, own="childcare_place")["lines"]
    assert kinds(line) == (THIRD, "childcare_place", THIRD)
    assert line["why"][0] == "in place of: Childcare place, nanny"


def test_a_refused_kind_without_a_substitute_is_to_be_talked_about(
    answer: Callable[..., dict[str, Any]],
) -> None:
    (line,) = answer(Substitute(OTHER), refused_types=[OWN, OTHER])["lines"]
    assert (kinds(line), line["alternatives"]) == ((OWN, None, None), [])
    assert line["badges"] == [
        "The person does not want this kind of help: talk about it; what else could be added: "
        "Assistive devices, Medical and social rehabilitation, Transport and accompanying"
    ]


def test_a_provider_chosen_by_hand_decides_between_the_kinds(answer: Callable[..., dict[str, Any]]) -> None:
    found = answer(Substitute(OTHER), chosen={"help": OTHER})
    (line,) = found["lines"]
    assert (kinds(line), found["joint"]["lost"]) == ((OTHER, OWN, OTHER), [])
    assert [(one["type"], one["service_id"]) for one in line["alternatives"]] == [(OWN, OWN)]


def wanted(line: Line, **client: Any) -> Wanted:
    return of_package(line, Client({"dis.mobility": Rated(2)}, **client), False)


def test_nobody_for_the_substitutes_either_keeps_the_own_kind(line: Callable[..., Line]) -> None:
    one = wanted(line("help", OWN, {"dis.mobility": 1}, substitutes=(Substitute(OTHER), Substitute(THIRD))))
    nobody = {replace(one, service_type=code).serves: NOBODY for code in (OWN, OTHER, THIRD)}
    assert settled(one, nobody, Client({})) == one
    refused = replace(one, refused=True)
    assert settled(refused, nobody, Client({})).service_type == OTHER
    assert words(one) == to_talk_about(one, ()) == ""


def test_each_occasion_opens_its_substitutes(line: Callable[..., Line]) -> None:
    three = tuple(Substitute(code, 1.0, when) for code, when in ((OTHER, "any"), (THIRD, "refused")))
    one = wanted(
        line("help", OWN, {"dis.mobility": 1}, substitutes=(*three, Substitute("shelter", 1, "nobody")))
    )
    assert [sub.service_type for sub in may_stand_in(one, True)] == [OTHER]
    assert [sub.service_type for sub in may_stand_in(one, False)] == [OTHER, "shelter"]
    assert [sub.service_type for sub in may_stand_in(replace(one, refused=True), False)] == [OTHER, THIRD]
