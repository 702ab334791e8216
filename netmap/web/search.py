"""Page: the question, what was understood of it, its filters, the answers, and where they lie."""

from typing import Any

from flask import current_app, render_template, request

from netmap.db import now
from netmap.directory.answers import Answer
from netmap.directory.area_table import AreaTable, area_table
from netmap.directory.areas import Point
from netmap.directory.curation import NEED, TYPE
from netmap.directory.find import Question, find
from netmap.directory.settlements import settlements
from netmap.errors import Invalid
from netmap.web import search_filters as filters
from netmap.web.door import blueprint, count_use, db, may, permit, settings
from netmap.web.saved import saving
from netmap.web.search_address import Typed, address, changed, cleared, typed_of, with_page
from netmap.web.search_cards import Card, cards_of, map_of, sections_of
from netmap.web.search_question import PAGE, question_of
from netmap.web.search_share import share_of
from netmap.web.unmet import part_of_day, unmet_form

search = blueprint("search")

LIKELY = 3  # service types that were understood are offered for a decision and an unmet need


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
    count_use("shown", [card.found.service_id for card in cards])
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
        **_kept_beside(typed, answer),
    }


def _kept_beside(typed: Typed, answer: Answer) -> dict[str, Any]:
    """Return what can be kept of an answer: the search, a decision of a coordinator, an unmet need."""
    chosen, query = typed.chosen, request.query_string.decode()
    meant = {chip.kind: chip.code for chip in reversed(answer.understood)}
    needs = tuple(dict.fromkeys((*chosen["need"], *(code for code, _name in answer.needs))))
    types = tuple(dict.fromkeys((*chosen["type"], *(code for code, _name in answer.types))))[:LIKELY]
    return {
        "saving": saving(query),
        "curates": may("curate"),
        "curate_about": [f"{NEED}:{code}" for code in needs] + [f"{TYPE}:{code}" for code in types],
        "unmet": unmet_form(
            needs=needs,
            types=types,
            area=next(iter(chosen["area"]), meant.get("place", "")),
            language=next(iter(chosen["language"]), meant.get("language", "")),
            part_of_day=part_of_day(meant.get("time", "")),
            back=query,
        ),
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
