"""Which kind of service serves a line: its own, or one of those that may stand in for it. Pure.

The score of a package does not change by it: what a substitute takes over is told beside the needs, and it is
for people to judge whether that is enough.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.matching.facts import Client
from netmap.matching.lines import Serves, Wanted
from netmap.matching.providers import Choice, Served
from netmap.packages.substitutes import Substitute
from netmap.vocabulary.terms import label, vocabulary


def occasions(wanted: Wanted, found: bool) -> tuple[str, ...]:
    """Return which substitutes may stand in now, by their ``when``.

    Parameters
    ----------
    wanted : Wanted
        A line with its own kind of service.
    found : bool
        Whether somebody gives that.
    """
    if wanted.refused:
        return ("any", "refused")
    return ("any",) if found else ("any", "nobody")


def may_stand_in(wanted: Wanted, found: bool) -> Iterator[Substitute]:
    """Yield the substitutes that may stand in now, in their order."""
    now = occasions(wanted, found)
    return (one for one in wanted.substitutes if one.when in now)


def served_by(wanted: Wanted, substitute: Substitute) -> Wanted:
    """Return the line with another kind of service in place of its own."""
    return replace(
        wanted,
        service_type=substitute.service_type,
        instead_of=wanted.service_type,
        share=substitute.share,
    )


def settled(wanted: Wanted, served: Mapping[Serves, Served], client: Client) -> Wanted:
    """Return the line as it is served: by its own kind of service, or by the first substitute that is there.

    A provider chosen by hand decides; then a kind that the person wants and that somebody gives. Where nobody
    gives any, the own kind stays, or of one that is refused the first that may stand in.

    Parameters
    ----------
    wanted : Wanted
    served : mapping of Serves to Served
        For the line and for each of `may_stand_in`.
    client : Client
    """
    own = served[wanted.serves]
    others = [served_by(wanted, one) for one in may_stand_in(wanted, bool(own.choices))]
    if not others:
        return wanted
    by_hand = client.chosen.get(wanted.key)
    ways = [*([] if wanted.refused else [wanted]), *others]
    if by_hand:
        for way in ways:
            if any(choice.offer.service_id == by_hand for choice in served[way.serves].choices):
                return way
    return next((way for way in ways if served[way.serves].choices), ways[0])


def beside(wanted: Wanted, served: Mapping[Serves, Served]) -> list[tuple[Choice, str]]:
    """Return the best choice of each other kind that is always possible, with that kind.

    ``wanted`` is a line after `settled`.
    """
    own = wanted.instead_of or wanted.service_type
    kinds = [*([] if wanted.refused or not wanted.instead_of else [own]), *_always(wanted)]
    found = []
    for kind in kinds:
        there = served.get(replace(wanted, service_type=kind).serves)
        if kind != wanted.service_type and there and there.choices:
            found.append((there.choices[0], kind))
    return found


def _always(wanted: Wanted) -> list[str]:
    return [one.service_type for one in wanted.substitutes if one.when == "any"]


def words(wanted: Wanted) -> str:
    """Return in whose place a line is served, "" where its own kind of service serves it."""
    if not wanted.instead_of:
        return ""
    own = label(wanted.instead_of)
    if wanted.refused:
        return _("in place of: %(type)s, which the person does not want", type=own)
    return _("in place of: %(type)s", type=own)


def to_talk_about(wanted: Wanted, refused: Collection[str]) -> str:
    """Return what to do about a line whose kind of service is refused and has no substitute, else "".

    What else usually helps with the need is named, but for what the person does not want either.
    """
    if not wanted.refused or wanted.instead_of:
        return ""
    usual = vocabulary().needs[wanted.need].service_types
    others = [label(code) for code in usual if code != wanted.service_type and code not in refused]
    if not others:
        return _("The person does not want this kind of help: talk about what could stand in its place")
    return _(
        "The person does not want this kind of help: talk about it; what else could be added: %(types)s",
        types=", ".join(others),
    )


def taken_over(lines: Sequence[Wanted]) -> dict[str, dict[str, Any]]:
    """Return line key -> what stands in there, in place of what, and which share of it that takes over."""
    return {
        line.key: {"type": line.service_type, "instead_of": line.instead_of, "share": line.share}
        for line in lines
        if line.instead_of
    }


def share_sentence(one: Mapping[str, Any]) -> str:
    """Return what a substitute takes over, in words; ``one`` as `taken_over` gives it."""
    return _(
        "%(type)s stands in for %(own)s and takes over %(share)s %% of it; the score does not look at that",
        type=label(one["type"]),
        own=label(one["instead_of"]),
        share=number(100 * one["share"], 0),
    )
