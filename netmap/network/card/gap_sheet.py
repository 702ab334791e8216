"""One gap told whole: for its page, for paper and as text, all from the same sentences and figures.

No number of people below five stands in it, and none can be worked out from what does (`netmap.network.few`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number
from netmap.network.card.asks import asks_of
from netmap.network.card.hosts import Host, hosts_of
from netmap.network.card.ignorance import Ignorance, ignorance_of
from netmap.network.card.ladder import Rung, ladder
from netmap.network.card.requirement_sheet import assumed, requirement_rows
from netmap.network.card.tried import Said, tried_of
from netmap.network.cells.explain import Case, Step, cases_of, nobody, steps
from netmap.network.cells.kinds import BROKEN_LINK, EVIDENCE, PACKAGE, STALE
from netmap.network.counts import small
from netmap.network.demand.demands import figures
from netmap.network.few import told_sum
from netmap.network.gaps import views, words
from netmap.network.gaps.cards import Card
from netmap.network.gaps.loading import Question
from netmap.network.gaps.one_gap import Found
from netmap.network.statistics import shown, together
from netmap.packages.document import Line, text
from netmap.vocabulary.terms import label

MOST_AREAS = 50  # rows of the table; a gap of two thousand areas is told by its first
NO_SERVICE = (STALE, BROKEN_LINK, EVIDENCE, PACKAGE)  # no single new service is what is needed


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
    area_count: int
    funnel_area: str
    funnel: tuple[Step, ...]
    unfunnelled: str
    nearest: Nearest | None
    evidence: tuple[Said, ...]
    requirements: tuple[tuple[str, str], ...]
    hosts: tuple[Host, ...]
    rungs: tuple[Rung, ...]
    parts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    also: tuple[tuple[str, str], ...]
    ignorance: Ignorance
    sources: tuple[str, ...]
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
        meaning=words.meaning_of(card) if found.open else words.risk_meaning(card),
        certain=card.firm and found.open,
        open=found.open,
        sentence=sentence(found),
        clients=_clients(found),
        interval="" if hidden or card.interval is None else _between(*card.interval),
        rate="" if hidden or card.rate is None else number(card.rate, 2),
        areas=tuple(_row(question, card, place) for place in range(min(MOST_AREAS, len(card.cells)))),
        more_areas=max(0, len(card.cells) - MOST_AREAS),
        area_count=len(card.areas),
        funnel_area=question.area_name(card.cells[0].area),
        funnel=shrinking,
        unfunnelled=nobody(cases) if found.open and not shrinking else "",
        nearest=_nearest(question, cases, card) if found.open else None,
        evidence=tuple(tried_of(session, found)),
        requirements=tuple(requirement_rows(found)) if card.kind not in NO_SERVICE else (),
        hosts=tuple(hosts_of(session, found, asks)) if card.kind not in NO_SERVICE else (),
        rungs=tuple(ladder(found, asks, ignorance)),
        parts=tuple((one.key, f"{label(one.service_type)}: {words.kind_name(one)}") for one in found.parts),
        lines=tuple(_line(line) for line in card.lines),
        also=tuple((code, question.profile_name(code)) for code in found.also),
        ignorance=ignorance,
        sources=_sources(session, found),
        assumed=tuple(assumed(question)),
    )


def sentence(found: Found) -> str:
    """Return a gap in plain words, without the funnel: its steps stand beside it."""
    question, card = found.question, found.card
    if not found.open:
        return str(views.risk_view(question, card)["sentence"])
    names = [question.area_name(code) for code in card.areas]
    missing = sum((code, card.profile) not in question.demands for code in card.areas)
    told = views.clients_told(question, card)
    return words.gap_sentence(card, question.profile_name(card.profile), names, "", told, missing)


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
        line=_line(cell.line),
        clients=shown(demand.clients) if demand else "",
        interval=interval,
        rate=rate,
        sure=cell.n_lo,
        possible=cell.n_hi,
    )


def _line(line: Line) -> str:
    return f"{label(line.need)}: {text(line.goal, language())}"


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


def _sources(session: Session, found: Found) -> tuple[str, ...]:
    """Return who says how many clients there are."""
    known = figures(session, found.question.settings)
    told = [known.get((area, found.card.profile)) for area in found.card.areas]
    return tuple(dict.fromkeys(one.origin.source for one in told if one is not None and one.origin.source))
