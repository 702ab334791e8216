"""The made-up county: its people, and how it is prepared."""

from collections.abc import Callable

from sqlalchemy import Engine, func, select

from netmap.auth.models import User
from netmap.auth.passwords import DEMO_PASSWORD
from netmap.auth.service import add_user
from netmap.colleagues.seeding import load as load_colleagues
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.demo_upkeep import look_after
from netmap.directory.hsds import import_path
from netmap.directory.models import Service, Source
from netmap.directory.shapes import import_shapes
from netmap.directory.spreadsheet import import_areas
from netmap.errors import Conflict
from netmap.network.areas import kept as areas
from netmap.network.demand.spreadsheet import import_demand
from netmap.network.gaps import surveying
from netmap.network.travel import import_travel
from netmap.packages.service import load_seeds
from netmap.partners.seeding import load as load_relations
from netmap.paths import shipped

SOURCE = "demo"
PASSWORD = DEMO_PASSWORD
COORDINATOR = "coordinator@demo.example"
PEOPLE = (
    ("case@demo.example", "case_manager"),
    (COORDINATOR, "coordinator"),
    ("planner@demo.example", "planner"),
    ("admin@demo.example", "admin"),
)


def prepare(engine: Engine, settings: Settings, say: Callable[[str], None]) -> bool:
    """Load packages, areas, directory, demand, people and relations; return whether anything was loaded.

    A second call finds everything there and leaves it alone, so nothing that was typed is lost.
    """
    with transaction(engine) as session:
        if session.scalar(select(func.count()).select_from(Service)):
            if session.get(Source, SOURCE) is None:
                raise Conflict(
                    f"{settings.data_dir} holds a directory of its own. "
                    "Set NETMAP_DATA_DIR to another folder for the demo; nothing was changed."
                )
            return False
        folder = shipped("seeds") / "demo"
        say("Loading packages, areas, the directory and demand of the demo county ...")
        load_seeds(session)
        import_areas(session, folder / "areas.csv")
        import_path(session, folder, source=SOURCE)
        import_demand(session, folder / "demand.csv")
        import_travel(session, folder / "travel.csv")
        import_shapes(session, folder / "shapes" / "areas.geojson")
        for email, role in PEOPLE:
            if not session.scalar(select(User).where(User.email == email)):
                add_user(session, email, PASSWORD, role, demo=True)
        today = now().astimezone(settings.zone()).date()
        load_relations(session, folder / "relations.toml", by=COORDINATOR, today=today)
        load_colleagues(session, folder / "colleagues.toml", today=today)
        look_after(session, now().astimezone(settings.zone()), [PEOPLE[0][0], PEOPLE[1][0]])
        areas.keep(session, areas.look(session, settings, today), today)
    with open_session(engine, reading=True) as session:
        surveying.make(session, engine, settings)
    return True
