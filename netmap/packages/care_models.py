"""The four ways of managing a case, and what marks each. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from netmap.i18n import gettext as _

CHARACTERISTICS = (
    "focus", "finds_people", "relationship", "does", "answers", "team", "aim", "lead", "caseload",
)  # fmt: skip


@dataclass(frozen=True)
class CareModel:
    """One way of working; the characteristics are codes, ``caseload`` is how many cases a worker carries."""

    code: str
    focus: str
    finds_people: str
    relationship: str
    does: str
    answers: str
    team: str
    aim: str
    lead: str
    caseload: int
    suits: str

    def table(self) -> list[tuple[str, str]]:
        """Return the nine characteristics as (name, value) in the reader's words."""
        return [(_name(name), self._value(name)) for name in CHARACTERISTICS]

    def suits_whom(self) -> str:
        """Return when this way of working suits, in the reader's words."""
        return _value("suits", self.suits)

    def _value(self, name: str) -> str:
        value = getattr(self, name)
        return str(value) if name == "caseload" else _value(name, value)


@cache
def care_models() -> dict[str, CareModel]:
    """Return the models by code, as ``care_models.toml`` holds them."""
    raw = tomllib.loads((Path(__file__).parent / "care_models.toml").read_text(encoding="utf-8"))
    return {code: CareModel(code, **values) for code, values in raw.items()}


def model_name(model: str) -> str:
    """Return the name of a model in the reader's words, "" for none."""
    names = {
        "intensive": _("Intensive, by a team"),
        "clinical": _("Clinical"),
        "strengths": _("By strengths"),
        "broker": _("Broker"),
    }
    return names.get(model, model)


def _name(name: str) -> str:
    names = {
        "focus": _("What matters most"),
        "finds_people": _("The worker seeks people out"),
        "relationship": _("Bond between person and worker"),
        "does": _("The worker gives help, or arranges it"),
        "answers": _("Who answers for the result"),
        "team": _("Team of several professions"),
        "aim": _("Growth, or staying stable"),
        "lead": _("Who leads"),
        "caseload": _("Cases for one worker"),
    }
    return names[name]


def _value(name: str, value: str) -> str:
    values = {
        "focus": {
            "all_round": _("the whole situation at once"),
            "therapy": _("the worker is also the therapist"),
            "strengths": _("what the person can do, and confidence"),
            "coordination": _("bringing the right services together"),
        },
        "relationship": {
            "important": _("important"),
            "very_important": _("very important"),
            "fairly_important": _("fairly important"),
        },
        "does": {
            "gives": _("gives help"),
            "gives_and_coordinates": _("gives help and arranges it"),
            "coordinates": _("arranges it, gives little or nothing"),
        },
        "answers": {"team": _("the team"), "specialists": _("each specialist")},
        "aim": {"development": _("growth"), "rather_stability": _("rather staying stable")},
        "lead": {
            "worker": _("the worker decides much"),
            "rather_worker": _("rather the worker"),
            "person": _("the person"),
            "rather_person": _("rather the person"),
        },
        "suits": {
            "early": _("at the start, when people cannot get out of it alone and help is urgent"),
            "dependence": _("with dependence, and where a lasting bond carries the work"),
            "any_stage": _("at the start and later, to build on what people bring along"),
            "late": _("later on, for people who come by themselves and manage most things"),
        },
    }
    yes_no = {"yes": _("yes"), "no": _("no")}
    return values.get(name, yes_no).get(value, value)
