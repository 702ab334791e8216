"""What each weight and threshold is called and does, and what changed between two versions: plain words."""

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.matching.rules import Rules
from netmap.matching.rules_check import flat


def weight_words() -> dict[str, tuple[str, str]]:
    """Return field -> (name, what it does) of everything that counts in the choice of a provider."""
    return {
        "weights.way": (_("Short way"), _("The less time the person needs to get there, the better.")),
        "weights.wait": (
            _("Short wait"),
            _("The sooner help begins, the better; what is urgent counts days more strictly."),
        ),
        "weights.outcome": (
            _("Results"),
            _("Goals reached with this provider. Nobody records results yet, so all are equal in it."),
        ),
        "weights.language": (
            _("Own language"),
            _("Help in the person's own language comes before help through an interpreter."),
        ),
        "weights.cost": (
            _("Low cost"),
            _("What the person pays beside what they can pay. At most 0.10: never simply the cheapest."),
        ),
        "weights.freshness": (_("Fresh record"), _("How lately somebody checked that the record is true.")),
        "weights.acceptability": (_("Wished for"), _("Services that the person asked for by name.")),
    }


def threshold_words() -> dict[str, tuple[str, str]]:
    """Return field -> (name, what it does) of the thresholds."""
    return {
        "thresholds.many_needs": (
            _("Needs to act on"),
            _("One case manager stays with the person who has more needs than this, if help takes long."),
        ),
        "thresholds.many_domains": (
            _("Parts of life"),
            _("Needs in this many parts of life or more speak for a coordination team."),
        ),
        "thresholds.low_score": (
            _("Low score"),
            _("A best package below this number speaks for a coordination team."),
        ),
        "thresholds.large_delta": (
            _("Large correction"),
            _("A best package of which more than this share would change speaks for a coordination team."),
        ),
        "per_site": (
            _("One more place to go to"),
            _("By how much the help must fit better to be worth one more place. 0: places do not count."),
        ),
    }


def rules_difference(old: Rules, new: Rules) -> list[str]:
    """Return one sentence for each setting that differs."""
    before, after = flat(old), flat(new)
    words = {**weight_words(), **threshold_words()}
    return [
        _(
            "%(name)s: %(old)s became %(new)s.",
            name=words[field][0],
            old=number(before[field], 3),
            new=number(after[field], 3),
        )
        for field in words
        if before[field] != after[field]
    ]
