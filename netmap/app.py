"""The only place where the parts are put together."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from netmap import logs
from netmap.config import Settings
from netmap.db import open_engine, open_session
from netmap.i18n import gettext, ngettext
from netmap.jobs import queue
from netmap.paths import shipped
from netmap.production import require_ready
from netmap.vocabulary import kept

if TYPE_CHECKING:
    from netmap.search.backend import SearchBackend

MAX_UPLOAD = 20 * 1024 * 1024
MAX_FORM = 2 * 1024 * 1024


class SmallNumber(IntegerConverter):
    """A number in an address; what no database could hold names nothing."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1, **options})


def import_all_models() -> None:
    """Make every table known to `netmap.db.Base.metadata`."""
    import netmap.auth.models
    import netmap.colleagues.models
    import netmap.directory.changes
    import netmap.directory.conflicting
    import netmap.directory.kept
    import netmap.directory.models
    import netmap.duplicates.models
    import netmap.editing.drafts
    import netmap.editing.models
    import netmap.feeds.models
    import netmap.freshness.models
    import netmap.freshness.reports
    import netmap.importing.models
    import netmap.jobs.models
    import netmap.judging.models
    import netmap.matching.entry_models
    import netmap.matching.kept
    import netmap.matching.models
    import netmap.matching.rules_models
    import netmap.network.gaps.survey_models
    import netmap.network.gaps.taking_models
    import netmap.network.models
    import netmap.network.whatif.scenario_models
    import netmap.packages.models
    import netmap.partners.models
    import netmap.selfservice.models  # noqa: F401


def handlers(engine: Engine, settings: Settings) -> Mapping[str, queue.Handler]:
    """Return what the worker does for each kind of job; imports write in transactions of their own."""
    from netmap.directory.indexing import KIND, index_services
    from netmap.duplicates import finding
    from netmap.feeds import running as feeds
    from netmap.freshness import daily
    from netmap.importing import work
    from netmap.network.areas import kept as areas
    from netmap.network.gaps import surveying
    from netmap.printing import kept as prints

    return {
        KIND: lambda session, payloads: index_services(session, settings, payloads),
        finding.KIND: lambda session, _payloads: finding.do(engine, session),
        work.KIND: lambda _session, payloads: work.do_all(engine, settings.data_dir, payloads),
        prints.KIND: lambda _session, payloads: prints.work(engine, settings, payloads),
        feeds.KIND: lambda _session, payloads: feeds.do_all(engine, settings, payloads),
        work.SWEEP: lambda _session, _payloads: work.sweep(settings.data_dir),
        surveying.KIND: lambda session, _payloads: surveying.look(session, engine, settings),
        daily.KIND: lambda session, payloads: daily.keep_today(session, engine, settings, payloads),
        areas.KIND: lambda session, payloads: areas.keep_today(session, engine, settings, payloads),
    }


def drain(engine: Engine, settings: Settings) -> int:
    """Do all work that is due now; commands that write call this before they return."""
    return queue.run_due(engine, handlers(engine, settings))


def open_backend(settings: Settings) -> "SearchBackend":
    """Return the search engine that the settings name."""
    from netmap.search.whoosh_backend import WhooshBackend

    return WhooshBackend(settings.index_dir())


def start_worker(engine: Engine, settings: Settings) -> threading.Event:
    """Run the worker in a thread of this process and return the event that stops it."""
    from netmap.freshness import daily
    from netmap.network.areas import kept as areas
    from netmap.network.gaps import surveying

    daily.begin(engine)
    surveying.begin(engine)
    areas.begin(engine)
    stop = threading.Event()
    work = threading.Thread(
        target=queue.work, args=(engine, handlers(engine, settings), stop), name="worker", daemon=True
    )
    work.start()
    return stop


def start_warm_up(app: Flask) -> threading.Thread:
    """Run `warm_up` in a thread of this process and return it."""
    warming = threading.Thread(target=warm_up, args=(app,), name="warm-up", daemon=True)
    warming.start()
    return warming


