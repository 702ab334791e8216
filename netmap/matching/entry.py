"""Whether case management begins: criteria that a person answers, with what was entered beside each. Pure.

The answers are suggested with their reason and given by a person; the result follows from the rule of the
set, and a person may still choose another one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.matching.facts import Client
from netmap.matching.rules import Thresholds
from netmap.matching.triage import ACT
from netmap.vocabulary.terms import label

RULES = ("any", "all")
ANSWERS = ("yes", "no")
MANAGED, SHORT, NOT_OURS = "case_management", "short_help", "not_ours"
RESULTS = (MANAGED, SHORT, NOT_OURS)
REASONS = (
    "criteria", "cannot_wait", "persons_wish", "work_is_not_the_goal", "other_body_leads", "lives_elsewhere",
    "nobody_free", "other",
)  # fmt: skip
SHIPPED = "three_tests"
FIRST = Thresholds()
# Who has one of these may need somebody along: a question, never an answer.
ALONE_IS_HARD = (
    "trn.no_transport", "dis.mobility", "dis.sensory", "dis.intellectual", "mig.language", "leg.paperwork",
    "skl.literacy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion as a sentence; ``measure`` says from what an answer is suggested ("": from nothing)."""

    key: str
    text: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """The criteria of a region in one version; case management begins where any or all of them are met."""

    code: str
    number: int
    name: str
    criteria: tuple[Criterion, ...]
    rule: str = "any"
    area: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What was entered says about a criterion: yes, no or unknown, and why."""

    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What the suggestions look at: the client, and what the best package needs."""

    client: Client
    without_provider: Sequence[str] = ()
    lasting: bool = False  # the best package holds help that lasts
    limits: Thresholds = FIRST


def three_tests() -> CriteriaSet:
    """Return the set that netmap comes with, in the reader's language."""
    return CriteriaSet(
        SHIPPED,
        1,
        _("Three tests"),
        (
            Criterion(
                "many_needs", _("There are more than three requests, and help will take long."), "many_needs"
            ),
            Criterion(
                "extra_resources",
                _("Help needs resources that have to be brought in."),
                "extra_resources",
            ),
            Criterion(
                "not_alone",
                _("The person cannot reach a vital service alone."),
                "not_alone",
            ),
        ),
    )


def hints(criteria: CriteriaSet, entered: Entered) -> dict[str, Hint]:
    """Return criterion -> what was entered says about it; nothing for what cannot be told from the form."""
    return {one.key: MEASURES[one.measure](entered) for one in criteria.criteria if one.measure in MEASURES}


def outcome(criteria: CriteriaSet, answers: Mapping[str, str]) -> str:
    """Return what follows from the answers: case management, short help, or "" while it is open.

    Examples
    --------
    >>> tests = three_tests()
    >>> outcome(tests, {"not_alone": "yes"}), outcome(tests, {"many_needs": "no"})
    ('case_management', '')
    >>> outcome(tests, {"many_needs": "no", "extra_resources": "no", "not_alone": "no"})
    'short_help'
    """
    told = [answers.get(one.key, "") for one in criteria.criteria]
    enough, against = ("yes", "no") if criteria.rule == "any" else ("no", "yes")
    deciding, otherwise = (MANAGED, SHORT) if criteria.rule == "any" else (SHORT, MANAGED)
    if enough in told:
        return deciding
    return otherwise if told and all(answer == against for answer in told) else ""


def _many_needs(entered: Entered) -> Hint:
    client = entered.client
    acted = [code for code in client.has() if client.needs[code].severity >= ACT]
    number = ngettext("%(number)s need to act on", "%(number)s needs to act on", len(acted))
    named = f"{number}: {', '.join(label(code) for code in acted)}." if acted else f"{number}."
    if len(acted) <= entered.limits.many_needs:
        return Hint("no", named)
    if client.long_term:
        return Hint("yes", named + " " + _("The form says that help will take long."))
    if entered.lasting:
        return Hint("yes", named + " " + _("The best package holds help that lasts."))
    return Hint("unknown", named + " " + _("Nobody has said yet whether help will take long."))


def _extra_resources(entered: Entered) -> Hint:
    if entered.without_provider:
        names = ", ".join(entered.without_provider)
        return Hint("yes", _("Nobody was found for: %(services)s.", services=names))
    sentence = _("The directory has somebody for every line of the best package. Is more needed than that?")
    return Hint("unknown", sentence)


def _not_alone(entered: Entered) -> Hint:
    client = entered.client
    if client.needs_company:
        return Hint("yes", _("The form says so."))
    hard = [label(code) for code in ALONE_IS_HARD if code in client.has()]
    if hard:
        return Hint("unknown", _("Ask, because of: %(needs)s.", needs=", ".join(hard)))
    return Hint("unknown", _("Nothing that was entered speaks for it. Ask."))


MEASURES: Mapping[str, Callable[[Entered], Hint]] = {
    "many_needs": _many_needs,
    "extra_resources": _extra_resources,
    "not_alone": _not_alone,
}
