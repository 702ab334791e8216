"""A second county, solved by hand before it was run: what a table of services cannot show at a glance.

Three areas in a line: N(orth), S(outh) 14.5 km from N, W(est) 57.8 km from N and 43.4 km from S (straight
lines of .1, .4 and .3 degrees of latitude, 111.195 km each, times 1.3). People travel 30 km at most.

m1, mothers who speak Ukrainian and cannot pay: legal aid, language course. Clients N 30, S 12, W 6.
m2, people in a wheelchair who work (free on weekdays from 17 to 20): rehabilitation, counselling, debt
advice. Clients N 10, S 4, W 8. No line waits for another, so each hands over to the next.

    service     provider  where           what of it
    a1 legal    A         N               in Lithuanian only, free
    a2 legal    B         W               in Ukrainian, 20 euros
    c1 course   C         by video        serves N and W, languages not recorded, free
    r1 rehab    D         S               seven steps, open 16-20
    r2 rehab    E         W               no steps, open 8-12
    k1 counsel  C         by video        area not recorded, open 16-20
    d1 debt     A         N               no steps, open 16-20, helps 7 people a year
    d2 debt     E         W               nothing written about steps, open 16-20

By hand, what each service fails in each cell (? is not known, nothing means that it passes):

    line     area  services                               so
    legal    N     a1 LANGUAGE; a2 DISTANCE COST           LANGUAGE
             S     a1 LANGUAGE; a2 DISTANCE COST           LANGUAGE
             W     a1 DISTANCE LANGUAGE; a2 COST           COST
    course   N, W  c1 LANGUAGE?                            ask LANGUAGE
             S     c1 DISTANCE (not served)                DISTANCE
    rehab    N, S  r1 ACCESS; r2 DISTANCE HOURS            ACCESSIBILITY
             W     r1 DISTANCE ACCESS; r2 HOURS            HOURS
    counsel  all   k1 DISTANCE?                            ask DISTANCE
    debt     N, S  d1; d2 DISTANCE ACCESS?                 open, one provider
             W     d1 DISTANCE; d2 ACCESS?                 ask ACCESSIBILITY

The wheelchair and the language belong to everybody in the package; the hours only to most of them. So HOURS
is LIKELY (n_hi 1), the others are FIRM (n_hi 0).

Ranking: LANGUAGE legal 30 + 12 = 42; ACCESSIBILITY rehab 10 + 4 = 14; DISTANCE course 12; HOURS rehab 8; COST
legal 6. Then what has to be asked: LANGUAGE course 30 + 6 = 36; DISTANCE counsel 22; ACCESSIBILITY debt 8.

Packages: none of 6 is whole, and none may be. In W counsel and debt have to be asked, but no answer opens
rehab: its hours are known, and they shut the typical client out. PACKAGE m1 48; m2 22 (N, S, W).

Debt advice: d1 has 7 places for the 14 clients of N and S, so the ratio is .5 and 14 x .5 = 7 are not helped;
one provider, 14 x .1 = 1.4. It was looked for in N nine times and never found, all in one week, for nine
cases. Nothing was tried in other areas, so the usual rate is the limit, .3, and the share to be expected is
(9 + 10 x .3) / (9 + 10) = 12/19 = .6316: EVIDENCE, 10 x .6316 = 6.32. In S nobody tried: nothing is said.

If A closed, 14 clients and 2 cells would be lost. B and D are there for nobody. No hand-over has both ends.
"""

from datetime import date

