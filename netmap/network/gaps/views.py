"""Cards and cells as plain dictionaries for pages, the API and the command line."""

from collections.abc import Sequence
from typing import Any

from netmap.i18n import language
from netmap.network.cells.explain import Case, cases_of, funnel
from netmap.network.cells.kinds import CAPACITY, KIND_OF, PACKAGE
from netmap.network.counts import small
from netmap.network.few import told_sum
from netmap.network.gaps import words
from netmap.network.gaps.cards import Card
from netmap.network.gaps.loading import Question
from netmap.network.gaps.remedies import remedies
from netmap.network.gaps.risk_words import Told, risk_sentence
from netmap.network.gaps.too_few import TooFew, too_few
from netmap.vocabulary.terms import label, vocabulary


def gap_view(question: Question, card: Card) -> dict[str, Any]:
    """Return a gap with its sentence, the nearest miss, the remedies and what a new service must meet."""
    cases, shrinking = _first_cell(question, card)
    return {
        **_common(question, card),
        "sentence": _sentence(question, card, shrinking),
        "label": words.label_of(card),
        "certain": card.firm,
        "blockers": sorted({KIND_OF[criterion] for criterion in card.blockers}) or [card.kind],
        "nearest": _nearest(question, cases, card.ask),
        "remedies": [one.text for one in remedies(card)],
        "funnel": shrinking,
        "requirements": requirements(question, card),
    }


def gap_sentence(question: Question, card: Card) -> str:
    """Return a gap in plain words."""
    _cases, shrinking = _first_cell(question, card)
    return _sentence(question, card, shrinking)


def _sentence(question: Question, card: Card, shrinking: str) -> str:
    return words.gap_sentence(
        card,
        question.profile_name(card.profile),
        _first_names(question, card),
        shrinking,
        clients_told(question, card),
        _without_figures(question, card),
    )


def risk_view(question: Question, card: Card) -> dict[str, Any]:
    """Return what is open and yet not enough: one provider, old records, too few places, no hand-over."""
    return {
        **_common(question, card),
        **risk_words(question, card),
        "share": None if card.share is None else round(card.share, 4),
        "providers": _named(question, card.only),
        "before": card.before,
        "wait_days": few.wait if (few := too_few_of(question, card)) else None,
        "giving": _named(question, card.giving),
        "taking": _named(question, card.taking),
    }


def gap_words(question: Question, card: Card) -> dict[str, Any]:
    """Return what is said of a gap in a list."""
    return {"sentence": gap_sentence(question, card), "label": words.label_of(card), "certain": card.firm}


def risk_words(question: Question, card: Card) -> dict[str, Any]:
    """Return what is said in a list of something open and yet not enough."""
    tried = [found for area in card.areas if (found := question.experience.get((card.service_type, area)))]
    few = too_few_of(question, card)
    told = Told(
        profile=question.profile_name(card.profile),
        areas=_first_names(question, card),
        providers=[one["name"] for one in _named(question, card.only)],
        giving=[one["name"] for one in _named(question, card.giving)],
        taking=[one["name"] for one in _named(question, card.taking)],
        clients=clients_told(question, card),
        missing=_without_figures(question, card),
        failed=told_sum(one.failed for one in tried),
        asked=told_sum(number for one in tried for number in (one.failed, one.worked)),
        half_life=question.settings.half_life_days,
        target=question.settings.wait_target_days,
        few=few,
        short=_named_first(question, few.short) if few else (),
        slow=_named_first(question, few.slow) if few else (),
    )
    return {
        "sentence": risk_sentence(card, told),
        "label": words.risk_label(card),
        "certain": card.kind == PACKAGE and card.firm,
    }


def _named(question: Question, keys: Sequence[str]) -> list[dict[str, str]]:
    return [{"id": key, "name": question.names.get(key, key)} for key in keys]


def requirements(question: Question, card: Card) -> dict[str, Any]:
    """Return what a service must meet to close the gap in all its areas."""
    document, asker = question.documents[card.profile], question.profiles[card.profile].typical
    facts = [code for code in (*document.required, *document.optional) if code in vocabulary().circumstances]
    durations = sorted({line.duration for line in card.lines if line.duration})
    return {
        "service_type": card.service_type,
        "must_accept": [{"code": code, "label": label(code)} for code in facts],
        "languages": sorted(asker.languages),
        "hours": [list(window) for window in asker.hours],
        "max_fee": asker.budget,
        "duration": durations[0] if len(durations) == 1 else None,
        "max_km": asker.max_km,
        "areas": list(card.areas),
        "clients": card.clients,
    }


