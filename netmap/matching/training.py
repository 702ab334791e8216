"""A trainee's codes held against the model answer of an exercise. Pure; nothing about the trainee is kept."""

from dataclasses import dataclass

from netmap.directory.ages import Fact
from netmap.matching.facts import Client, Rated
from netmap.vocabulary.terms import vocabulary


@dataclass(frozen=True)
class Differs:
    """One need that both name with another severity or urgency."""

    need: str
    yours: Rated
    model: Rated


@dataclass(frozen=True)
class Comparison:
    """What two readings of one story share and where they differ, the heaviest needs of the model first."""

    found: tuple[str, ...]
    missed: tuple[str, ...]
    added: tuple[str, ...]
    differs: tuple[Differs, ...]
    safety_missed: tuple[str, ...]
    facts_missed: tuple[tuple[str, Fact], ...]
    facts_other: tuple[tuple[str, Fact, Fact], ...]  # code, yours, model
    facts_added: tuple[tuple[str, Fact], ...]


def compare(yours: Client, model: Client) -> Comparison:
    """Return what was found, missed and added, and where severity or urgency differ.

    A need that the person contests counts as seen: it was read, and put down as theirs to decide.

    Examples
    --------
    >>> one = Client({"fin.food": Rated(2), "men.grief": Rated(1)})
    >>> other = Client({"fin.food": Rated(3), "hou.homeless": Rated(3, 2)})
    >>> told = compare(one, other)
    >>> told.found, told.missed, told.added, told.differs[0].model.severity
    (('fin.food',), ('hou.homeless',), ('men.grief',), 3)
    """
    mine, theirs = set(yours.named()), set(model.named())
    wanted = sorted(theirs, key=lambda code: (-model.needs[code].weight, code))
    missed = tuple(code for code in wanted if code not in mine)
    told, right = _told(yours), _told(model)
    return Comparison(
        found=tuple(code for code in wanted if code in mine),
        missed=missed,
        added=tuple(sorted(mine - theirs)),
        differs=tuple(
            Differs(code, yours.needs[code], model.needs[code])
            for code in wanted
            if code in mine and yours.needs[code] != model.needs[code]
        ),
        safety_missed=tuple(code for code in missed if vocabulary().needs[code].safety),
        facts_missed=tuple((code, right[code]) for code in sorted(right.keys() - told.keys())),
        facts_other=tuple(
            (code, told[code], right[code])
            for code in sorted(right.keys() & told.keys())
            if told[code] != right[code]
        ),
        facts_added=tuple((code, told[code]) for code in sorted(told.keys() - right.keys())),
    )


def _told(client: Client) -> dict[str, Fact]:
    """Return the circumstances that were answered; needs among the facts are compared as needs."""
    known = vocabulary().circumstances
    return {code: fact for code, fact in client.facts.items() if fact != "unknown" and code in known}
