"""What the words around a mention say about it: over, only feared, not needed, well, or somebody else's.

The rules are typed: being sober cancels only addiction, what there is cancels only what can be lacking, a
relative's trouble cancels only troubles of one's own, what a friend has cancels no need that comes of
friends, and what is past cancels only what can be over.
What is ruled out or long settled cancels all that its sentence named up to there, and what somebody outside
the household does ("her brother drinks") cancels more than what such people are only part of.
The words are in ``cues.toml``; what is denied is in ``denial.py``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netmap.vocabulary import words
from netmap.vocabulary.cues import cue
from netmap.vocabulary.denial import content

SOBER, UNNEEDED, WELL, HAS, OVER, PAST, FEARED, VOID = 0.1, 0.1, 0.15, 0.2, 0.17, 0.17, 0.15, 0.12
OTHER, OUTSIDER = 0.3, 0.15
NOT_OTHER = 0.6  # a relative's addiction in a clause that speaks of nobody else
WELL_AFTER, OVER_AFTER, PAST_BEFORE, FEARED_BEFORE = 0.3, 0.17, 0.7, 0.45  # said in the next or last clause
SHORT = 4  # words of a clause that only tells when the one before it was: "slept rough, years ago"
OWN_ONLY = (
    "add.alcohol", "add.drugs", "add.gambling", "men.depression", "men.severe", "vio.perpetrator",
    "leg.release", "hlt.chronic", "hlt.infectious", "dis.",
)  # fmt: skip
ADDICTION = ("add.",)
STAYS = (
    "men.trauma", "men.grief", "leg.release", "emp.", "mig.", "skl.", "hlt.injury", "vio.sexual", "dis.",
    "fam.child_removed", "vio.trafficking",
)  # fmt: skip
LACKING = (
    "leg.identity", "leg.registration", "hou.accessibility", "hou.homeless", "fin.goods", "fin.food",
    "fin.benefits", "fin.budgeting", "hlt.access", "hlt.medicines", "mig.language", "trn.",
    "skl.qualification", "skl.digital", "skl.literacy", "emp.no_experience", "fam.childcare",
    "fam.maintenance", "men.isolation",
)  # fmt: skip
NEVER_OVER = ("emp.", "men.grief", "men.trauma", "leg.release", "dis.mobility", "trn.no_transport")
NOT_CONFIRMED = ("mig.recognition", "mig.status", "dis.certification")  # that it is not confirmed is the need
OUTSIDERS: Mapping[str, tuple[str, ...]] = {  # people outside the household -> needs that come of them
    "friend": ("hou.unstable", "men.isolation", "men.grief", "men.trauma", "fin.", "emp.", "mig.displaced",
               "skl.", "fam.childcare", "vio.trafficking"),
    "neighbour": ("vio.", "hou.", "fin.food", "men.isolation", "fam.", "skl.truancy"),
    "subject": ("hou.unstable", "hou.homeless", "hou.eviction", "men.grief", "men.isolation", "add.relative",
                "vio.", "fam.childcare", "fam.care_relative", "fam.home_help", "fam.neglect", "fam.conflict",
                "fam.maintenance"),
    "at_work": ("emp.", "vio.bullying", "vio.sexual", "skl.", "vio.trafficking"),
    "at_school": ("vio.bullying", "skl.", "fam.behaviour"),
    "kin": ("hou.", "fam.childcare", "fam.care_relative", "fam.home_help", "fam.conflict", "fam.neglect",
            "fam.respite", "fam.maintenance", "mig.displaced", "men.grief", "men.isolation", "men.trauma",
            "vio.", "fin.poverty", "fin.food", "fin.consumer_debt", "skl.truancy", "add.relative",
            "leg.advice", "leg.guardianship"),
    "ex": ("vio.", "fam.", "hou.", "men.", "leg.guardianship", "leg.advice", "fin.poverty", "fin.benefits"),
    "stranger": (),
}  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What one clause says about the mentions in it; ``outsiders`` are the kinds of people it speaks of."""

    denied: bool
    past: bool
    over: bool
    feared: bool
    other: bool
    sober: bool
    well: bool
    unneeded: bool
    has: bool
    void: bool
    outsiders: frozenset[str]
    short: bool

    def factor(self, code: str, before: "Context | None" = None, after: "Context | None" = None) -> float:
        """Return what a score for ``code`` is multiplied by, denial left aside.

        ``before`` and ``after`` are the neighbouring clauses of the same sentence.
        """
        factor = 1.0
        if self.sober and code.startswith(ADDICTION):
            factor *= SOBER
        if not self.other and not self.outsiders and code == "add.relative":
            factor *= NOT_OTHER
        return factor * min(
            self._of_state(code, after), self._of_time(code, before, after), self._of_people(code, after)
        )

    def _of_state(self, code: str, after: "Context | None") -> float:
        """Return the factor of what is well, not needed or has come to an end."""
        found = UNNEEDED if self.unneeded else 1.0
        if (self.void or (after and after.void)) and not code.startswith(NOT_CONFIRMED):
            found = min(found, VOID)
        if self.well:
            found = min(found, WELL)
        elif after and after.well:
            found = min(found, WELL_AFTER)
        if self.has and not self.denied and code.startswith(LACKING):
            found = min(found, HAS)
        if not code.startswith(NEVER_OVER):
            if self.over:
                found = min(found, OVER)
            elif after and after.over:
                found = min(found, OVER_AFTER)
        return found

    def _of_time(self, code: str, before: "Context | None", after: "Context | None") -> float:
        """Return the factor of what is past or only thought of."""
        found = 1.0
        if not code.startswith(STAYS):
            if self.past or (after and after.past and after.short):
                found = PAST
            elif before and before.past:
                found = PAST_BEFORE
        if self.feared:
            found = min(found, FEARED)
        elif (before and before.feared) or (after and after.feared):
            found = min(found, FEARED_BEFORE)
        return found

    def _of_people(self, code: str, after: "Context | None") -> float:
        """Return the factor of what is somebody else's trouble."""
        if after and "stranger" in after.outsiders:
            return OUTSIDER
        if any(not code.startswith(OUTSIDERS[kind]) for kind in self.outsiders):
            return OUTSIDER
        return OTHER if self.other and code.startswith(OWN_ONLY) else 1.0


