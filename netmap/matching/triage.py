"""Referral, case management or coordination team: every trigger named with its reason. Pure.

It is advice about the way of working, for one client, and never a ranking of people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.matching.rules import Thresholds

FIRST = Thresholds()
ACT = 2  # a need of this severity is one to act on


@dataclass(frozen=True)
class Situation:
    """What the triggers look at; score and delta are those of the best package (0 and 1 where none fits)."""

    severities: tuple[int, ...]
    domains: int
    long_term: bool
    needs_company: bool
    without_provider: tuple[str, ...]  # names of services that nobody can give
    score: float
    delta: float
    critical_uncovered: tuple[str, ...]  # names of needs


@dataclass(frozen=True)
class Advice:
    """One trigger, or the way of working that follows from all of them."""

    level: str  # "referral", "case management", "coordination team"
    code: str
    sentence: str


def triage(situation: Situation, limits: Thresholds = FIRST) -> list[Advice]:
    """Return the way of working first, then every trigger that spoke.

    One trigger of case management leads there. A trigger for the team leads to the team if it comes on top of
    case management, or if there are two. That no package fits and that the best one would have to change are
    one reason, not two. A package is made for a mixture of needs: with one need to act on none is missed, and
    what is only watched has no need of anybody yet.

    Examples
    --------
    >>> calm = Situation((2, 1), 2, False, False, (), 88.0, 0.1, ())
    >>> [advice.code for advice in triage(calm)]
    ['referral']
    """
    managed = [code for code, speaks in _MANAGEMENT.items() if speaks(situation, limits)]
    team = [code for code, speaks in _TEAM.items() if speaks(situation, limits)]
    reasons = {_SAME_REASON.get(code, code) for code in team}
    if team and (managed or len(reasons) > 1):
        sentence = _("A coordination team should look at this case.")
        way = Advice("coordination team", "coordination_team", sentence)
    elif managed:
        way = Advice("case management", "case_management", _("One case manager should stay with the person."))
    else:
        way = Advice("referral", "referral", _("A referral to the services is enough."))
    spoken = [Advice("case management", code, _sentence(code, situation)) for code in managed]
    spoken += [Advice("coordination team", code, _sentence(code, situation)) for code in team]
    return [way, *spoken]


def _to_act_on(situation: Situation) -> int:
    return sum(severity >= ACT for severity in situation.severities)


def _is_mixture(situation: Situation) -> bool:
    return _to_act_on(situation) > 1


_SAME_REASON = {"large_correction": "no_package"}
_MANAGEMENT: Mapping[str, Callable[[Situation, Thresholds], bool]] = {
    "many_needs": lambda s, limits: _to_act_on(s) > limits.many_needs and s.long_term,
    "no_provider": lambda s, _limits: bool(s.without_provider) and _to_act_on(s) > 0,
    "needs_company": lambda s, _limits: s.needs_company,
}
_TEAM: Mapping[str, Callable[[Situation, Thresholds], bool]] = {
    "no_package": lambda s, limits: s.score < limits.low_score and _is_mixture(s),
    "large_correction": lambda s, limits: s.delta > limits.large_delta and _is_mixture(s),
    "critical_uncovered": lambda s, _limits: bool(s.critical_uncovered),
    "many_domains": lambda s, limits: s.domains >= limits.many_domains,
}


def _sentence(code: str, situation: Situation) -> str:
    if code == "many_needs":
        number = _to_act_on(situation)
        return ngettext(
            "%(number)s need to act on, and help takes long.",
            "%(number)s needs to act on, and help takes long.",
            number,
        )
    if code == "many_domains":
        return ngettext(
            "The needs lie in %(number)s part of life.",
            "The needs lie in %(number)s parts of life.",
            situation.domains,
        )
    if code == "no_provider":
        return _("Nobody was found for: %(services)s.", services=", ".join(situation.without_provider))
    if code == "critical_uncovered":
        return _("Cannot wait and is not covered: %(needs)s.", needs=", ".join(situation.critical_uncovered))
    sentences = {
        "needs_company": _("The person cannot reach a vital service alone."),
        "no_package": _("No package fits well."),
        "large_correction": _("The best package would have to change by more than half."),
    }
    return sentences[code]
