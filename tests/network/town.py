"""The worked example: three towns, two packages, seven providers; every figure can be worked out by hand."""

from datetime import date, timedelta

from netmap.directory.eligibility import Offer
from netmap.network.cells import Profile, Survey, profile_of, survey
from netmap.network.ground import Area, Ground
from netmap.network.statistics import Demand, demand
from netmap.packages.document import Document, Line

TODAY = date(2026, 11, 22)
ROADS = {("A", "B"): 12.0, ("A", "C"): 60.0, ("B", "C"): 55.0}
CLIENTS = {
    ("A", "K1"): 40, ("B", "K1"): 10, ("C", "K1"): 5,
    ("A", "K2"): 20, ("B", "K2"): 10, ("C", "K2"): 15,
}  # fmt: skip
DEBT, ADDICTION, CHILDCARE, JOB = "debt_advice", "addiction_outpatient", "childcare_place", "job_search_support"
ASSISTANT, TRANSPORT = "personal_assistant", "social_taxi"


def line(key: str, service_type: str, duration: str = "") -> Line:
    return Line(key, f"need.{key}", service_type, {"en": key}, {f"need.{key}": 1.0}, duration=duration)


def document(code: str, *lines: Line, required: tuple[str, ...] = (), budget: float | None = None) -> Document:
    names = {"en": code}
    return Document(code, names, names, names, {}, lines, required=required, budget=budget)


K1 = document(
    "K1",
    line("debt", DEBT), line("addiction", ADDICTION, "long"), line("childcare", CHILDCARE, "long"), line("job", JOB),
    required=("single_parent",),
)  # fmt: skip
K2 = document("K2", line("assistant", ASSISTANT, "long"), line("transport", TRANSPORT), line("job", JOB), budget=0.0)


def offer(key: str, provider: str, kind: str, place: str, **facts: object) -> Offer:
    known: dict[str, object] = {"status": "active", "fee": 0.0, "duration": "long", "assured_date": TODAY}
    return Offer(key, provider, f"at-{key}", f"{place}-{key}", types=frozenset({kind}), **(known | facts))


OFFERS = [
    offer("v1", "P1", DEBT, "A"),
    offer("v2", "P2", ADDICTION, "A", excluded=frozenset({"single_parent"})),
    offer("v3", "P3", CHILDCARE, "A"),
    offer("v4", "P4", JOB, "A"),
    offer("v5", "P4", JOB, "C"),
    offer("v6", "P5", ASSISTANT, "A", assured_date=TODAY - timedelta(days=400)),
    offer("v7", "P6", ASSISTANT, "B", fee=15.0),
    offer("v8", "P7", ADDICTION, "C", duration="once"),
]


def towns() -> list[Area]:
    return [Area(code, None) for code in "ABC"]


def ground(offers: list[Offer] = OFFERS) -> Ground:
    homes = {offer.location_id: offer.location_id[0] for offer in offers if offer.location_id}
    return Ground(towns(), offers, travel=ROADS, place_areas=homes)


def profile(one: Document, max_km: float = 30.0) -> Profile:
    return profile_of(one, max_km=max_km, circuity=1.3, day=TODAY)


def cells(offers: list[Offer] = OFFERS, documents: tuple[Document, ...] = (K1, K2)) -> Survey:
    return survey(ground(offers), [profile(one) for one in documents], TODAY)


def demands() -> dict[tuple[str, str], Demand]:
    return {pair: demand(clients, None, None) for pair, clients in CLIENTS.items()}
