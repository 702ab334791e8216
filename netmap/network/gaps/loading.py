"""What a question about gaps needs, read once: areas, profiles, offers, demand and names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.eligibility import Offer
from netmap.directory.models import Area
from netmap.directory.offers import area_insides, load_offers
from netmap.directory.queries import area_name
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network import queries
from netmap.network.cells import ground
from netmap.network.cells.engine import Context, Profile, Survey, profile_of, survey
from netmap.network.cells.ground import Ground
from netmap.network.demand.demands import demands
from netmap.network.demand.evidence import Evidence, evidence
from netmap.network.gaps.cards import Card, Order, Sizes, doubts, gap_cards
from netmap.network.gaps.partial import Thresholds, apart_cards
from netmap.network.planning import planning_areas
from netmap.network.statistics import Demand
from netmap.network.supplies import in_one_unit, known_waits, supplies
from netmap.network.ties.links import linked
from netmap.network.travel import roads
from netmap.packages.document import Document, text
from netmap.packages.fields import nearest
from netmap.packages.service import published


@dataclass(frozen=True)
class Everything:
    """All planning areas, all packages in use, and what is known beside the offers."""

    ground: Ground
    profiles: Mapping[str, Profile]
    context: Context


@dataclass(frozen=True)
class Question:
    """One selection of areas and packages with all its cells, and what is needed to tell of them.

    ``set_aside`` are places with demand figures that have no cells: wider areas, places without a point or
    left out. ``left_out`` counts the areas of the selection that are no planning areas because they were made
    from addresses, ``without_point`` are those of which nobody knows where they are. ``untyped`` are the
    services without a confirmed type, and how many services there are. ``experience`` says how often help was
    looked for and not got; ``everything`` is what there is without a selection. ``counts`` and ``sums``
    keep the clients of a card once they were looked up: in each area, and as told in a language.
    """

    day: date
    settings: Settings
    areas: Mapping[str, Area]
    documents: Mapping[str, Document]
    profiles: Mapping[str, Profile]
    ground: Ground
    demands: Mapping[tuple[str, str], Demand]
    names: Mapping[str, str]
    organizations: frozenset[str]
    unmet: tuple[tuple[str | None, str | None, frozenset[str] | None, int], ...]
    set_aside: tuple[str, ...]
    sizes: Sizes
    left_out: int
    without_point: tuple[str, ...]
    untyped: tuple[int, int]
    everything: Everything
    experience: Mapping[tuple[str, str | None], Evidence]
    counts: dict[str, list[float]] = field(default_factory=dict)
    sums: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @cached_property
    def survey(self) -> Survey:
        """All cells and links; the same whenever it is asked for.

        Everybody is looked at whatever is selected: the clients of other places stand in the same queues.
        """
        everything = self.everything
        found = survey(
            everything.ground,
            everything.profiles.values(),
            self.day,
            self.settings.stale_days,
            everything.context,
        )
        if everything.ground is self.ground and everything.profiles is self.profiles:
            return found
        return found.part(self.profiles, self.ground)

    def cards(self, order: Order = "count") -> list[Card]:
        """Return the gaps, ranked."""
        cells, untyped = self.survey.cells, doubts(*self.untyped)
        return gap_cards(cells, self.demands, order, sizes=self.sizes, untyped=untyped)

    def apart(self, order: Order = "count") -> list[Card]:
        """Return what is open and yet not enough, ranked."""
        return apart_cards(
            self.survey.cells,
            self.demands,
            order,
            sizes=self.sizes,
            handoffs=self.survey.handoffs,
            experience=self.experience,
            thresholds=thresholds(self.settings),
            untyped=doubts(*self.untyped),
        )

    def area_name(self, code: str) -> str:
        """Return the name of an area in the reader's language."""
        return area_name(self.areas[code], language())

    def profile_name(self, code: str) -> str:
        """Return the name of a package in the reader's language."""
        return text(self.documents[code].name, language())

    def offer_name(self, offer: Offer) -> str:
        """Return service and organization."""
        service = self.names.get(offer.service_id, offer.service_id)
        host = self.names.get(offer.organization_id or "")
        return f"{service} ({host})" if host else service