def unmet_counts(question: Question, card: Card) -> list[int]:
    """Return how often staff recorded that nobody was found for this kind of service there, row by row.

    What was recorded without a place counts for no card: it would stand on all of them.
    """
    needs, areas = {line.need for line in card.lines}, set(card.areas)
    return [
        count
        for need, service_type, places, count in question.unmet
        if (service_type == card.service_type or (service_type is None and need in needs))
        and places is not None
        and places & areas
    ]


def too_few_of(question: Question, card: Card) -> TooFew | None:
    """Return why there is not enough in the cells of a card, None where that is not what it is about."""
    if card.kind != CAPACITY:
        return None
    limits = question.settings
    return too_few(card.cells, question.demands, limits.min_capacity_ratio, limits.wait_target_days)


def _first_names(question: Question, card: Card) -> list[str]:
    return _named_first(question, card.areas)


def _named_first(question: Question, areas: Sequence[str]) -> list[str]:
    """Return the names of the first areas, which a sentence tells; the rest, which it counts, as codes."""
    first = [question.area_name(code) for code in areas[: words.FIRST_NAMES]]
    return [*first, *areas[words.FIRST_NAMES :]]


def _common(question: Question, card: Card) -> dict[str, Any]:
    names = [{"code": code, "name": question.area_name(code)} for code in card.areas]
    return {
        **_identity(card),
        **said(question, card),
        "profile_name": question.profile_name(card.profile),
        "areas": names,
    }


def _identity(card: Card) -> dict[str, Any]:
    return {
        "key": card.key,
        "type": card.kind,
        "service_type": card.service_type,
        "service_type_label": label(card.service_type) if card.service_type else "",
        "profile": card.profile,
        "clients": card.clients,
        "impact": round(card.impact, 2),
        "line_keys": [line.key for line in card.lines],
    }


def said(question: Question, card: Card) -> dict[str, Any]:
    """Return the figures of a card as they may be told, and what its kind is called."""
    unmet = unmet_counts(question, card)
    hidden = any(small(one) for one in clients_of(question, card))
    interval = None if hidden or card.interval is None else [round(end, 1) for end in card.interval]
    return {
        "type_name": words.kind_name(card),
        "clients_shown": clients_told(question, card) or words.people(None, 0),
        "interval": interval,
        "rate": None if hidden or card.rate is None else round(card.rate, 2),
        "unmet": told_sum(unmet) if unmet else None,
    }


def clients_of(question: Question, card: Card) -> list[float]:
    """Return the clients counted in the areas of a card, one number for each area that has figures."""
    if card.key not in question.counts:
        found = (question.demands.get((area, card.profile)) for area in card.areas)
        question.counts[card.key] = [one.clients for one in found if one is not None]
    return question.counts[card.key]


def clients_told(question: Question, card: Card) -> str | None:
    """Return the clients of a card as they may be told, None where nobody counted any."""
    key = (card.key, language())
    if key not in question.sums:
        known = clients_of(question, card)
        question.sums[key] = told_sum(known) if known else None
    return question.sums[key]


def _first_cell(question: Question, card: Card) -> tuple[list[Case], str]:
    """Return the offers of the cell with the most clients, and how their number shrinks."""
    profile = question.profiles[card.profile]
    cases = cases_of(question.ground, profile, card.cells[0])
    shrinking = funnel(cases, profile.typical.max_km, card.ask)
    if card.untyped and not card.ask:
        shrinking = f"{shrinking}; {words.untyped(card.untyped)}"
    return cases, shrinking


def _without_figures(question: Question, card: Card) -> int:
    return len(card.areas) - len(clients_of(question, card))


def _nearest(question: Question, cases: Sequence[Case], ask: bool) -> str | None:
    return _told(question, cases[0], ask) if cases else None


def _told(question: Question, case: Case, ask: bool) -> str:
    failed = case.reasons("fail")
    reasons = failed if failed and not ask else case.reasons("fail", "unknown")
    return f"{question.offer_name(case.offer)}: {reasons}" if reasons else question.offer_name(case.offer)
