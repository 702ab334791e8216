"""A package's result in words and numbers, and the advice that follows from the best one. Pure."""

from collections.abc import Mapping
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching import explain, lines, score, substitutes
from netmap.matching.facts import Client, Library
from netmap.matching.lines import Serves, Wanted
from netmap.matching.providers import Served
from netmap.matching.rules import Thresholds
from netmap.matching.score import Scores
from netmap.matching.triage import Situation, triage
from netmap.packages.document import text
from netmap.vocabulary.terms import label, vocabulary

NOT_SUITABLE_SHOWN = 3


def summary(
    library: Library,
    client: Client,
    scores: Scores,
    place: int,
    taken_over: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return all of a package's result but its lines.

    ``taken_over`` are lines that a substitute serves, as `netmap.matching.substitutes.taken_over` gives them.
    """
    instead = taken_over or {}
    code, number, document = library.packages[place]
    points = round(float(scores.score[place]), 1)
    band = score.band(points)
    state = band if scores.suitable[place] else "not suitable"
    rows = explain.need_rows(library, client, place)
    return {
        "package": code,
        "version": number,
        "name": text(document.name, language()),
        "paper_name": text(document.paper_name, language()),
        "score": points,
        "coverage": round(float(scores.coverage[place]), 4),
        "fit": round(float(scores.fit[place]), 4),
        "band": band,
        "state": state,
        "band_text": _state_text(state),
        "reasons": [
            *explain.reasons(library, client, scores, place, rows, instead),
            *map(substitutes.share_sentence, instead.values()),
        ],
        "needs": [
            {
                "need": row.need,
                "weight": row.weight,
                "coverage": round(row.coverage, 4),
                "lines": list(row.lines),
                "state": row.state,
                "substitutes": [{"line": key, **instead[key]} for key in row.lines if key in instead],
            }
            for row in rows
        ],
        "correction": _correction(library, client, scores, place),
    }


def _correction(library: Library, client: Client, scores: Scores, place: int) -> dict[str, Any]:
    document = library.packages[place][2]
    dropped = set(score.to_drop(library, scores, place))
    there = {line.service_type for line in document.lines if line.key not in dropped}
    delta = round(float(scores.delta[place]), 4)
    return {
        "delta": delta,
        "size": score.size(delta),
        "add": [
            {"need": need, "type": lines.default_type(need, there | client.refused_types)}
            for need in score.to_add(library, client, place)
        ],
        "adjust": [{"need": need} for need in score.to_adjust(library, client, place)],
        "drop": [
            {"line": line.key, "service_type": line.service_type}
            for line in document.lines
            if line.key in dropped
        ],
    }


def not_suitable(library: Library, client: Client, scores: Scores) -> list[dict[str, Any]]:
    """Return packages that would fit but for a circumstance, so that nobody wonders where they are."""
    near = [
        place
        for place in range(len(library.packages))
        if scores.on_track[place]
        and not scores.suitable[place]
        and scores.open_score[place] >= score.WITH_CORRECTION
    ]
    near.sort(key=lambda place: (-round(float(scores.open_score[place]), score.DIGITS), place))
    return [summary(library, client, scores, place) for place in near[:NOT_SUITABLE_SHOWN]]


def pairs(library: Library, client: Client, scores: Scores) -> list[dict[str, Any]]:
    """Return the twos of packages that together serve clearly better, the best first."""
    found = score.best_pairs(library, client, scores)
    return [
        {
            "packages": [library.packages[place][0] for place in (pair.first, pair.second)],
            "names": [
                text(library.packages[place][2].name, language()) for place in (pair.first, pair.second)
            ],
            "score": round(pair.score, 1),
            "gain": round(pair.gain, 1),
        }
        for pair in found
    ]


def advice(
    library: Library,
    client: Client,
    scores: Scores,
    best: list[int],
    wanted: Mapping[int, list[Wanted]],
    served: Mapping[Serves, Served],
    limits: Thresholds,
) -> list[dict[str, str]]:
    """Return the way of working and its triggers; nothing for a client without needs.

    ``best`` holds the place of the best package, or nothing where none fits at all.
    """
    needs = client.has()
    if not needs:
        return []
    kept = [line for place in best for line in wanted[place] if not line.dropped]
    counts = [line for line in kept if line.required or (line.urgent and _is_about_safety(line.need))]
    nobody = [
        line
        for line in counts
        if line.service_type not in client.refused_types  # somebody may be there, but is not wanted
        and not served[line.serves].choices
    ]
    open_needs = score.to_add(library, client, best[0]) if best else needs
    critical = [need for need in open_needs if client.needs[need].severity >= score.CRITICAL_SEVERITY]
    found = triage(
        Situation(
            severities=tuple(client.needs[need].severity for need in needs),
            domains=len({vocabulary().needs[need].domain for need in needs}),
            long_term=client.long_term or any(line.duration == "long" for line in kept),
            needs_company=client.needs_company,
            without_provider=tuple(dict.fromkeys(label(line.service_type) for line in nobody)),
            score=round(float(scores.score[best[0]]), 1) if best else 0.0,
            delta=float(scores.delta[best[0]]) if best else 0.0,
            critical_uncovered=tuple(label(need) for need in critical),
        ),
        limits,
    )
    return [{"level": one.level, "code": one.code, "sentence": one.sentence} for one in found]


def _is_about_safety(need: str) -> bool:
    """Return whether a need is one that outranks every score."""
    known = vocabulary().needs.get(need)
    return known is not None and known.safety


def _state_text(state: str) -> str:
    texts = {
        "ready": _("Ready package"),
        "correction": _("Package with a correction"),
        "no package": _("Fits too little"),
        "not suitable": _("Not suitable"),
    }
    return texts[state]
