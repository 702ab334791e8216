"""Figures of demand in plain words: where they come from, and how they were worked out."""

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number
from netmap.network.counts import FEWER, SHARE_CLIENTS, small
from netmap.network.demand.demands import RECORDED, Figure
from netmap.network.demand.listing import Row
from netmap.network.demand.priors import Prior, priors
from netmap.network.models import COUNTED, SHARE
from netmap.network.models import Demand as Entry
from netmap.network.statistics import PRIOR_PEOPLE, Estimate, shown


def kind_name(kind: str) -> str:
    """Return in a word or two what kind of figure it is."""
    names = {
        COUNTED: _("counted"),
        SHARE: _("published share"),
        RECORDED: _("seen in netmap, at least"),
    }
    return names[kind]


def clients(row: Row) -> str:
    """Return the number of clients as it may be told."""
    if row.held_back:
        return _("not shown")
    number_of = row.figure.demand.clients
    if row.figure.origin.kind == SHARE and not row.hidden:
        return _("about %(number)s", number=number(number_of, 0))
    return shown(number_of)


def between(row: Row) -> str:
    """Return the interval as it may be told, empty for small groups."""
    return "" if row.hidden else interval(row.figure.origin.interval)


def interval(found: Estimate) -> str:
    """Return an interval in whole people."""
    return _("%(low)s to %(high)s", low=number(found.low, 0), high=number(found.high, 0))


def source(row: Row) -> str:
    """Return who says so."""
    if row.figure.origin.kind == RECORDED:
        return _("packages chosen and unmet needs recorded here")
    return row.figure.origin.source or _("nobody said")


def worked_out(figure: Figure, entry: Entry | None) -> list[str]:
    """Return sentence by sentence how the expected number came about; a small group stays one."""
    if figure.origin.kind == RECORDED:
        return [
            _("A case counts once a week; who it was is not kept, so a client in two weeks counts twice."),
            _("Not every client is matched with netmap: the true number is probably higher."),
        ]
    if figure.origin.kind == SHARE:
        return _of_share(figure, entry)
    return _of_count(figure)


def _of_share(figure: Figure, entry: Entry | None) -> list[str]:
    prior = priors().get(entry.prior or "") if entry else None
    base = number(entry.base or 0) if entry else ""
    found = [_("Nobody has counted here: a share that was found elsewhere stands in.")]
    if prior:
        found.append(
            _(
                "%(base)s clients × %(share)s per cent = %(clients)s.",
                base=base,
                share=number(100 * prior.share),
                clients=shown(figure.demand.clients),
            )
        )
        found.append(prior.caution[language()])
    found.append(
        _(
            "The share here is not the share there: it is taken to say as much as %(number)s clients of this "
            "area would, so the interval is wide.",
            number=SHARE_CLIENTS,
        )
    )
    return found


def _of_count(figure: Figure) -> list[str]:
    few = small(figure.demand.clients)
    told = [_("Fewer than five are told as “<5” and go into sums as 2.5.")] if few else []
    population = figure.demand.population
    if not population or figure.rate is None:
        return [
            *told,
            _("Nobody said among how many people they were counted, so the number is taken as it is."),
            _("The interval is that of a count which differs by chance from year to year."),
        ]
    return [
        *told,
        _(
            "Counts in small areas jump from year to year, so the number is drawn towards the rate of the "
            "whole region, which is %(rate)s per 1,000 people and weighs as much as a count among "
            "%(people)s people.",
            rate=number(1000 * figure.rate, 2),
            people=PRIOR_PEOPLE,
        ),
        _(
            "(%(region)s of the region + %(clients)s counted) ÷ (%(people)s + %(population)s people) × "
            "%(population)s people = %(expected)s clients expected a year.",
            region=number(figure.rate * PRIOR_PEOPLE, 2),
            clients=FEWER if few else number(figure.demand.clients),
            people=PRIOR_PEOPLE,
            population=number(population),
            expected=number(figure.demand.expected, 0 if few else 1),
        ),
    ]


def prior_name(prior: Prior) -> str:
    """Return a published share in one line: how many per cent have which problem."""
    return _(
        "%(share)s per cent %(title)s",
        share=number(100 * prior.share),
        title=prior.title[language()],
    )