def warm_up(app: Flask) -> None:
    """Read what the first question and the first match would wait seconds for.

    These are the offers of the directory, which matching keeps in memory, and the dictionaries of both
    scripts. Where the database cannot be read yet, the first match says so, not this.
    """
    from netmap.matching.supply import supply_for
    from netmap.vocabulary.question import understand

    with suppress(SQLAlchemyError), open_session(app.extensions["netmap_engine"], reading=True) as session:
        supply_for(session, app.extensions["netmap_settings"])
    for question in ("debts", "долги", "debtz", "долгги"):  # mistyped ones too: they need the spellings
        understand(question)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the web application: pages and JSON over one database and one index."""
    from netmap.freshness.uses import Uses
    from netmap.web import door, errors

    settings = settings or Settings.from_environment()
    logs.install(settings.log_format)
    kept.keep_in(settings.data_dir / "words")
    import_all_models()
    app = Flask("netmap.web", template_folder=str(shipped("templates")), static_folder=str(_static()))
    require_ready(settings, debug=app.debug)
    app.config.update(
        SECRET_KEY=settings.key(),
        SECRET_KEY_FALLBACKS=settings.fallback_keys(),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="__Host-netmap" if settings.secure_cookies else "netmap",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=settings.hosts() or None,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.url_map.converters["int"] = SmallNumber
    app.extensions["netmap_settings"] = settings
    app.extensions["netmap_engine"] = open_engine(settings.database())
    app.extensions["netmap_backend"] = open_backend(settings)
    app.extensions["netmap_uses"] = Uses()
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    door.install(app)
    CSRFProtect(app)
    errors.install(app)
    _register(app)
    _prepare_templates(app)
    return app


def _static() -> Path:
    return Path(__file__).parent / "web" / "static"


def _register(app: Flask) -> None:
    from netmap.api.routes import api
    from netmap.web.pages import BLUEPRINTS
    from netmap.web.provider import provider

    for part in (*BLUEPRINTS, api):
        app.register_blueprint(part)
    app.extensions["csrf"].exempt(provider)  # it looks at the forms itself, see `netmap.web.provider_door`
    app.login_manager.login_view = "account.sign_in"  # type: ignore[attr-defined]
    app.login_manager.login_message = None  # type: ignore[attr-defined]


def _prepare_templates(app: Flask) -> None:
    from netmap.web import show
    from netmap.web.door import PAGE_LANGUAGES, may

    settings: Settings = app.extensions["netmap_settings"]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext, may=may, page_languages=PAGE_LANGUAGES)
    show.install(app)

    @app.context_processor
    def about_request() -> dict[str, Any]:
        from netmap.demo import PASSWORD, PEOPLE
        from netmap.web.account import local

        asked = request.full_path.rstrip("?") if request.method == "GET" else ""
        return {
            "language": g.get("language", settings.language),
            "request_id": g.get("request_id"),
            "here": local(asked) or url_for("home.show"),
            "demo": settings.demo,
            "demo_people": PEOPLE if settings.demo else (),
            "demo_password": PASSWORD if settings.demo else "",
            "navigation": _navigation,
        }


def _navigation() -> list[dict[str, Any]]:
    """Return the items of the main menu that this person may use."""
    from netmap.web.door import may

    items = [
        ("read directory", "search", "search.show", gettext("Search")),
        ("match", "matching", "matching.form", gettext("Needs")),
        ("read packages", "packages", "packages.listing", gettext("Packages")),
        ("train", "exercises", "exercises.listing", gettext("Exercises")),
        ("read gaps", "network", "network.gaps", gettext("Gaps")),
        ("read gaps", "picture", "network.picture", gettext("Network")),
        ("read partners", "partners", "partners.listing", gettext("Partners")),
        ("upkeep", "upkeep", "upkeep.overview", gettext("Upkeep")),
        ("decide types", "typing", "typing.listing", gettext("Types")),
        ("import", "importing", "importing.form", gettext("Import")),
        ("manage people", "people", "people.listing", gettext("People")),
    ]
    endpoint = request.endpoint or ""
    return [
        {"href": url_for(target), "text": text, "here": _is_here(endpoint, room)}
        for permit, room, target, text in items
        if (current_user.is_authenticated or permit == "read directory") and may(permit)
    ]


def _is_here(endpoint: str, room: str) -> bool:
    here = "picture" if endpoint == "network.picture" else endpoint.split(".")[0]
    return _BELONGS_TO.get(here, here) == room


# Pages that have no item of their own in the menu, and under which item they stand.
_BELONGS_TO = {
    "dossier": "search", "leaflets": "search", "prints": "search",
    "matching_choice": "matching", "matching_sheet": "matching", "entry": "matching", "criteria": "matching",
    "readiness": "packages", "package_curation": "packages", "rules": "packages",
    "unfit": "packages", "auditing": "packages", "ringing": "upkeep", "source_conflicts": "importing",
    "feeds": "importing",
    "demand": "network", "unmet": "network",
    "network_map": "picture", "network_matrix": "picture", "reaching": "picture", "areas": "picture",
    "lands": "picture", "ties": "picture", "walking": "picture", "what_if": "picture",
    "new_sites": "picture", "workload": "picture",
}  # fmt: skip
