"""What a service that closes a gap has to be like, and what the figures of a gap rest on."""

from netmap.directory.eligibility import NEEDS_STEP_FREE
from netmap.editing.words import duration_names
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.names import language_name
from netmap.i18n.numbers import number
from netmap.network.card.asks import hours_in_words
from netmap.network.card.ladder import capacity_needed
from netmap.network.gaps.loading import Question
from netmap.network.gaps.one_gap import Found
from netmap.network.gaps.views import requirements
from netmap.network.statistics import PRIOR_PEOPLE
from netmap.vocabulary.terms import label

MOST_NAMES = 12


def requirement_rows(found: Found) -> list[tuple[str, str]]:
    """Return what a service that closes the gap has to be like: what, and how."""
    question, card = found.question, found.card
    needed, asker = requirements(question, card), question.profiles[card.profile].typical
    durations = {line.duration for line in card.lines if line.duration}
    lasting = ", ".join(duration_names()[code] for code in sorted(durations))
    open_question = _("the package sets nothing")
    fee = open_question if asker.budget is None else number(asker.budget, 2)
    names = [question.area_name(code) for code in card.areas]
    rest = len(names) - MOST_NAMES
    rows = [
        (_("Kind of service"), ", ".join(dict.fromkeys(label(line.service_type) for line in card.lines))),
        (_("Must accept"), ", ".join(fact["label"] for fact in needed["must_accept"]) or open_question),
        (_("Languages"), ", ".join(language_name(code) for code in needed["languages"]) or open_question),
        (_("Hours"), hours_in_words(asker.hours) or open_question),
        (_("Highest fee"), _("free of charge") if asker.budget == 0 else fee),
        (_("How long it lasts"), lasting or open_question),
        (_("Areas"), ", ".join(names[:MOST_NAMES]) + (f" + {number(rest)}" if rest > 0 else "")),
        (
            _("Where"),
            _("in reach of every area: at most %(km)s km on the road, or coming to people, or from afar",
              km=number(asker.max_km)),
        ),
        (_("For how many"), capacity_needed(found)),
    ]  # fmt: skip
    if asker.circumstances.get(NEEDS_STEP_FREE) == "yes":
        rows.append((_("Way in"), _("without steps")))
    return rows


def assumed(question: Question) -> list[str]:
    """Return what the figures rest on without being a finding."""
    settings = question.settings
    return [
        _(
            "Between %(share)s %% of the pairs of areas no road is known: there distances are straight lines "
            "made longer by the factor %(factor)s.",
            share=number(100 * question.ground.straight_share, 0),
            factor=number(settings.circuity),
        ),
        _("A service counts up to %(km)s km, unless the package says otherwise.", km=number(settings.max_km)),
        ngettext(
            "Where people are few, the number of clients is drawn to the rate of the region, which weighs as "
            "much as %(number)s person.",
            "Where people are few, the number of clients is drawn to the rate of the region, which weighs as "
            "much as %(number)s people.",
            PRIOR_PEOPLE,
        ),
        _("Intervals hold the true number with 95 per cent; numbers of people below 5 are not told."),
        _(
            "A record that nobody checked for %(days)s days counts as old; half of all records change in "
            "%(half)s days; %(share)s per cent of all providers stop within a year.",
            days=number(settings.stale_days),
            half=number(settings.half_life_days),
            share=number(100 * settings.closure_hazard),
        ),
        _("What is not known is counted neither as there nor as missing."),
    ]
