"""Scenarios tried on the directory: from the document to the answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.network.whatif.desk import Desk, desk
from netmap.network.whatif.scenario_reading import Plan, read, what_is_left
from netmap.network.whatif.trial import what_if
from netmap.network.whatif.views import effect_view, gone_sentence

__all__ = ["Desk", "answer", "answer_kept", "desk", "try_out"]


def try_out(session: Session, settings: Settings, values: Mapping[str, object]) -> dict[str, Any]:
    """Return what comes of the scenario that a document describes.

    Raises
    ------
    Invalid
        With every wrong field of the document.
    """
    ready = desk(session, settings)
    return answer(ready, read(values, ready.known))


def answer_kept(ready: Desk, values: Mapping[str, object]) -> dict[str, Any]:
    """Return what comes of a kept scenario; what is gone since is told under ``problems``."""
    return answer(ready, what_is_left(values, ready.known))


def answer(ready: Desk, plan: Plan) -> dict[str, Any]:
    """Return what comes of a scenario.

    Returns
    -------
    dict
        ``name``, ``as_of``, ``changes`` as sentences, ``summary`` as sentences, then ``closed``, ``opened``,
        ``renamed``, ``weakened`` and ``secured`` cells, ``reached`` by kind of service, ``packages`` and
        ``links``; ``problems`` are changes that could not be made.
    """
    named = replace(ready, new_names=plan.new_names)
    edit = named.network.catalogue.edit(plan.changes)
    unmatched = [gone_sentence(plan.places[number]) for number in edit.unmatched]
    return {
        "name": plan.name,
        "as_of": named.question.day.isoformat(),
        "demand_known": bool(named.question.demands),
        **effect_view(named, plan.changes, what_if(named.network, plan.changes)),
        "problems": [*plan.problems, *unmatched],
    }
