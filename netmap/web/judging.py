"""Pages: the questions by which the search is judged, and one form for the answers to each."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.judging.files import question_of
from netmap.judging.measures import GRADES
from netmap.judging.pool import to_judge
from netmap.judging.queries import grades_by, own_question, own_questions
from netmap.judging.questions import SavedQuestion
from netmap.judging.service import keep_questions, record_grades
from netmap.vocabulary.words import LANGUAGES
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.show import language_name

judging = blueprint("judging")

FIELD = "grade-"


@judging.get("/judging")
@permit("judge search")
def listing() -> str:
    """Show the questions, with how much of each this person has judged."""
    return _listing({}, {})


@judging.post("/judging")
@permit("judge search")
def add() -> Any:
    """Keep a question and go on to its answers."""
    typed = {name: request.form.get(name, "") for name in ("question", "lang")}
    try:
        asked = question_of(typed["question"], typed["lang"])
    except Invalid as error:
        field = "lang" if _lacks_language(typed) else "question"
        return _listing({field: error.message}, typed), 422
    [kept] = keep_questions(db(), [asked], current_user.email)
    return redirect(url_for("judging.show", question_id=kept.id), 303)


def _lacks_language(typed: Mapping[str, str]) -> bool:
    """Return whether only the language is missing: with any language the question would be a good one."""
    try:
        question_of(typed["question"], LANGUAGES[0])
    except Invalid:
        return False
    return True


@judging.get("/judging/<question_id>")
@permit("judge search")
def show(question_id: str) -> str:
    """Show what the search finds for a question, to be graded."""
    return _form(own_question(db(), question_id), {})


@judging.post("/judging/<question_id>")
@permit("judge search")
def grade(question_id: str) -> Any:
    """Keep the grades of one form and go on to the next question."""
    question = own_question(db(), question_id)
    given = {
        name.removeprefix(FIELD): value for name, value in request.form.items() if name.startswith(FIELD)
    }
    known = {"": None} | {str(one): one for one in GRADES}
    wrong = [service for service, value in given.items() if value not in known]
    if wrong:
        sentence = _("A grade is 0, 1, 2 or 3.")
        return _form(question, {f"{FIELD}{service}": sentence for service in wrong}), 422
    record_grades(db(), question.id, current_user.email, {one: known[value] for one, value in given.items()})
    following = _next(question)
    if following is None:
        return redirect(url_for("judging.listing", done=question.id), 303)
    return redirect(url_for("judging.show", question_id=following.id, done=question.id), 303)


def _next(question: SavedQuestion) -> SavedQuestion | None:
    """Return the question after this one of which this person has judged nothing yet."""
    judged = grades_by(db(), current_user.email)
    questions = own_questions(db())
    at = next(number for number, one in enumerate(questions) if one.id == question.id)
    return next((one for one in questions[at + 1 :] + questions[:at] if one.id not in judged), None)


def _listing(errors: dict[str, str], typed: Mapping[str, str]) -> str:
    return render_template(
        "judging/listing.html",
        questions=own_questions(db()),
        judged=grades_by(db(), current_user.email),
        languages=[("", _("told by its words")), *((code, language_name(code)) for code in LANGUAGES)],
        errors=errors,
        typed=typed,
        done=request.args.get("done"),
    )


def _form(question: SavedQuestion, errors: dict[str, str]) -> str:
    backend = current_app.extensions["netmap_backend"]
    return render_template(
        "judging/question.html",
        question=question,
        steps=to_judge(db(), backend, settings(), question, current_user.email),
        scale=_scale(),
        errors=errors,
        done=request.args.get("done"),
    )


def _scale() -> list[tuple[str, str]]:
    return [
        ("3", _("3 the right door")),
        ("2", _("2 helps")),
        ("1", _("1 related")),
        ("0", _("0 does not help")),
        ("", _("no grade")),
    ]
