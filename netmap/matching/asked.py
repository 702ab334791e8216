"""What stands beside the packages for the person at the desk: what was not asked, what else to ask."""

from collections.abc import Iterable, Mapping
from typing import Any

from netmap.matching.facts import Client, Library
from netmap.matching.prompts import prompts
from netmap.matching.strengths import proposals
from netmap.vocabulary.terms import vocabulary


def beside(library: Library, client: Client) -> dict[str, Any]:
    """Return ``safety_not_asked``, ``prompts`` and ``contested``: codes, none of which enters a score."""
    return {
        "safety_not_asked": safety_not_asked(client),
        "prompts": [{"need": one.need, "because": list(one.because)} for one in prompts(library, client)],
        "contested": [code for code in client.named() if code in client.contested],
    }


def safety_not_asked(client: Client) -> list[str]:
    """Return the needs about safety that nobody has asked about."""
    flagged = [code for code, need in vocabulary().needs.items() if need.safety]
    return [code for code in flagged if code not in client.needs and client.fact(code) == "unknown"]


def leaning_on(client: Client, lines: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return which lines of a package a strength may make needless; proposed, never done."""
    open_lines = [(one["key"], one["type"]) for one in lines if not one["dropped"]]
    return [
        {"line": one.line, "strength": one.strength, "sentence": one.sentence}
        for one in proposals(client.strengths, open_lines)
    ]
