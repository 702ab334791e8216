"""What the words around a mention say about it: denied, over, only feared, or somebody else's.

The rules are typed: a "no" does not cancel "no job", being sober cancels only addiction, another person's
trouble cancels only troubles of one's own, and what is past cancels only what can be over. The words are in
``cues.toml``.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from netmap.vocabulary import words

DENIED, WELL, PAST, FEARED, OTHER, NOT_OTHER = 0.1, 0.3, 0.3, 0.3, 0.3, 0.6
OWN_ONLY = (
    "add.alcohol", "add.drugs", "add.gambling", "men.depression", "men.severe", "vio.perpetrator",
    "leg.release", "hlt.chronic", "hlt.infectious", "dis.",
)  # fmt: skip
ADDICTION = ("add.",)
STAYS = (
    "men.trauma", "men.grief", "leg.release", "emp.", "mig.", "skl.", "hlt.injury", "vio.sexual",
    "fam.child_removed", "vio.trafficking",
)  # fmt: skip
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Context:
    """What one clause says about the mentions in it."""

    denied: bool
    past: bool
    feared: bool
    other: bool
    sober: bool
    well: bool

    def factor(self, code: str) -> float:
        """Return what a score for ``code`` is multiplied by, denial left aside."""
        factor = 1.0
        if self.sober and code.startswith(ADDICTION):
            factor *= DENIED
        if self.well and not self.denied:
            factor *= WELL
        if self.past and not code.startswith(STAYS):
            factor *= PAST
        if self.feared:
            factor *= FEARED
        if self.other and code.startswith(OWN_ONLY):
            factor *= OTHER
        if not self.other and code == "add.relative":
            factor *= NOT_OTHER
        return factor


def context(clause: str, language: str) -> Context:
    """Return what the clause says about its mentions.

    Examples
    --------
    >>> context("He does not drink", "en").denied, context("Her husband drinks", "en").other
    (True, True)
    """
    return Context(
        denied=content(clause, language)[1],
        past=bool(cue("past", language).search(clause)),
        feared=bool(cue("feared", language).search(clause)),
        other=bool(cue("other", language).search(clause)),
        sober=bool(cue("sober", language).search(clause)),
        well=_goes_well(clause, language),
    )


def _goes_well(clause: str, language: str) -> bool:
    """Tell whether something is said to go well; "not enough" and "does not cope" do not say so."""
    denial = cue("denial", language)
    before = (words.split(clause[: found.start()])[-1:] for found in cue("well", language).finditer(clause))
    return any(not (last and denial.fullmatch(last[0])) for last in before)


def content(text: str, language: str) -> tuple[list[str], bool]:
    """Return the words of a clause or phrase without its denials, and whether it had any.

    Examples
    --------
    >>> content("has no job", "en"), content("neturi darbo", "lt")
    ((['has', 'job'], True), (['turi', 'darbo'], True))
    >>> content("не может платить", "ru"), content("nemoka skaityti", "lt")
    ((['может', 'платить'], False), (['nemoka', 'skaityti'], False))
    """
    denial, unable = cue("denial", language), cue("unable", language)
    kept, denied = [], False
    found = words.split(text)
    for word, following in zip(found, [*found[1:], ""], strict=False):
        if denial.fullmatch(word):
            denied = denied or not unable.fullmatch(following)
        elif language == "lt" and (positive := _without_prefix(word)):
            kept.append(positive)
            denied = True
        else:
            kept.append(word)
    return kept, denied


@cache
def cue(kind: str, language: str) -> re.Pattern[str]:
    """Return a pattern for the cue words of one kind in one language."""
    listed = _cues()[kind].get(language)
    if not listed:
        return _NEVER
    either = "|".join(re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+") for word in listed.split())
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


@cache
def _cues() -> dict[str, dict[str, str]]:
    """Return kind -> language -> words."""
    with Path(__file__).with_name("cues.toml").open("rb") as file:
        return tomllib.load(file)


def _without_prefix(word: str) -> str:
    """Return a Lithuanian word without its denying ne- or nebe-, or nothing where it has none."""
    small = word.casefold()
    if not small.startswith("ne") or len(small) < 5 or cue("whole", "lt").fullmatch(small):
        return ""
    for prefix in ("nebe", "ne"):
        rest = small.removeprefix(prefix)
        if rest != small and len(rest) > 2 and words.is_known(rest, "lt"):
            return "" if cue("unable", "lt").fullmatch(rest) else rest
    return ""
