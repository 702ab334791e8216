"""One gap told whole: for its page, for paper and as text, all from the same sentences and figures.

No number of people below five stands in it, and none can be worked out from what does (`netmap.network.few`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from netmap.directory.eligibility import NEEDS_STEP_FREE
from netmap.editing.words import duration_names
from netmap.i18n import gettext as _
from netmap.i18n import language, ngettext
from netmap.i18n.names import language_name
from netmap.i18n.numbers import number
from netmap.network import views, words
from netmap.network.asks import asks_of, hours_in_words
from netmap.network.cards import Card
from netmap.network.explain import Case, Step, cases_of, funnel, nobody, steps
from netmap.network.few import small, told_sum
from netmap.network.hosts import Host, hosts_of
from netmap.network.ignorance import Ignorance, ignorance_of
from netmap.network.ladder import Rung, capacity_needed, ladder
from netmap.network.loading import Question
from netmap.network.one_gap import Found
from netmap.network.statistics import CLOSURE_HAZARD, HALF_LIFE_DAYS, PRIOR_PEOPLE, shown, together
from netmap.network.tried import Said, tried_of
from netmap.packages.document import text
from netmap.vocabulary.terms import label, vocabulary

MOST_AREAS = 50  # rows of the table; a gap of two thousand areas is told by its first
MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area and line of a gap: clients with their interval and rate as they may be told."""

    code: str
    name: str
    line: str
    clients: str
    interval: str
    rate: str
    sure: int
    possible: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """The service that misses least, and what it misses."""

    service: str
    name: str
    provider: str
    provider_name: str
    reasons: str


@dataclass(frozen=True)
class Sheet:
    """Everything that is told of one gap, in the reader's language."""

    key: str
    day: date
    name: str
    service_type: str
    package: str
    package_name: str
    kind: str
    confidence: str
    meaning: str
    certain: bool
    open: bool
    sentence: str
    clients: str
    interval: str
    rate: str
    areas: tuple[AreaRow, ...]
    more_areas: int
    funnel_area: str
    funnel: tuple[Step, ...]
    unfunnelled: str
    nearest: Nearest | None
    evidence: tuple[Said, ...]
    requirements: tuple[tuple[str, str], ...]
    hosts: tuple[Host, ...]
    rungs: tuple[Rung, ...]
    also: tuple[tuple[str, str], ...]
    ignorance: Ignorance
    assumed: tuple[str, ...]

    @property
    def most(self) -> int:
        """Return how many services the funnel begins with."""
        return self.funnel[0].number if self.funnel else 0


def sheet_of(session: Session, found: Found) -> Sheet:
    """Return everything that is told of a gap."""
    question, card = found.question, found.card
    profile = question.profiles[card.profile]
    cases = cases_of(question.ground, profile, card.cells[0])
    shrinking = tuple(steps(cases, profile.typical.max_km)) if found.open else ()
    asks = asks_of(found)
    ignorance = ignorance_of(session, found)
    hidden = any(small(one) for one in found.clients(card.areas))
    return Sheet(
        key=card.key,
        day=question.day,
        name=found.name,
        service_type=card.service_type,
        package=card.profile,
        package_name=question.profile_name(card.profile),
        kind=words.kind_name(card),
        confidence=words.label_of(card) if found.open else words.risk_label(card),
        meaning=words.meaning_of(card) if found.open else words.risk_meaning(),
        certain=card.firm and found.open,
        open=found.open,
        sentence=sentence(found, cases),
        clients=_clients(found),
        interval="" if hidden or card.interval is None else _between(*card.interval),
        rate="" if hidden or card.rate is None else number(card.rate, 2),
        areas=tuple(_row(question, card, place) for place in range(min(MOST_AREAS, len(card.cells)))),
        more_areas=max(0, len(card.cells) - MOST_AREAS),
        funnel_area=question.area_name(card.cells[0].area),
        funnel=shrinking,
        unfunnelled=nobody(cases) if found.open and not shrinking else "",
        nearest=_nearest(question, cases, card) if found.open else None,
        evidence=tuple(tried_of(session, found)),
        requirements=tuple(requirement_rows(found)),
        hosts=tuple(hosts_of(session, found, asks)),
        rungs=tuple(ladder(found, asks, ignorance.counts[2])),
        also=tuple((code, question.profile_name(code)) for code in found.also),
        ignorance=ignorance,
        assumed=tuple(_assumed(question)),
    )


