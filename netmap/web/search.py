"""Page: the question, its filters and the answer; and a need that nobody could meet."""

from datetime import UTC, datetime
from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from netmap.directory.find import Question, find
from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.service import record_unmet_need
from netmap.vocabulary.question import understand
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.show import language_name

search = blueprint("search")

PAGE = 20
SPOKEN = ("lt", "ru", "uk", "en", "pl", "es")


@search.get("/search")
@permit("read directory")
def show() -> Any:
    """Show the search form and, where something was asked, the answer."""
    typed = {
        name: request.args.get(name, "").strip() for name in ("q", "area", "type", "open", "near", "within")
    }
    page = page_number(request.args)
    asked = "q" in request.args or any(typed[name] for name in ("area", "type", "near"))
    answer, errors = None, {}
    if asked:
        try:
            answer = find(
                db(), current_app.extensions["netmap_backend"], settings(), question_from(typed, page)
            )
        except Invalid as error:
            errors = error.fields or {"q": error.message}
    body = render_template(
        "search/search.html",
        typed=typed,
        answer=answer,
        errors=errors,
        areas=area_choices(db(), language()),
        types=sorted(
            ((code, label(code)) for code in vocabulary().service_types), key=lambda pair: pair[1].casefold()
        ),
        page=page,
        pages=-(-answer.total // PAGE) if answer else 0,
        address=lambda **changes: url_for(
            "search.show", **{k: v for k, v in {**typed, **changes}.items() if v}
        ),
        recorded=request.args.get("recorded") == "yes",
        need_options=[("", _("not said")), *((code, label(code)) for code in vocabulary().needs)],
        speaks_options=[("", _("not said")), *((code, language_name(code)) for code in SPOKEN)],
    )
    return (body, 422) if errors else body


def question_from(typed: dict[str, str], page: int = 1) -> Question:
    """Return the question of the form's fields.

    Raises
    ------
    Invalid
        With the field, for a point or a distance that cannot be read.
    """
    near, within = None, None
    if typed["near"]:
        try:
            latitude, longitude = (float(part) for part in typed["near"].split(","))
            near = latitude, longitude
        except ValueError as error:
            raise Invalid(
                _("This is no point."),
                {"near": _("Enter a point as latitude,longitude, for example 55.52,25.10.")},
            ) from error
    if typed["within"]:
        try:
            within = float(typed["within"].replace(",", "."))
        except ValueError as error:
            raise Invalid(
                _("This is no distance."), {"within": _("Enter kilometres as a number, for example 20.")}
            ) from error
    return Question(
        text=typed["q"],
        area=typed["area"] or None,
        near=near,
        within_km=within,
        open_at=datetime.now(UTC).astimezone(settings().zone()) if typed["open"] else None,
        only={"type": (typed["type"],)} if typed["type"] else {},
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )


@search.post("/unmet-needs")
@permit("record unmet need")
def record() -> Any:
    """Keep that nobody was found: need, area and language; neither the words nor a person."""
    query = request.form.get("q", "")
    understood = understand(query) if query.strip() else None
    chosen = request.form.get("need") or (understood.needs[0] if understood and understood.needs else None)
    service_type = request.form.get("type") or None
    record_unmet_need(
        db(),
        need=chosen,
        service_type=service_type,
        area=request.form.get("unmet_area") or None,
        language=request.form.get("speaks") or None,
    )
    return redirect(
        url_for("search.show", q=query, area=request.form.get("unmet_area", ""), recorded="yes"), 303
    )
