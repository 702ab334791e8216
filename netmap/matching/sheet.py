"""What was understood of a person, for the person to read: it can be contested line by line. Pure.

It names no package and no score, and it may be seen at home. Whoever reads it decides what is true of them:
what a person does not see as theirs is left out of every score, and nothing else follows from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching.facts import Client
from netmap.matching.strengths import strength_name
from netmap.matching.table import Row, rows
from netmap.vocabulary.terms import label


@dataclass(frozen=True)
class Understood:
    """One thing that was noted: in words, with how soon where it cannot wait, and its code for the form."""

    code: str
    name: str
    when: str
    contested: bool


@dataclass(frozen=True)
class Sheet:
    """The sheet with all words around it, in the language of the person who reads it."""

    language: str
    title: str
    rights: tuple[str, ...]
    needs_title: str
    needs: tuple[Understood, ...]
    facts_title: str
    facts: tuple[str, ...]
    strengths_title: str
    strengths: tuple[str, ...]
    refused_title: str
    refused: tuple[str, ...]
    plan_title: str
    plan: tuple[Row, ...]
    agree: str
    differ: str
    answers: tuple[str, str, str]


def sheet(client: Client, package: Mapping[str, Any] | None) -> Sheet:
    """Return the sheet in the language spoken now.

    Parameters
    ----------
    client : Client
    package : mapping, optional
        One package of `Matcher.match`, told in the same language; its lines become the plan.
    """
    return Sheet(
        language=language(),
        title=_("What we understood, and what could help"),
        rights=(
            _("Please read it and say what is not right. You need no reason."),
            _("What you do not see as yours is left out. Nothing bad follows from it."),
            _("You decide what you take up, and in which order. A no today can be a yes later."),
        ),
        needs_title=_("What you told us"),
        needs=tuple(_needs(client)),
        facts_title=_("What we took into account"),
        facts=tuple(_facts(client)),
        strengths_title=_("What you can build on"),
        strengths=tuple(strength_name(code) for code in sorted(client.strengths)),
        refused_title=_("What you do not want"),
        refused=tuple(sorted(label(code) for code in client.refused_types)),
        plan_title=_("What could help"),
        plan=tuple(rows(package)) if package else (),
        agree=_("That is right"),
        differ=_("I see it differently"),
        answers=(_("yes"), _("later"), _("no")),
    )


def _needs(client: Client) -> Iterable[Understood]:
    """Return the needs that were noted, the most pressing first."""
    noted = [(code, rated) for code, rated in client.needs.items() if rated.severity > 0]
    for code, rated in sorted(noted, key=lambda pair: (-pair[1].weight, pair[0])):
        # that it can wait is where the form begins, not what anybody said
        when = ("", _("this month"), _("now"))[rated.urgency]
        yield Understood(code, label(code), when, code in client.contested)


def _facts(client: Client) -> Iterable[str]:
    for code, fact in sorted(client.facts.items()):
        if fact == "yes":
            yield label(code)
        elif fact == "no":
            yield _("%(fact)s: no", fact=label(code))
