"""What every page goes through: the permit, the session, the language, the commit and the headers."""

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from netmap.auth import service as auth
from netmap.auth.models import User
from netmap.auth.permits import allowed
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.freshness.uses import Uses, write
from netmap.i18n import gettext as _
from netmap.i18n import set_language
from netmap.network.counts import telling

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PAGE_LANGUAGES = {
    "en": "English",
    "ru": "Русский",
    "uk": "Українська",
    "lt": "Lietuvių",
}  # languages whose messages are complete
TOUCH_SECONDS = 60
_log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person who is signed in, as pages see them. Its id is the token of the session."""

    def __init__(self, token: str, user: User) -> None:
        self.id = token
        self.user_id = user.id
        self.email = user.email
        self.role = user.role
        self.language = user.language


def permit(name: str, *, reads: bool = False, uploads: bool = False) -> Callable[[View], View]:
    """State which permit a route needs; a route without one answers nobody.

    ``reads`` marks a POST that only reads: it holds no lock while it thinks, and nothing of it is committed.
    ``uploads`` lets a route take more than the longest form.
    """
    allowed(
        name, None
    )  # an unknown permit is found when the module is imported, not when the page is asked for

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            return view(*args, **values)

        guarded.netmap_permit = name  # type: ignore[attr-defined]
        guarded.netmap_reads = reads  # type: ignore[attr-defined]
        guarded.netmap_uploads = uploads  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def permit_of(app: Flask, endpoint: str) -> str | None:
    """Return the permit that an endpoint states, or None."""
    return getattr(app.view_functions.get(endpoint), "netmap_permit", None)


def settings() -> Settings:
    """Return the settings of the running application."""
    return current_app.extensions["netmap_settings"]  # type: ignore[no-any-return]


def engine() -> Engine:
    """Return the engine of the running application."""
    return current_app.extensions["netmap_engine"]  # type: ignore[no-any-return]


def db() -> Session:
    """Return the database session of this request: reading for what only reads, else writing."""
    if "db" not in g:
        g.db = open_session(engine(), reading=_only_reads())
    return g.db  # type: ignore[no-any-return]


def _only_reads() -> bool:
    return request.method in SAFE_METHODS or _marked("netmap_reads")


def _marked(mark: str) -> bool:
    """Return whether the view of this request carries a mark of `permit`."""
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), mark, False))


def count_use(kind: str, service_ids: Iterable[str]) -> None:
    """Count services that a person who is signed in was shown, opened or was offered.

    It stays in memory until somebody writes: `netmap.freshness.uses`.
    """
    if current_user.is_authenticated:
        _uses().note(kind, service_ids)


def _uses() -> Uses:
    return current_app.extensions["netmap_uses"]  # type: ignore[no-any-return]


def may(name: str) -> bool:
    """Return whether the person may do that; templates ask this before they show a link."""
    role = current_user.role if current_user.is_authenticated else None
    return allowed(name, role, public_directory=settings().public_directory)


def install(app: Flask) -> None:
    """Put the door into an application."""
    manager = LoginManager(app)
    manager.session_protection = None  # the session table decides; addresses of phones change all day
    manager.user_loader(_load_user)
    app.before_request(_guard_small_groups)
    app.before_request(_limit_length)
    app.before_request(_choose_language)
    app.before_request(_check_origin)
    app.before_request(_check_permit)
    app.before_request(_require_form)
    app.after_request(_commit)
    app.after_request(_headers)
    app.teardown_request(_close)
    app.teardown_request(_let_go)


def _guard_small_groups() -> None:
    """Let no page be made of exact numbers of very few people."""
    g.telling = telling()
    g.telling.__enter__()


def _let_go(_error: BaseException | None) -> None:
    if "telling" in g:
        g.pop("telling").__exit__(None, None, None)


def _load_user(token: str) -> SignedIn | None:
    found = auth.find_session(db(), token, settings())
    if found is None:
        return None
    web_session, user = found
    if not _only_reads():
        auth.touch_session(db(), token)
    elif (now() - web_session.seen_at).total_seconds() > TOUCH_SECONDS:
        try:
            with transaction(engine()) as writing:  # the one thing a GET writes: that the session is alive
                auth.touch_session(writing, token)
        except OperationalError:  # the disk is full, or locked for long: reading must go on
            _log.warning("it could not be noted that a session is alive")
    return SignedIn(token, user)


def _limit_length() -> None:
    g.request_id = secrets.token_hex(6)
    if not _marked("netmap_uploads"):  # MAX_FORM_MEMORY_SIZE alone does not count for plain forms and JSON
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _choose_language() -> None:
    chosen = session.get("language")
    if chosen not in PAGE_LANGUAGES and request.endpoint != "static" and current_user.is_authenticated:
        chosen = current_user.language
    if chosen not in PAGE_LANGUAGES:
        chosen = request.accept_languages.best_match(list(PAGE_LANGUAGES))
    if chosen not in PAGE_LANGUAGES:
        chosen = settings().language if settings().language in PAGE_LANGUAGES else "en"
    g.language = chosen
    set_language(chosen)


def _check_origin() -> None:
    """Refuse what a page of another site sends, whatever token it holds; old browsers do not say."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in SAFE_METHODS and site not in {"same-origin", "none"}:
        abort(403, _("This was sent from another site, so nothing was done. Send it from a page of netmap."))


def _require_form() -> None:
    """Refuse JSON where pages send forms: a form that asks for nothing but its token would act on it."""
    if request.method not in SAFE_METHODS and request.is_json and not request.path.startswith("/api/"):
        abort(415, _("This page takes forms only."))


def _check_permit() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the routing error answers
    if request.endpoint == "static":
        return None
    name = permit_of(current_app, request.endpoint)
    if name is not None and may(name):
        return None
    if name is not None and not current_user.is_authenticated:
        if request.path.startswith("/api/"):
            abort(401)
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined, no-any-return]
    abort(403)


def _commit(response: Response) -> Response:
    if "db" in g:
        if not _only_reads() and response.status_code < 400:
            _commit_with_uses()
        else:
            g.db.rollback()
    return response


def _commit_with_uses() -> None:
    """Commit, and with it the counts of use that wait in memory, where it is time for them."""
    counts = _uses().due()
    try:
        if counts:
            write(g.db, counts, now().astimezone(settings().zone()).date())
        g.db.commit()
    except Exception:
        _uses().back(counts)
        raise


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if settings().secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _close(error: BaseException | None) -> None:
    opened = g.pop("db", None)
    if opened is not None:
        opened.close()


def page_number(asked: Mapping[str, str]) -> int:
    """Return the page that the address asks for, 1 where it names none that can be."""
    wish = asked.get("page", "1")
    return max(1, int(wish)) if wish.isdecimal() and len(wish) < 7 else 1


def blueprint(name: str) -> Blueprint:
    """Return a blueprint; one place, so that all are made alike."""
    return Blueprint(name, f"netmap.web.{name}")