def context(clause: str, language: str) -> Context:
    """Return what the clause says about its mentions.

    Examples
    --------
    >>> context("He does not drink", "en").denied, context("Her husband drinks", "en").other
    (True, True)
    >>> context("a colleague drinks", "en").factor("add.alcohol") < 0.5
    True
    """
    return Context(
        denied=content(clause, language)[1],
        past=_says("past", clause, language),
        over=_says("over", clause, language),
        feared=_says("feared", clause, language),
        other=_says("other", clause, language),
        sober=_says("sober", clause, language),
        well=_goes_well(clause, language),
        unneeded=_says("unneeded", clause, language),
        has=_says("has", clause, language),
        void=_says("void", clause, language),
        outsiders=frozenset(_outsiders(clause, language)),
        short=len(words.split(clause)) <= SHORT,
    )


def _says(kind: str, clause: str, language: str) -> bool:
    return bool(cue(kind, language).search(clause))


def _outsiders(clause: str, language: str) -> Iterator[str]:
    """Yield the kinds of people outside the household that the clause speaks of."""
    yield from (kind for kind in OUTSIDERS if kind != "subject" and _says(kind, clause, language))
    if _says("reports", clause, language):
        return
    before, owned = cue("before_name", language), language == "en"
    for found in cue("subject", language).finditer(clause):
        last = words.split(clause[: found.start()])[-3:]
        if not (any(map(before.fullmatch, last)) or (owned and clause[found.end() :][:1] in {"'", "’"})):
            yield "subject"


def _goes_well(clause: str, language: str) -> bool:
    """Tell whether something is said to go well; "not enough" and "does not cope" do not say so.

    A saying that holds its own "no" ("no complaints") says so in any clause.
    """
    denial, denied = cue("denial", language), content(clause, language)[1]
    for found in cue("well", language).finditer(clause):
        own = any(map(denial.fullmatch, words.split(found.group())))
        last = words.split(clause[: found.start()])[-1:]
        if own or not (denied or (last and denial.fullmatch(last[0]))):
            return True
    return False