from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.models import (
    Accessibility,
    Area,
    CostOption,
    Language,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.network.models import Demand, UnmetNeed
from netmap.packages.document import Document, Line
from netmap.packages.service import save_version

LEGAL, COURSE, REHAB = "legal_aid", "language_course", "rehabilitation"
COUNSEL, DEBT = "psych_counselling", "debt_advice"
LATITUDES = {"N": 55.0, "S": 54.9, "W": 54.6}
CLIENTS = {"m1": {"N": 30, "S": 12, "W": 6}, "m2": {"N": 10, "S": 4, "W": 8}}
EVENING, MORNING = ("16:00", "20:00"), ("08:00", "12:00")
NEVER_FOUND = 9


def packages() -> tuple[Document, Document]:
    """Return m1 and m2."""
    mothers = Document(
        "m1", {"en": "Mothers"}, {"en": "Plan"}, {}, {"mig.language": 0.5},
        (_line("legal", LEGAL), _line("course", COURSE)), languages=("uk",), budget=0.0,
    )  # fmt: skip
    workers = Document(
        "m2", {"en": "Workers"}, {"en": "Plan"}, {}, {"fin.consumer_debt": 0.5},
        (_line("rehab", REHAB), _line("counsel", COUNSEL), _line("debt", DEBT)),
        required=("dis.mobility",), reason={"en": "Rooms without steps."}, hours=("MO-FR 17:00-20:00",),
    )  # fmt: skip
    return mothers, workers


def _line(key: str, service_type: str) -> Line:
    need = "fin.consumer_debt" if service_type == DEBT else "mig.language"
    return Line(key, need, service_type, {"en": f"Goal of {key}"}, {need: 1.0})


def put(session: Session) -> None:
    """Put the county into an empty database."""
    for code, latitude in LATITUDES.items():
        session.add(Area(code=code, name=f"Area {code}", latitude=latitude, longitude=24.0))
    for name in "ABCDE":
        session.add(Organization(id=name, name=f"Provider {name}"))
    session.flush()
    for one in packages():
        save_version(session, one.code, one, by=None, note="", expected=0)
        for area, clients in CLIENTS[one.code].items():
            session.add(Demand(area_code=area, package_code=one.code, clients=clients))
    _service(session, "a1", "A", LEGAL, "N", language="lt", fee=0.0)
    _service(session, "a2", "B", LEGAL, "W", language="uk", fee=20.0)
    _service(session, "c1", "C", COURSE, None, serves=("N", "W"), fee=0.0)
    _service(session, "r1", "D", REHAB, "S", steps="Seven steps, no ramp", hours=EVENING)
    _service(session, "r2", "E", REHAB, "W", steps="Step-free door", hours=MORNING)
    _service(session, "k1", "C", COUNSEL, None, hours=EVENING)
    _service(session, "d1", "A", DEBT, "N", steps="Step-free door", hours=EVENING, most=7.0)
    _service(session, "d2", "E", DEBT, "W", hours=EVENING)
    for number in range(NEVER_FOUND):
        row = UnmetNeed(service_type=DEBT, area_code="N", recorded_on=now().date(), mark=f"case {number}")
        session.add(row)
    session.flush()


def _service(
    session: Session,
    key: str,
    provider: str,
    kind: str,
    home: str | None,
    *,
    language: str | None = None,
    fee: float | None = None,
    serves: tuple[str, ...] = (),
    steps: str | None = None,
    hours: tuple[str, str] | None = None,
    most: float | None = None,
) -> None:
    checked: date = now().date()
    session.add(
        Service(
            id=key, organization_id=provider, name=f"Service {key}", status="active", assured_date=checked
        )
    )
    place = Location(id=f"at-{key}", location_type="virtual" if home is None else "physical")
    if home is not None:
        place.latitude, place.longitude = LATITUDES[home], 24.0
    session.add(place)
    session.flush()
    session.add(ServiceAtLocation(id=f"p-{key}", service_id=key, location_id=place.id))
    session.add(ServiceTypeLink(service_id=key, code=kind, state="confirmed"))
    rows: list[object] = [ServiceArea(service_id=key, area_code=area) for area in serves]
    if language is not None:
        rows.append(Language(service_id=key, code=language))
    if fee is not None:
        rows.append(CostOption(service_id=key, amount=fee))
    if steps is not None:
        rows.append(Accessibility(location_id=place.id, description=steps))
    if hours is not None:
        opens, closes = hours
        rows.append(
            Schedule(service_id=key, freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at=opens, closes_at=closes)
        )
    if most is not None:
        rows.append(ServiceCapacity(service_id=key, maximum=most, updated=now()))
    session.add_all(rows)
    session.flush()
