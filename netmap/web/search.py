"""Page: the question, what was understood of it, its filters, the answers, and where they lie."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from netmap.db import now
from netmap.directory.answers import Answer
from netmap.directory.area_table import AreaTable, area_table
from netmap.directory.areas import Point
from netmap.directory.find import Question, find
from netmap.directory.settlements import settlements
from netmap.errors import Invalid
from netmap.network.service import record_unmet_need
from netmap.vocabulary.question import understand
from netmap.web import search_filters as filters
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.search_address import Typed, address, changed, cleared, typed_of, with_page
from netmap.web.search_cards import Card, cards_of, map_of, sections_of
from netmap.web.search_question import PAGE, question_of
from netmap.web.search_share import share_of

search = blueprint("search")


@search.get("/search")
@permit("read directory")
def show() -> Any:
    """Show the question and its filters and, where something was asked, the answer."""
    typed, table = typed_of(request.args), area_table(db())
    answer, question, errors = None, None, dict[str, str]()
    if typed.asks or "q" in request.args:
        try:
            question = question_of(typed)
            answer = find(db(), current_app.extensions["netmap_backend"], settings(), question)
        except Invalid as error:
            errors = _at_the_fields(typed, error)
    body = render_template(
        "search/search.html",
        typed=typed,
        answer=answer,
        errors=errors,
        groups=filters.groups_of(answer, typed, table),
        chosen=filters.chosen_ways(typed, table),
        taken=filters.taken_ways(typed, table),
        settlements=filters.settlement_options(settlements(table)),
        checked_within=filters.checked_options(typed, answer),
        open_now=filters.open_count(typed, answer),
        clear=address(cleared(typed)),
        first_page=address(with_page(typed, 1)),
        **(_answered(typed, question, answer, table) if answer and question else {}),
    )
    return (body, 422) if errors else body


def _answered(typed: Typed, question: Question, answer: Answer, table: AreaTable) -> dict[str, Any]:
    """Return what the page shows of an answer."""
    today = now().astimezone(settings().zone()).date()
    pages = -(-answer.total // PAGE)
    beyond = typed.page > max(pages, 1)
    shown = 0 if beyond else (typed.page - 1) * PAGE
    cards = [] if beyond else cards_of(db(), answer, shown + 1, today, settings().stale_days)
    drawing, off_the_map = map_of(
        cards, settlements(table), _asked_from(question, answer, table), question.within_km
    )
    return {
        "chips": filters.chips_of(answer, typed),
        "choices": filters.choices_of(answer, typed),
        "read_as": answer.read_as,
        "suggestion": address(changed(typed, q=answer.suggestion)),
        "sections": list(sections_of(cards)),
        "sorts": filters.sorts_of(typed, _with_distance(cards)),
        "loosen": filters.loosen_ways(answer, typed),
        "beyond": beyond,
        "pages": pages,
        "address": lambda page: address(with_page(typed, page)),
        "map": drawing,
        "off_the_map": off_the_map,
        "share": share_of(typed, answer),
    }


def _at_the_fields(typed: Typed, error: Invalid) -> dict[str, str]:
    """Return the sentences by the field of the page at which they stand."""
    if not error.fields:
        return {"q": error.message}
    chosen = bool(typed.single["from"]) and not typed.single["near"]
    return {"from" if field == "near" and chosen else field: text for field, text in error.fields.items()}


def _asked_from(question: Question, answer: Answer, table: AreaTable) -> Point | None:
    """Return the point from which kilometres are counted, as the map marks it."""
    if isinstance(question.near, tuple):
        return question.near
    named = [question.near] if question.near else []
    if any(one.distance_km is not None for one in answer.results):
        named += [chip.code for chip in answer.understood if chip.kind == "place"]
    return next((table.areas[code].point for code in named if code in table.areas), None)


def _with_distance(cards: list[Card]) -> bool:
    return any(card.found.distance_km is not None for card in cards)


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
