"""The checklist of every territory, and of one of them what it lacks and what a comparable one has."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.few import told_sum
from netmap.network.territories.checklist import ELEMENTS, STATES, Kind, Territory, model_for, to_copy
from netmap.network.territories.loading import load
from netmap.packages.fields import nearest
from netmap.vocabulary.terms import label

SORTS = ("missing", "area", "people", "kinds", "partners")


def territories(session: Session, settings: Settings, sort: str = "missing") -> dict[str, Any]:
    """Return what each territory has and lacks of a coordinator, resources and partnerships.

    Territories are the planning areas; resources are counted in the kinds of services that packages in use
    need.

    Returns
    -------
    dict
        ``territories`` (code, name, people, whom to call, how many kinds are here, serve it, have to be
        asked, are recorded as not there and are not checked, organizations, partners, missing elements),
        ``kinds`` (how many are needed), ``without_contact`` (territories in which nobody is named).
    """
    found, names, kinds = load(session, settings)
    told = [_row(one, names) for one in found.values()]
    return {
        "territories": sorted(told, key=lambda row: _place(row, sort)),
        "kinds": len(kinds),
        "without_contact": sum(not one.contacts for one in found.values()),
        "missing": {element: sum(element in one.missing for one in found.values()) for element in ELEMENTS},
    }


def territory(session: Session, settings: Settings, code: str) -> dict[str, Any]:
    """Return one territory kind by kind, and what the best equipped comparable one has that it lacks.

    Raises
    ------
    Invalid
        If it is no planning area; names the nearest.
    """
    found, names, _kinds = load(session, settings)
    one = found.get(code)
    if one is None:
        sentence = _(
            "There is no planning area with the code '%(code)s'; the nearest is '%(nearest)s'.",
            code=code[:80],
            nearest=nearest(code, found),
        )
        raise Invalid(sentence, {"area": sentence})
    hosts = queries.organization_names(session)
    model = model_for(one, list(found.values()))
    return {
        **_row(one, names),
        "contacts": [{"name": name, "role": role, "phone": phone} for name, role, phone in one.contacts],
        "staff": list(one.staff),
        "kinds": [_kind(one.kinds[kind]) for kind in sorted(one.kinds, key=lambda kind: _rank(one, kind))],
        "partners_named": [
            {"id": key, "name": hosts.get(key, key)} for key in sorted(one.partners | one.bound)
        ],
        "others_named": [
            {"id": key, "name": hosts.get(key, key)}
            for key in sorted(one.organizations - one.partners - one.bound)
        ],
        "model": None if model is None else _model(one, model, names, hosts),
    }


def _model(
    one: Territory, model: Territory, names: Mapping[str, str], hosts: Mapping[str, str]
) -> dict[str, Any]:
    """Return what can be copied: elements, how it is done there, kinds of services and who gives them."""
    elements, kinds = to_copy(one, model)
    return {
        "code": model.code,
        "name": names[model.code],
        "population": model.population,
        "elements": list(elements),
        "roles": sorted({role for _name, role, _phone in model.contacts if role}),
        "partners": [hosts.get(key, key) for key in sorted(model.partners | model.bound)],
        "kinds": [
            _kind(model.kinds[kind]) for kind in sorted(kinds, key=lambda kind: label(kind).casefold())
        ],
    }


def _row(one: Territory, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": names[one.code],
        "people": one.population,
        "named": len(one.contacts),
        "knowing": len(one.staff),
        **{state: one.count(state) for state in STATES},
        "organizations": len(one.organizations),
        "partners": len(one.partners | one.bound),
        "missing": list(one.missing),
    }


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "code": kind.code,
        "label": label(kind.code),
        "state": kind.state,
        "services": [{"id": key, "name": name} for key, name in kind.services],
        "times": sum(kind.times),
        "times_told": told_sum(kind.times),
        "last": None if kind.last is None else kind.last.isoformat(),
    }


def _rank(one: Territory, kind: str) -> tuple[int, str]:
    """Return where a kind stands: what is not there first."""
    return -STATES.index(one.kinds[kind].state), label(kind).casefold()


def _place(row: Mapping[str, Any], sort: str) -> tuple[Any, ...]:
    name = row["name"].casefold(), row["code"]
    match sort:
        case "area":
            return name
        case "people":
            return row["people"] is None, -(row["people"] or 0), *name
        case "kinds":
            return row["here"], row["served"], *name
        case "partners":
            return row["partners"], *name
    return -len(row["missing"]), row["here"], row["served"], *name
