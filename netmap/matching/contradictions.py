"""Answers about one client that cannot all be true, each named in a sentence. Pure."""

from netmap.directory.ages import AGE_BANDS
from netmap.i18n import gettext as _
from netmap.matching.facts import Client
from netmap.vocabulary.terms import label

# What these say excludes that nobody else lives in the household.
WITH_OTHERS = ("child_under_7",)


def contradictions(client: Client) -> dict[str, str]:
    """Return field -> sentence for every pair of answers that cannot both be true.

    Unusual is not impossible: only what the definitions of the vocabulary exclude is named.

    Examples
    --------
    >>> list(contradictions(Client({}, {"age_18_29": "yes", "age_65_plus": "yes"})))
    ['facts.age_65_plus']
    >>> contradictions(Client({}, {"age_18_29": "yes", "single_parent": "yes"}))
    {}
    """
    return {**_ages(client), **_household(client), **_needs(client), **_services(client)}


def _ages(client: Client) -> dict[str, str]:
    told = [code for code in AGE_BANDS if client.facts.get(code) == "yes"]
    if len(told) < 2:
        return {}
    return {f"facts.{told[-1]}": _both(told[0], told[-1], _("One person has one age."))}


def _household(client: Client) -> dict[str, str]:
    if client.facts.get("lives_alone") != "yes":
        return {}
    why = _("A small child lives in the same household.")
    with_others = [code for code in WITH_OTHERS if client.facts.get(code) == "yes"]
    return {f"facts.{code}": _both("lives_alone", code, why) for code in with_others}


def _needs(client: Client) -> dict[str, str]:
    """A need that is also told as a fact must be told the same way."""
    found = {}
    for code, rated in client.needs.items():
        told = client.facts.get(code, "unknown")
        if told == "unknown" or code in client.contested or (told == "yes") == (rated.severity > 0):
            continue
        found[f"facts.{code}"] = _(
            "“%(need)s” has the severity %(severity)s, but as a fact it is “%(told)s”. Change one of them.",
            need=label(code),
            severity=rated.severity,
            told=_("yes") if told == "yes" else _("no"),
        )
    return found


def _services(client: Client) -> dict[str, str]:
    both = sorted(client.refused & client.wanted)
    if not both:
        return {}
    sentence = _(
        "The service '%(service)s' is both refused and wanted. Keep one of the two.", service=both[0][:80]
    )
    return {"wanted": sentence}


def _both(one: str, other: str, why: str) -> str:
    return _(
        "“%(one)s” and “%(other)s” cannot both be yes. %(why)s Change one of them.",
        one=label(one),
        other=label(other),
        why=why,
    )
