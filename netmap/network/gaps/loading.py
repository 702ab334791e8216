"""What a question about gaps needs, read once: areas, profiles, offers, demand and names."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
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
    """All planning areas, all packages in use, and what is known beside the offers.

    ``left_out`` are the areas that are no planning areas, ``without_point`` those without coordinates.
    """

    ground: Ground
    profiles: Mapping[str, Profile]
    context: Context
    day: date
    stale_days: int
    sizes: Sizes
    left_out: frozenset[str]
    without_point: frozenset[str]

    @cached_property
    def survey(self) -> Survey:
        """All cells and links; worked out once for all selections."""
        return survey(self.ground, self.profiles.values(), self.day, self.stale_days, self.context)


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
        if everything.ground is self.ground and everything.profiles is self.profiles:
            return everything.survey
        return everything.survey.part(self.profiles, self.ground)

    def part(
        self, package: str | None, area: str | None, inside: Callable[[str], frozenset[str]]
    ) -> "Question":
        """Return the same with one package or one area and what lies in it; nothing is read again.

        Parameters
        ----------
        package, area : str or None
            Codes that there are; all packages, or all areas, where None.
        inside : callable
            Area -> the codes of all areas in it.
        """
        if package is None and area is None:
            return self
        everything = self.everything
        wanted = inside(area) if area else frozenset(self.areas)
        points = [one.code for one in everything.ground.areas]
        chosen = frozenset(code for code in points if code in wanted)
        picked = [code for code in everything.profiles if package in (None, code)]
        known = everything.context.demands
        return replace(
            self,
            profiles={code: everything.profiles[code] for code in picked} if package else everything.profiles,
            ground=everything.ground.part(chosen) if area else everything.ground,
            demands={pair: found for pair, found in known.items() if pair[0] in chosen and pair[1] in picked},
            set_aside=_set_aside(known, points, picked),
            sizes={code: size for code, size in everything.sizes.items() if code in chosen},
            left_out=len(everything.left_out & wanted),
            without_point=tuple(sorted(everything.without_point & wanted)),
            counts={},
            sums={},
        )

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
    everything = _everything(session, settings, rows, documents)
    known, hosts = everything.context.demands, queries.organization_names(session)
    points = everything.sizes
    whole = Question(
        day=everything.day,
        settings=settings,
        areas=rows,
        documents=documents,
        profiles=everything.profiles,
        ground=everything.ground,
        demands={pair: one for pair, one in known.items() if pair[0] in points and pair[1] in documents},
        names=hosts | queries.service_names(session),
        organizations=frozenset(hosts),
        unmet=tuple(
            (need, kind, inside(place) if place else None, count)
            for need, kind, place, count in queries.unmet_counts(session)
        ),
        set_aside=_set_aside(known, points, documents),
        sizes=everything.sizes,
        left_out=len(everything.left_out),
        without_point=tuple(sorted(everything.without_point)),
        untyped=queries.untyped_services(session),
        everything=everything,
        experience=evidence(session, everything.day),
    )
    return whole.part(package, area, inside)


def _set_aside(
    known: Mapping[tuple[str, str], Demand], points: Collection[str], packages: Collection[str]
) -> tuple[str, ...]:
    """Return the places with figures of some packages that have no cells."""
    return tuple(sorted({place for place, code in known if place not in points and code in packages}))


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
    session: Session, settings: Settings, rows: Mapping[str, Area], documents: Mapping[str, Document]
) -> Everything:
    """Return what there is without a selection."""
    located = queries.located_places(session)
    planning = planning_areas(rows.values(), located)
    able, ways = supplies(session), roads(session)
    day = now().astimezone(settings.zone()).date()
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
    places = [ground.Area(code, point) for code, point in planning.points.items()]
    offers = load_offers(session, settings)
    return Everything(
        ground=Ground(places, offers, settings.circuity, travel=ways.known, place_areas=ways.homes),
        profiles=profiles,
        context=context,
        day=day,
        stale_days=settings.stale_days,
        sizes={code: (rows[code].population or 0, located.get(code, 0)) for code in planning.points},
        left_out=planning.left_out,
        without_point=planning.without_point,
    )


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
