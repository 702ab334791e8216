"""Pages: saved searches of the person who is signed in, with what is new or changed in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from netmap.directory import saved as rules
from netmap.directory.find import found_ids
from netmap.directory.kept import SavedSearch
from netmap.directory.models import Service
from netmap.directory.saved import KEPT, SHOWN, Found, News
from netmap.directory.saved_address import canonical
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.web.account import local
from netmap.web.door import blueprint, db, may, page_number, permit, settings
from netmap.web.search_address import typed_of
from netmap.web.search_question import question_of

saved = blueprint("saved")

PAGE = 10
NAMED = 5  # of the new and of the changed services are named
Named = tuple[str, str, str | None]
"""Id, name and language of a service."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search as pages show it; ``problem`` says why it cannot be answered any more."""

    search: SavedSearch
    news: News | None
    new: Sequence[Named] = ()
    changed: Sequence[Named] = ()
    problem: str = ""

    @property
    def href(self) -> str:
        """Return the address of the search."""
        return f"{url_for('search.show')}?{self.search.address}"


@dataclass(frozen=True, slots=True)
class Saving:
    """What the page of results says about saving it (templates/search/_save.html)."""

    address: str
    kept: Kept | None
    problem: str = ""


def saving(address: str) -> Saving | None:
    """Return whether the search with this address is saved or can be; None for who may not save.

    Parameters
    ----------
    address : str
        What follows the "?" in the address of the page.
    """
    if not (current_user.is_authenticated and may("save searches")):
        return None
    try:
        plain = canonical(address)
    except Invalid as error:
        return Saving("", None, error.message)
    found = rules.search_at(db(), current_user.user_id, plain)
    return Saving(plain, _kept(found) if found else None)


def kept_searches(limit: int | None = None, offset: int = 0) -> tuple[int, list[Kept]]:
    """Return how many searches the person has saved, and some of them with their news."""
    rows = rules.searches_of(db(), current_user.user_id)
    return len(rows), [_kept(row) for row in rows[offset : offset + limit if limit else None]]


def _kept(search: SavedSearch) -> Kept:
    try:
        news = rules.news(db(), search, _found(search.address, SHOWN))
    except Invalid as error:  # an area or a type that it asks for is gone
        return Kept(search, None, problem=error.message)
    return Kept(search, news, _named(news.new), _named(news.changed))


def _named(ids: Sequence[str]) -> list[Named]:
    """Return the first few services, in their order."""
    few = ids[:NAMED]
    query = select(Service.id, Service.name, Service.text_language).where(Service.id.in_(few))
    rows: Mapping[str, Named] = {row.id: (row.id, row.name, row.text_language) for row in db().execute(query)}
    return [rows[one] for one in few if one in rows]


def _found(address: str, limit: int) -> Found:
    """Return what a search finds now.

    Raises
    ------
    Invalid
        If it cannot be answered (any more).
    """
    question = replace(question_of(typed_of(MultiDict(parse_qsl(address)))), limit=limit, facets=False)
    return Found(*found_ids(db(), current_app.extensions["netmap_backend"], settings(), question))


@saved.get("/saved")
@permit("save searches")
def listing() -> str:
    """Show the saved searches of the person who is signed in."""
    page = page_number(request.args)
    total, rows = kept_searches(PAGE, (page - 1) * PAGE)
    return _listing(total, rows, page)


def _listing(total: int, rows: Sequence[Kept], page: int, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "saved/listing.html",
        total=total,
        rows=rows,
        page=page,
        pages=-(-total // PAGE),
        address=lambda page: url_for("saved.listing", page=page),
        done=request.args.get("done", ""),
        errors=errors or {},
        named=NAMED,
        looked=SHOWN,
    )


@saved.post("/saved")
@permit("save searches")
def add() -> Any:
    """Save a search under a name, as seen now, and go back to it."""
    name, address = request.form.get("name", ""), request.form.get("address", "")
    try:
        plain = canonical(address)
        rules.save(db(), current_user.user_id, name, plain, _found(plain, KEPT))
    except Invalid as error:
        db().rollback()
        sentence = error.fields.get("name", error.message)
        body = render_template(
            "saved/save.html", name=name[:200], address=address[:2000], errors={"name": sentence}
        )
        return body, 422
    return redirect(f"{url_for('search.show')}?{plain}", 303)


@saved.post("/saved/<search_id>")
@permit("save searches")
def change(search_id: str) -> Any:
    """Do one thing with a saved search: mark it as seen, rename it, delete it."""
    search = rules.search_of(db(), current_user.user_id, search_id)
    form = request.form
    done = form.get("do", "")
    try:
        if done == "seen":
            rules.look(db(), search, _found(search.address, KEPT))
        elif done == "rename":
            rules.rename(db(), search, form.get("name", ""))
        elif done == "delete":
            rules.delete(db(), search)
        else:
            raise Invalid(_("Choose what to do with this search."))
    except Invalid as error:
        db().rollback()
        known = [one.id for one in rules.searches_of(db(), current_user.user_id)]
        page = known.index(search_id) // PAGE + 1
        total, rows = kept_searches(PAGE, (page - 1) * PAGE)
        errors = {f"name-{search_id}": error.fields.get("name", error.message)}
        return _listing(total, rows, page, errors), 422
    return redirect(local(form.get("next", "")) or url_for("saved.listing", done=done), 303)
