"""Pages: directories that are fetched by themselves, how they stand, and adding, pausing and removing one."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.errors import Conflict, Invalid
from netmap.feeds import service
from netmap.feeds.allowed import allowed
from netmap.i18n import gettext as _
from netmap.importing import maps
from netmap.web.door import blueprint, db, permit, settings

feeds = blueprint("feeds")


@feeds.get("/feeds")
@permit("manage feeds")
def listing() -> str:
    """Show every feed with its last tries, and what may be added."""
    return _listing({}, {})


def _listing(errors: dict[str, str], typed: dict[str, str]) -> str:
    may = allowed(settings())
    return render_template(
        "feeds/listing.html",
        errors=errors,
        typed=typed,
        found=service.listing(db()),
        every=_intervals(),
        states=_states(),
        results=_results(),
        maps=maps.shipped_titles(),
        folders=may.folders,
        hosts=may.hosts,
    )


def _intervals() -> list[tuple[str, str]]:
    return [
        ("60", _("every hour")),
        ("360", _("every six hours")),
        ("1440", _("every day")),
        ("10080", _("every week")),
    ]


def _states() -> dict[str, str]:
    return {
        "new": _("not fetched yet"),
        "good": _("works"),
        "held": _("waits for you"),
        "failed": _("failed"),
        "paused": _("paused"),
    }


def _results() -> dict[str, str]:
    return {
        "applied": _("brought something new"),
        "same": _("nothing new"),
        "held": _("a person has to look at it"),
        "failed": _("failed"),
    }


@feeds.post("/feeds")
@permit("manage feeds")
def add() -> Any:
    """Add a feed; the worker fetches it at once."""
    typed = {name: request.form.get(name, "").strip() for name in ("source", "address", "every", "map")}
    try:
        chosen = maps.choose("directory", typed["map"], None, None)
        every = int(typed["every"]) if typed["every"].isdecimal() and len(typed["every"]) < 7 else 0
        service.add(
            db(),
            settings(),
            typed["source"],
            typed["address"],
            every_minutes=every,
            chosen=chosen,
            by=current_user.email,
        )
    except Invalid as error:
        db().rollback()
        return _listing(error.fields or {"address": error.message}, typed), 422
    except Conflict as error:
        db().rollback()
        return _listing({"source": error.message}, typed), 409
    return redirect(url_for("feeds.listing"), 303)


@feeds.post("/feeds/<int:feed_id>")
@permit("manage feeds")
def change(feed_id: int) -> Any:
    """Fetch a feed now, pause it, begin again, or remove it."""
    feed, wish = service.get(db(), feed_id), request.form.get("do", "")
    if wish == "run" and feed.active:
        service.due(db(), feed, now())
    elif wish in {"pause", "resume"}:
        service.pause(db(), feed, active=wish == "resume")
    elif wish == "remove":
        service.remove(db(), feed)
    return redirect(url_for("feeds.listing"), 303)
