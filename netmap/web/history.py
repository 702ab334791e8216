"""Pages: what people changed in a record, field by field, and what one person changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from netmap.editing import history as rows
from netmap.editing import told
from netmap.editing.history import Entry
from netmap.editing.rows import noted_by_hand
from netmap.editing.told import Line
from netmap.errors import NotFound
from netmap.freshness.checks import way_name
from netmap.i18n import gettext as _
from netmap.web.door import blueprint, db, may, permit

history = blueprint("history")

PAGE = 20
PAGES: Mapping[str, tuple[str, str]] = {
    "vacancy": ("vacancies.form", "vacancy_id"),
    "service": ("directory.service", "service_id"),
    "organization": ("directory.organization", "organization_id"),
    "location": ("locations.show", "location_id"),
    "agreement": ("partners.agreement", "agreement_id"),
    "coordinating_body": ("partners.body", "body_id"),
}  # table -> endpoint of its page, and what that calls the id
MATRIX = ("partner_service", "")  # what an edit of the whole table of partners and services is about


@dataclass(frozen=True)
class Told:
    """One entry as the page shows it; ``title`` and ``href`` of the record where several are listed."""

    entry: Entry
    kind: str
    note: str
    lines: Sequence[Line]
    title: str = ""
    href: str = ""


@history.get("/history/<table>/<record_id>")
@permit("read history")
def show(table: str, record_id: str) -> str:
    """Show what people changed in a record and its parts, the newest first."""
    if table not in noted_by_hand():
        raise NotFound(_("There is no history of this kind of record."))
    entries = rows.of_record(db(), table, record_id, limit=PAGE + 1, before=_before())
    title = told.title_of(db(), table, record_id)
    if title is None and not entries:
        raise NotFound(_("There is no such record, and nothing was ever written about it."))
    return render_template(
        "history/show.html",
        title=title or _("a record that is gone"),
        href=_href(table, record_id) if title is not None else "",
        entries=_told(entries[:PAGE]),
        older=_older(entries, table=table, record_id=record_id),
        first=_before() is None,
    )


@history.get("/history/mine")
@permit("read history")
def mine() -> str:
    """Show what the person who is signed in changed, the newest first."""
    entries = rows.by_person(db(), current_user.email, limit=PAGE + 1, before=_before())
    return render_template(
        "history/mine.html",
        entries=_told(entries[:PAGE], named=True),
        older=_older(entries),
        first=_before() is None,
    )


def _before() -> int | None:
    """Return the number below which the page begins, as the address says."""
    wish = request.args.get("before", "")
    return int(wish) if wish.isdecimal() and len(wish) < 10 else None


def _older(entries: Sequence[Entry], **values: Any) -> str:
    """Return the address of the page with older entries, empty where there are none."""
    if len(entries) <= PAGE:
        return ""
    return url_for(str(request.endpoint), before=entries[PAGE - 1].edit.id, **values)


def _told(entries: Sequence[Entry], *, named: bool = False) -> list[Told]:
    changes = [one for entry in entries for one in entry.edit.changes]
    lines = told.lines_of(db(), changes, with_secrets=may("edit directory"))
    titles = told.titles_of(db(), {entry.edit.about() for entry in entries}) if named else {}
    found = []
    for entry in entries:
        about = entry.edit.about()
        href = _href(*about) if about in titles or about == MATRIX else ""
        title = _title(about, titles) if named else ""
        found.append(
            Told(entry, kind_name(entry.edit.kind), _note(entry), lines.get(entry.edit.id, ()), title, href)
        )
    return found


def _title(about: tuple[str, str], titles: Mapping[tuple[str, str], str]) -> str:
    """Return what an edit was about, in words; what many partners answered is about no single record."""
    if about == MATRIX:
        return _("Who offers what")
    table, key = about
    return key if table == "user" else titles.get(about, _("a record that is gone"))


def _href(table: str, record_id: str) -> str:
    """Return the address of the page of a record, empty where it has none of its own."""
    if (table, record_id) == MATRIX:
        return url_for("partners.services")
    if table not in PAGES:
        return ""
    endpoint, name = PAGES[table]
    values: dict[str, Any] = {name: record_id}
    return url_for(endpoint, **values)


def _note(entry: Entry) -> str:
    """Return the note of an entry; codes in words: how it was confirmed, what became of a vacancy."""
    kind, note = entry.edit.kind, entry.edit.note
    if kind == "vacancy":
        return {"attested": _("confirmed"), "withdrawn": _("closed")}.get(note, note)
    return way_name(note) if kind in ("confirm", "close") else note


def kind_name(kind: str) -> str:
    """Return what was done, in words."""
    names = {
        "new": _("added"),
        "edit": _("changed"),
        "confirm": _("confirmed"),
        "close": _("closed"),
        "capacity": _("free places changed"),
        "provider": _("changed by the provider"),
        "correction": _("correction taken over"),
        "merge": _("merged"),
        "undo": _("taken back"),
        "vacancy": _("vacancy changed"),
        "partner": _("relation changed"),
        "handover": _("handed over"),
        "conflict": _("conflict decided"),
        "gap": _("decision about a gap"),
    }
    return names.get(kind, kind)
