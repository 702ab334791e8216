"""The worked example: three towns, two packages, seven providers; every figure can be worked out by hand."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.eligibility import Offer
from netmap.directory.models import (
    Area,
    CostOption,
    EligibilityRule,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.network.cells import ground
from netmap.network.cells.engine import Profile, Survey, profile_of, survey
from netmap.network.models import Demand as DemandRow
from netmap.network.statistics import Demand, demand
from netmap.packages.document import Document, Line
from netmap.packages.service import save_version
from netmap.partners.models import Agreement, AgreementParty

TODAY = date(2026, 11, 22)
ROADS = {("A", "B"): 12.0, ("A", "C"): 60.0, ("B", "C"): 55.0}
CLIENTS = {
    ("A", "k1"): 40, ("B", "k1"): 10, ("C", "k1"): 5,
    ("A", "k2"): 20, ("B", "k2"): 10, ("C", "k2"): 15,
}  # fmt: skip
DEBT, ADDICTION = "debt_advice", "addiction_outpatient"
CHILDCARE, JOB = "childcare_place", "job_search_support"
ASSISTANT, TRANSPORT = "personal_assistant", "transport_help"
NEEDS = {
    DEBT: "fin.consumer_debt", ADDICTION: "add.alcohol", CHILDCARE: "fam.childcare", JOB: "emp.unemployed",
    ASSISTANT: "fam.care_relative", TRANSPORT: "trn.no_transport",
}  # fmt: skip
# straight lines that a factor of 1.3 turns into about 12, 60 and 55 km
CAPACITY = {"v1": 30, "v2": 40, "v3": 20, "v4": 200, "v5": 30, "v6": 25}  # clients a year
POINTS = {"A": (55.0, 25.0), "B": (55.083, 25.0), "C": (55.0939, 25.7055)}


def line(key: str, service_type: str, duration: str = "", after: tuple[str, ...] = ()) -> Line:
    """Return a line of a package."""
    need = NEEDS[service_type]
    goal = {"en": f"Goal of {key}"}
    return Line(key, need, service_type, goal, {need: 1.0}, after=after, duration=duration)


def document(
    code: str, *lines: Line, required: tuple[str, ...] = (), budget: float | None = None
) -> Document:
    """Return a package."""
    names = {"en": f"People of {code}"}
    profile = {line.need: 0.25 for line in lines}
    reason = {"en": "Help for parents."} if required else {}
    return Document(
        code, names, names, names, profile, lines, required=required, reason=reason, budget=budget
    )


def k1() -> Document:
    """Return the package for lone parents with drink and debts."""
    lines = (
        line("debt", DEBT),
        line("addiction", ADDICTION, "long"),
        line("childcare", CHILDCARE, "long"),
        line("job", JOB, after=("addiction",)),
    )
    return document("k1", *lines, required=("single_parent",))


def k2() -> Document:
    """Return the package for carers without transport."""
    lines = (
        line("assistant", ASSISTANT, "long"),
        line("transport", TRANSPORT),
        line("job", JOB, after=("assistant",)),
    )
    return document("k2", *lines, budget=0.0)


def offer(key: str, provider: str, kind: str, place: str, **facts: object) -> Offer:
    """Return an offer of which everything is known."""
    known: dict[str, object] = {"status": "active", "fee": 0.0, "duration": "long", "assured_date": TODAY}
    return Offer(key, provider, f"at-{key}", f"{place}-{key}", types=frozenset({kind}), **(known | facts))


def offers() -> list[Offer]:
    """Return the eight services of the example."""
    return [
        offer("v1", "P1", DEBT, "A"),
        offer("v2", "P2", ADDICTION, "A", excluded=frozenset({"single_parent"})),
        offer("v3", "P3", CHILDCARE, "A"),
        offer("v4", "P4", JOB, "A"),
        offer("v5", "P4", JOB, "C"),
        offer("v6", "P5", ASSISTANT, "A", assured_date=TODAY - timedelta(days=400)),
        offer("v7", "P6", ASSISTANT, "B", fee=15.0),
        offer("v8", "P7", ADDICTION, "C", duration="once"),
    ]


def profile(one: Document, max_km: float = 30.0) -> Profile:
    """Return the ideal-typical client of a package."""
    return profile_of(one, max_km=max_km, circuity=1.3, day=TODAY)


def on(these: list[Offer]) -> ground.Ground:
    """Return the three towns with these offers and the table of roads."""
    homes = {one.location_id: one.location_id[0] for one in these if one.location_id}
    towns = [ground.Area(code, None) for code in "ABC"]
    return ground.Ground(towns, these, travel=ROADS, place_areas=homes)


def surveyed(these: list[Offer] | None = None, documents: tuple[Document, ...] | None = None) -> Survey:
    """Return all cells of the example, or of other offers and packages."""
    profiles = [profile(one) for one in documents or (k1(), k2())]
    return survey(on(offers() if these is None else these), profiles, TODAY)


def demands() -> dict[tuple[str, str], Demand]:
    """Return the clients of the example."""
    return {pair: demand(clients, None, None) for pair, clients in CLIENTS.items()}


def put_town(session: Session) -> None:
    """Put the whole worked example into an empty database: supply, capacity, demand and the one agreement."""
    for code, (latitude, longitude) in POINTS.items():
        session.add(Area(code=code, name=f"Town {code}", latitude=latitude, longitude=longitude))
    session.flush()
    for one in (k1(), k2()):
        save_version(session, one.code, one, by=None, note="", expected=0)
    for (area, package), clients in CLIENTS.items():
        session.add(DemandRow(area_code=area, package_code=package, clients=clients))
    for name in ("P1", "P2", "P3", "P4", "P5", "P6", "P7"):
        session.add(Organization(id=name, name=f"Provider {name}"))
    session.flush()
    for one in offers():
        store(session, one, CAPACITY.get(one.service_id))
    agree(session, "P1", "P4")
    session.flush()


def agree(session: Session, one: str, other: str) -> None:
    """Put an agreement of two organizations into the database that has begun and does not end."""
    agreement = Agreement(title=f"{one} and {other}", kind="referral", begins=TODAY - timedelta(days=100))
    agreement.parties = [
        AgreementParty(place=place, organization_id=key, name=f"Provider {key}")
        for place, key in enumerate((one, other))
    ]
    session.add(agreement)
    session.flush()


def store(session: Session, one: Offer, capacity: float | None = None) -> None:
    """Put one offer into the tables; its age is counted from the real today."""
    age = TODAY - (one.assured_date or TODAY)
    home = (one.location_id or "A")[0]
    latitude, longitude = POINTS[home]
    session.add(
        Service(
            id=one.service_id,
            organization_id=one.organization_id,
            name=f"Service {one.service_id}",
            status=one.status,
            duration=one.duration,
            assured_date=now().date() - age,
        )
    )
    session.add(Location(id=one.location_id, latitude=latitude, longitude=longitude))
    session.flush()
    session.add(ServiceAtLocation(id=one.place_id, service_id=one.service_id, location_id=one.location_id))
    session.add(CostOption(service_id=one.service_id, amount=one.fee))
    for code in one.types:
        session.add(ServiceTypeLink(service_id=one.service_id, code=code, state="confirmed"))
    for code in one.excluded:
        session.add(EligibilityRule(service_id=one.service_id, code=code, effect="excluded"))
    if capacity is not None:
        session.add(ServiceCapacity(service_id=one.service_id, maximum=capacity, updated=now()))
