"""The network as one answer: ties, measures, bridges between sectors, hand-offs, who could replace whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.i18n import gettext as _
from netmap.network.cells.handoffs import Handoff, handoffs_of
from netmap.network.cells.presence import presence
from netmap.network.few import Span, bounds, told_sum
from netmap.network.gaps import kept_question, loading
from netmap.network.gaps.closures import closures
from netmap.network.gaps.handed import HandedOver, handed_over
from netmap.network.gaps.loading import Question
from netmap.network.ties import measure_words, relations
from netmap.network.ties import words as tie_words
from netmap.network.ties.measures import Measures, measures
from netmap.network.ties.relations import STRONG_MONTHS, Network
from netmap.network.ties.replacing import replaceable
from netmap.network.ties.sectors import OF_GROUP, in_order
from netmap.network.ties.views import bridge_views, meeting_views, sector_views, tie_views
from netmap.vocabulary.terms import label, vocabulary

__all__ = ["bridging", "measured", "network", "ties"]

MOST_ON_A_PAGE = 2_000  # organizations; with more, betweenness takes longer than anybody waits for a page


def network(
    session: Session, settings: Settings, *, area: str | None = None, sector: str | None = None
) -> dict[str, Any]:
    """Return ties and measures of a selection, for the command line.

    Parameters
    ----------
    session : Session
    settings : Settings
    area : str, optional
        Only organizations that have a place in this area or serve it, and hand-offs there.
    sector : str, optional
        Only organizations of this sector.

    Returns
    -------
    dict
        ``organizations``, ``ties``, ``measures`` (each with value, plain words and a warning), ``brokers``,
        ``meeting`` (who sits in which bodies), ``groups``, ``cut``, ``single_links``, ``bridges`` between
        sectors, ``sectors``, ``hand_offs`` with ``hand_off_coverage``, ``closures`` (N-1), ``unused``,
        ``replaceable``, ``assumptions``.

    Raises
    ------
    Invalid
        If there is no such area or sector.
    """
    found = relations.load(session, settings, area=area, sector=sector)
    question = loading.load(session, settings, None, area)
    return {
        "as_of": found.day.isoformat(),
        "area": area,
        "sector": sector,
        "organizations": [
            {"id": key, "name": found.names[key], "sector": found.sectors[key][0]}
            for key in sorted(found.chosen)
        ],
        "ties": tie_views(found),
        **measured_of(found),
        **bridging_of(found, question),
        **_supply(found, question),
        "assumptions": assumptions(found),
    }


def ties(session: Session, settings: Settings, area: str | None, sector: str | None) -> list[dict[str, Any]]:
    """Return the ties of a selection; raises Invalid where there is no such area or sector."""
    return tie_views(relations.load(session, settings, area=area, sector=sector))


def measured(session: Session, settings: Settings, area: str | None, sector: str | None) -> dict[str, Any]:
    """Return measures, hand-offs, N-1 and who could replace whom; raises Invalid as `network` does."""
    found = relations.load(session, settings, area=area, sector=sector)
    question = kept_question.question(session, settings, None, area)
    return {
        "as_of": found.day,
        **measured_of(found, between=len(found.chosen) <= MOST_ON_A_PAGE),
        **_supply(found, question),
        "assumptions": assumptions(found),
    }


def bridging(session: Session, settings: Settings, area: str | None) -> dict[str, Any]:
    """Return sectors and the bridges between them; raises Invalid where there is no such area."""
    found = relations.load(session, settings, area=area)
    question = kept_question.question(session, settings, None, area)
    return {"as_of": found.day, **bridging_of(found, question)}


def assumptions(found: Network) -> dict[str, Any]:
    """Return what was assumed, not found, and of how many organizations nobody knows where they are."""
    return {
        "contact_since": found.since.isoformat(),
        "strong_months": STRONG_MONTHS,
        "without_area": sum(key not in found.places for key in found.chosen),
    }


def measured_of(found: Network, *, between: bool = True) -> dict[str, Any]:
    """Return the measures of the graph of a selection, and the organizations that stand out.

    Without ``between`` nobody waits for the shares of shortest ways: they are None.
    """
    got = measures(found.graph(), between=between)
    return {
        "measures": measure_words.told(got),
        "sampled": got.sampled,
        "brokers": _brokers(found, got),
        "broker_words": measure_words.broker_words(),
        "meeting": meeting_views(found),
        "meeting_words": measure_words.meeting_words(),
        "groups": [[_named(found, key) for key in part] for part in got.groups if len(part) > 1],
        "cut": [_named(found, key) for key in got.cut],
        "single_links": [[_named(found, key) for key in link] for link in got.single],
        "alone": [_named(found, key) for key in got.alone],
    }


def _brokers(found: Network, got: Measures) -> list[dict[str, Any]]:
    rows = [
        {
            **_named(found, key),
            "partners": one.partners,
            "effective": round(one.effective, 4),
            "constraint": round(one.constraint, 4),
            "betweenness": round(got.betweenness[key], 4) if got.betweenness else None,
            "core": got.core[key],
            "cut": key in got.cut,
        }
        for key, one in got.brokers.items()
    ]
    return sorted(rows, key=lambda row: (-(row["betweenness"] or 0.0), -row["effective"], row["id"]))


def bridging_of(found: Network, question: Question) -> dict[str, Any]:
    """Return the sectors, and each two of them with their links and the areas where they have none."""
    areas = [area.code for area in question.ground.areas]
    rows = bridge_views(found, wanted(question), areas)
    for row in rows:
        row["missing_in"] = [{"code": code, "name": question.area_name(code)} for code in row["missing_in"]]
    return {"sectors": sector_views(found), "sectors_from": dict(tie_words.told_from()), "bridges": rows}


def wanted(question: Question) -> Mapping[tuple[str, str], Sequence[float]]:
    """Return how many clients a year have a package that leads from one sector to another, by both sectors.

    They are told apart by area and package. The sector of a line is that of the group of its service type.
    """
    types = vocabulary().service_types
    people: dict[str, list[float]] = defaultdict(list)
    for (_area, package), demand in question.demands.items():
        people[package].append(demand.clients)
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for code, profile in question.profiles.items():
        pairs = {
            in_order(*(OF_GROUP[types[line.service_type].group] for line in step))
            for _code, *step in handoffs_of(profile)
            if all(line.service_type in types for line in step)
        }
        for one, other in pairs:
            if one != other:
                found[one, other] += people[code]
    return found


def _supply(found: Network, question: Question) -> dict[str, Any]:
    handed = [_hand_off(question, one) for one in question.survey.handoffs]
    idle = sorted(question.survey.idle)
    return {
        "hand_offs": handed,
        "hand_off_coverage": coverage(handed, handed_over(question), counted=bool(question.demands)),
        "closures": _closures(question),
        "unused": [{"id": key, "name": question.names.get(key, key)} for key in idle],
        "replaceable": _replaceable(question),
    }


def coverage(
    handed: Sequence[Mapping[str, Any]], over: HandedOver, *, counted: bool = True
) -> dict[str, Any]:
    """Return how many clients a year, and areas, have hand-offs that work, of those where they could.

    A client is counted once, and only where every hand-off works; areas are counted for each hand-off.
    """
    known = counted and sum(over.people) > 0
    return {
        "clients": sum(over.people) if known else None,
        "clients_between": bounds(over.people) if known else None,
        "clients_covered": sum(over.linked) if known else None,
        "covered_between": bounds(over.linked) if known else None,
        "places": sum(one["possible"] for one in handed),
        "places_covered": sum(one["covered"] for one in handed),
    }


def _added(spans: Iterable[Span]) -> Span:
    """Return between what the sum of numbers lies that lie in spans."""
    lows, highs = zip(*spans, strict=True)
    return sum(lows), sum(highs)


def _hand_off(question: Question, one: Handoff) -> dict[str, Any]:
    codes = np.array([area.code for area in question.ground.areas], dtype=object)
    reached, met = codes[one.reached].tolist(), codes[one.linked].tolist()
    heads = {code: question.demands.get((code, one.profile)) for code in reached}
    known = {code: found.clients for code, found in heads.items() if found}
    linked = set(met)
    covered = [clients for code, clients in known.items() if code in linked]
    lost = told_sum(clients for code, clients in known.items() if code not in linked)
    return {
        "profile": one.profile,
        "profile_name": question.profile_name(one.profile),
        "first": one.first.service_type,
        "first_name": label(one.first.service_type),
        "then": one.then.service_type,
        "then_name": label(one.then.service_type),
        "possible": len(reached),
        "covered": len(met),
        "missing_in": [
            {"code": code, "name": question.area_name(code)} for code in codes[one.broken].tolist()
        ],
        "clients": sum(known.values()) if known else None,
        "clients_between": bounds(known.values()) if known else None,
        "clients_covered": sum(covered) if known else None,
        "covered_between": bounds(covered) if known else None,
        "lost_shown": lost if known else _("not counted"),
    }


def _closures(question: Question) -> list[dict[str, Any]]:
    return [
        {
            "id": one.provider,
            "name": question.names.get(one.provider, one.provider),
            "cells": one.cells,
            "clients": one.clients,
            "clients_shown": _("not counted") if one.clients is None else told_sum(one.people),
            "cells_at_most": one.most_cells,
            "clients_at_most": one.most_clients,
            "clients_at_most_shown": (
                _("not counted") if one.most_clients is None else told_sum(one.most_people)
            ),
        }
        for one in closures(question.survey.cells, question.demands)
    ]


def _replaceable(question: Question) -> list[dict[str, Any]]:
    """Return who is there for what others are there for too; those that nobody can replace first."""
    names: Mapping[str, str] = question.names
    rows = [
        {
            "id": one.provider,
            "name": names.get(one.provider, one.provider),
            "covers": one.covers,
            "alone": one.alone,
            "others": [
                {"id": key, "name": names.get(key, key), "shared": count} for key, count in one.others
            ],
        }
        for one in replaceable(*presence(question.ground, question.profiles.values()))
        if one.covers
    ]
    return sorted(rows, key=lambda row: (-row["alone"], -row["covers"], row["name"], row["id"]))


def _named(found: Network, key: str) -> dict[str, str]:
    return {"id": key, "name": found.names[key], "sector": found.sectors[key][0]}
