"""Page: the question, its filters and the answer."""

from typing import Any

from flask import current_app, render_template, request, url_for

from netmap.directory.find import Answer, find
from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import language
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.curating import curating_of
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.saved import saving
from netmap.web.search_question import PAGE, question_from
from netmap.web.unmet import unmet_form

search = blueprint("search")


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
        **_kept_beside(typed, answer) if answer else {},
    )
    return (body, 422) if errors else body


def _kept_beside(typed: dict[str, str], answer: Answer) -> dict[str, Any]:
    """Return what stands beside an answer: saving it, what coordinators decided, an unmet need."""
    needs = [code for code, _name in answer.needs]
    types = [typed["type"]] if typed["type"] else [code for code, _name in answer.types[:1]]
    back = request.query_string.decode()
    return {
        "saving": saving(back),
        "curating": curating_of(needs, types),
        "unmet": unmet_form(needs=needs, types=types, area=typed["area"], back=back),
    }