def sentence(found: Found, cases: Sequence[Case]) -> str:
    """Return a gap in plain words, without the funnel: its steps stand beside it."""
    question, card = found.question, found.card
    if not found.open:
        return str(views.risk_view(question, card)["sentence"])
    names = [question.area_name(code) for code in card.areas]
    missing = sum((code, card.profile) not in question.demands for code in card.areas)
    shrinking = funnel(cases, question.profiles[card.profile].typical.max_km, card.ask)
    if card.untyped and not card.ask:
        shrinking = f"{shrinking}; {words.untyped(card.untyped)}"
    told = views.clients_told(question, card)
    return words.gap_sentence(card, question.profile_name(card.profile), names, shrinking, told, missing)


def _clients(found: Found) -> str:
    known = found.clients(found.card.areas)
    return told_sum(known) if known else ""


def _between(low: float, high: float) -> str:
    return _("%(low)s to %(high)s", low=number(round(low, 1)), high=number(round(high, 1)))


def _row(question: Question, card: Card, place: int) -> AreaRow:
    cell = card.cells[place]
    demand = question.demands.get((cell.area, card.profile))
    few = demand is None or small(demand.clients)
    rate, interval = "", ""
    if demand is not None and not few:
        found = together([demand])
        interval = _between(found.low, found.high)
        rate = number(1000 * demand.expected / demand.population, 2) if demand.population else ""
    return AreaRow(
        code=cell.area,
        name=question.area_name(cell.area),
        line=f"{label(cell.line.need)}: {text(cell.line.goal, language())}",
        clients=shown(demand.clients) if demand else "",
        interval=interval,
        rate=rate,
        sure=cell.n_lo,
        possible=cell.n_hi,
    )


def _nearest(question: Question, cases: Sequence[Case], card: Card) -> Nearest | None:
    if not cases or not cases[0].alive:
        return None
    offer = cases[0].offer
    failed = cases[0].reasons("fail")
    return Nearest(
        service=offer.service_id,
        name=question.names.get(offer.service_id, offer.service_id),
        provider=offer.organization_id or "",
        provider_name=question.names.get(offer.organization_id or "", ""),
        reasons=failed if failed and not card.ask else cases[0].reasons("fail", "unknown"),
    )


def requirement_rows(found: Found) -> list[tuple[str, str]]:
    """Return what a service that closes the gap has to be like: what, and how."""
    question, card = found.question, found.card
    document, asker = question.documents[card.profile], question.profiles[card.profile].typical
    facts = [code for code in (*document.required, *document.optional) if code in vocabulary().circumstances]
    durations = {cell.line.duration for cell in card.cells if cell.line.duration}
    lasting = ", ".join(duration_names()[code] for code in sorted(durations))
    open_question = _("the package sets nothing")
    fee = open_question if asker.budget is None else number(asker.budget, 2)
    names = [question.area_name(code) for code in card.areas]
    rest = len(names) - MOST_NAMES
    rows = [
        (_("Kind of service"), label(card.service_type)),
        (_("Must accept"), ", ".join(label(code) for code in facts) or open_question),
        (_("Languages"), ", ".join(language_name(code) for code in sorted(asker.languages)) or open_question),
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


def _assumed(question: Question) -> list[str]:
    """Return what the figures rest on without being a finding."""
    settings = question.settings
    return [
        _(
            "Distances are straight lines made longer by %(factor)s; a service counts up to %(km)s km, "
            "unless the package says otherwise.",
            factor=number(settings.circuity),
            km=number(settings.max_km),
        ),
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
            half=number(HALF_LIFE_DAYS),
            share=number(100 * CLOSURE_HAZARD),
        ),
        _("What is not known is counted neither as there nor as missing."),
    ]
