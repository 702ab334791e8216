"""Pages: exercise cases to train with. The usual form is used; nothing is kept of it or of the person.

An exercise is a mark in the address (``?exercise=code``). While it is there, every link and form of the pages
of needs carries it along, and whatever would write something is refused.
"""

import json
from collections.abc import MutableMapping
from typing import Any

from flask import Blueprint, current_app, render_template, request

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching import exercises as cases
from netmap.matching.exercises import Exercise
from netmap.matching.score import MODERATE
from netmap.matching.service import Matcher
from netmap.matching.training import compare
from netmap.matching.triage_words import level_name
from netmap.packages.document import text
from netmap.packages.service import choices
from netmap.web.door import SAFE_METHODS, blueprint, db, permit, settings
from netmap.web.matching import matching
from netmap.web.matching_choice import matching_choice
from netmap.web.matching_entry import entry
from netmap.web.matching_form import client_of
from netmap.web.matching_sheet import matching_sheet
from netmap.web.unfit import unfit

exercises = blueprint("exercises")
MARK = "exercise"
PARTS = (matching, matching_choice, matching_sheet, entry, unfit)  # the pages of needs
PLACES = tuple(part.name for part in PARTS)
LISTED = 130  # characters of a story in the list


@exercises.get("/exercises")
@permit("train")
def listing() -> str:
    """Show all exercise cases, without their answers."""
    listed = [
        (one.code, text(one.name, language()), _beginning(text(one.story, language())))
        for one in cases.exercises().values()
    ]
    return render_template("exercises/listing.html", cases=sorted(listed, key=lambda one: one[1].casefold()))


@exercises.get("/exercises/<code>")
@permit("train")
def show(code: str) -> str:
    """Show one story and the way into the form."""
    return render_template("exercises/show.html", **_words(cases.exercise(code)))


@exercises.post("/exercises/<code>/compare")
@permit("train", reads=True)
def answer(code: str) -> str:
    """Show how the codes of the trainee differ from the model answer."""
    exercise = cases.exercise(code)
    matcher = Matcher(db(), settings())
    client = client_of(request.form)
    model = exercise.client_among(matcher.places.names)
    yours = matcher.read(client)
    return render_template(
        "exercises/compare.html",
        client_json=json.dumps(client),
        told=compare(yours, matcher.read(model)),
        severity=severity_name,
        urgency=urgency_name,
        fact={"yes": _("yes"), "no": _("no")},
        yours=_answer(matcher.match(client, limit=3)),
        machine=_answer(matcher.match(model, limit=3)),
        **_words(exercise),
    )


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    """Return which packages netmap would show as fitting, and the way of working."""
    return {
        "packages": [
            (one["package"], one["name"], one["score"], one["correction"]["delta"] > MODERATE)
            for one in found["packages"]
            if one["band"] != "no package"
        ],
        "level": level_name(found["triage"][0]["level"]) if found["triage"] else "",
        "reasons": [one["sentence"] for one in found["triage"][1:]],
    }


def _words(exercise: Exercise) -> dict[str, Any]:
    names = dict(choices(db(), language()))
    return {
        "code": exercise.code,
        "name": text(exercise.name, language()),
        "story": text(exercise.story, language()),
        "note": text(exercise.note, language()),
        "packages": [(one, names.get(one, one)) for one in exercise.packages],
        "level": level_name(exercise.level),
    }


def _beginning(story: str) -> str:
    story = " ".join(story.split())
    return story if len(story) <= LISTED else story[:LISTED].rsplit(" ", 1)[0] + " …"


def severity_name(severity: int) -> str:
    """Return the words for a severity of a need."""
    return {1: _("1 watch"), 2: _("2 act"), 3: _("3 act now")}[severity]


def urgency_name(urgency: int) -> str:
    """Return the words for an urgency of a need."""
    return (_("can wait"), _("this month"), _("now"))[urgency]


def _exercise_here() -> str:
    return request.args.get(MARK, "") if request.blueprint in PLACES else ""


def _carry(_endpoint: str, values: MutableMapping[str, Any]) -> None:
    """Put the mark into every address of the pages of needs that an exercise links to."""
    if code := _exercise_here():
        values.setdefault(MARK, code)


def _refuse_to_keep() -> Any:
    """Refuse whatever would write: decisions of an exercise are never kept and never counted."""
    if not (code := _exercise_here()):
        return None
    exercise = cases.exercise(code)
    view = current_app.view_functions[request.endpoint or ""]
    if request.method in SAFE_METHODS or getattr(view, "netmap_reads", False):
        return None
    return render_template("exercises/not_kept.html", **_words(exercise)), 409


def _banner() -> dict[str, Any]:
    code = _exercise_here()
    return {"training": _words(cases.exercise(code))} if code else {}


def _train_in(part: Blueprint) -> None:
    part.url_defaults(_carry)
    part.before_request(_refuse_to_keep)
    part.context_processor(_banner)


for _part in PARTS:
    _train_in(_part)