def load(
    session: Session, settings: Settings, package: str | None = None, area: str | None = None
) -> Question:
    """Return the cells of a selection: all packages in use and all planning areas, or some of them.

    `netmap.network.planning` says what a planning area is.

    Raises
    ------
    Invalid
        If there is no such package or area; names the nearest.
    """
    rows = {row.code: row for row in queries.areas(session)}
    documents = {code: document for code, _number, document in published(session)}
    _check(package, documents, "package")
    _check(area, rows, "area")
    inside = area_insides(session)
    located = queries.located_places(session)
    planning = planning_areas(rows.values(), located)
    wanted = inside(area) if area else rows.keys()
    chosen = [code for code in planning.points if code in wanted]
    picked = {code: found for code, found in documents.items() if package in (None, code)}
    day = now().astimezone(settings.zone()).date()
    everything = _everything(session, settings, planning.points, documents, day)
    profiles = everything.profiles
    known, hosts = everything.context.demands, queries.organization_names(session)
    asked = {pair: found for pair, found in known.items() if pair[0] in chosen and pair[1] in picked}
    return Question(
        day=day,
        settings=settings,
        areas=rows,
        documents=documents,
        profiles={code: profiles[code] for code in picked} if package else profiles,
        ground=everything.ground.part(chosen) if area else everything.ground,
        demands=asked,
        names=hosts | queries.service_names(session),
        organizations=frozenset(hosts),
        unmet=tuple(
            (need, kind, inside(place) if place else None, count)
            for need, kind, place, count in queries.unmet_counts(session)
        ),
        set_aside=tuple(
            sorted({place for place, code in known if place not in planning.points and code in picked})
        ),
        sizes={code: (rows[code].population or 0, located.get(code, 0)) for code in chosen},
        left_out=len(planning.left_out & wanted),
        without_point=tuple(sorted(planning.without_point & wanted)),
        untyped=queries.untyped_services(session),
        everything=everything,
        experience=evidence(session, day),
    )


def thresholds(settings: Settings) -> Thresholds:
    """Return from where on something open counts as not enough, as the settings have it."""
    return Thresholds(
        k_min=settings.fewest_providers,
        min_ratio=settings.min_capacity_ratio,
        wait=settings.wait_target_days,
        hazard=settings.closure_hazard,
        loss=settings.link_loss,
        rate=settings.failure_rate,
        certainty=settings.failure_certainty,
    )


def _everything(
    session: Session,
    settings: Settings,
    points: Mapping[str, ground.Point],
    documents: Mapping[str, Document],
    day: date,
) -> Everything:
    """Return what there is without a selection."""
    able, ways = supplies(session), roads(session)
    profiles = {
        code: profile_of(document, max_km=settings.max_km, circuity=settings.circuity, day=day)
        for code, document in documents.items()
    }
    context = Context(
        demands=demands(session, settings),
        capacity=lambda services: in_one_unit(services, able)[0],
        waits=lambda services: known_waits(services, able, day - timedelta(days=settings.wait_old_days)),
        linked=linked(session, day, settings.contact_months),
        half_life=settings.half_life_days,
    )
    places = [ground.Area(code, point) for code, point in points.items()]
    offers = load_offers(session, settings)
    whole = Ground(places, offers, settings.circuity, travel=ways.known, place_areas=ways.homes)
    return Everything(whole, profiles, context)


def require_known(session: Session, package: str | None, area: str | None) -> None:
    """Do nothing if there are this package and this area.

    Raises
    ------
    Invalid
        If there is no such package or area; names the nearest.
    """
    if package is not None:
        _check(package, dict(queries.packages_in_use(session)), "package")
    if area is not None:
        _check(area, dict.fromkeys(queries.area_codes(session)), "area")


def _check(value: str | None, known: Mapping[str, object], name: str) -> None:
    if value is None or value in known:
        return
    if name == "package":
        sentence = _(
            "There is no package in use with the code '%(code)s'; the nearest is '%(nearest)s'.",
            code=value[:80],
            nearest=nearest(value, known),
        )
    else:
        sentence = _(
            "There is no area with the code '%(code)s'; the nearest is '%(nearest)s'.",
            code=value[:80],
            nearest=nearest(value, known),
        )
    raise Invalid(sentence, {name: sentence})
