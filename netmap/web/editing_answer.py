"""What every editor of a record does with a form that comes back: save it, ask, add a row, put it aside."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.editing import drafts, record
from netmap.editing.models import Edit
from netmap.editing.saving import Form, Met, save, settled
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.web import conflicts
from netmap.web.door import db, may
from netmap.web.editing_form import Sheet, changed, sheet_of

SAVE, DRAFT = "save", "draft"
Page = Callable[..., str]
"""Takes a `Sheet` and notices (``unsaved``, ``moved_on``) and gives the page of the form."""


@dataclass(frozen=True)
class Editor:
    """How one kind of record is edited.

    Parameters
    ----------
    kind : str
    record_id : str
    page : callable
        Gives the page with the form.
    href : str
        Address of the form.
    record_href : str
        Address of the record's page, where one comes after saving.
    """

    kind: str
    record_id: str
    page: Page
    href: str
    record_href: str


def opened(kind: str, record_id: str) -> Sheet:
    """Return the form of a record as it is kept now, or of the draft that the address names."""
    if draft_id := request.args.get("draft", ""):
        draft = drafts.get(db(), current_user.user_id, draft_id)
        if (draft.about_table, draft.about_id) == (kind, record_id):
            return Sheet(kind, drafts.form_of(draft), draft=draft.id)
    row = record.require(db(), kind, record_id)
    fields = record.read(db(), kind, record_id)
    return Sheet(kind, Form(fields, row.version, fields))


def answer(editor: Editor) -> Any:
    """Return what comes after a form was sent: the record, the form again, or the question of a conflict."""
    sheet, action = sheet_of(editor.kind, request.form), request.form.get("do", SAVE)
    if request.form.get("whole") != "yes":
        sentence = _("The form did not arrive whole, so nothing was saved. Open it anew and try again.")
        return editor.page(replace(sheet, errors={"whole": sentence})), 422
    if action == DRAFT:
        return put_aside(sheet, drafts.About(editor.kind, editor.record_id))
    if action not in (SAVE, conflicts.SETTLE, conflicts.SETTLE_AND_EDIT):
        return editor.page(changed(sheet, action), unsaved=True)
    try:
        if action == conflicts.SETTLE_AND_EDIT:
            return editor.page(_together(editor, sheet), unsaved=True)
        entry = save(db(), editor.kind, editor.record_id, sheet.form, by=current_user.email)
    except Met as met:
        return conflict(editor, sheet, met, settling=action != SAVE), 409
    except Invalid as error:
        return _refused(editor, sheet, error)
    drafts.forget(db(), current_user.user_id, sheet.draft)
    return redirect(editor.record_href if entry.nothing else f"{editor.record_href}?saved={entry.id}", 303)


def _together(editor: Editor, sheet: Sheet) -> Sheet:
    fields, version = settled(db(), editor.kind, editor.record_id, sheet.form)
    theirs = record.read(db(), editor.kind, editor.record_id)
    return replace(sheet, form=Form(fields, version, theirs))


def _refused(editor: Editor, sheet: Sheet, error: Invalid) -> tuple[str, int]:
    """Return the form with sentences; what was put together with the changes of others stays so."""
    db().rollback()
    mended = sheet if sheet.form.seen < 0 else _together(editor, sheet)
    return editor.page(replace(mended, errors=error.fields)), 422


def conflict(editor: Editor, sheet: Sheet, met: Met, *, settling: bool) -> str:
    """Return the page that asks about the fields that two people have changed differently."""
    names = _Names(editor.kind)
    current = sheet.form.seen == met.version
    chosen = sheet.form.choices if settling and current else {}
    missing = met.merge.open(chosen) if settling and current else ()
    taken = [(names.label(one), names.words(one, met.merge.agreed.get(one))) for one in met.merge.from_theirs]
    return render_template(
        "editing/conflict.html",
        editor=editor,
        seen=met.version,
        asked=conflicts.asked_of(met.merge, names.label, names.words, chosen),
        known=sheet.form.base is not None,
        taken=taken,
        hidden=sheet.hidden(),
        errors={conflicts.PREFIX + one: _("Choose for: %(what)s", what=names.label(one)) for one in missing},
        moved_on=settling and not current,
    )


@dataclass(frozen=True)
class _Names:
    """Fields and values of a record in the reader's words; a whole row is one field."""

    kind: str

    def label(self, name: str) -> str:
        """Return what a field or a row is called."""
        found = record.field_of(self.kind, name)
        return found.label() if found else record.row_label(self.kind, name)

    def words(self, name: str, value: Any) -> tuple[str, ...]:
        """Return a value as lines; of a whole row one line for each field."""
        if not isinstance(value, tuple):
            return record.words(db(), self.kind, name, value)
        lines = []
        for rest, text in value:
            field = record.field_of(self.kind, f"{name}.{rest}")
            said = ", ".join(record.words(db(), self.kind, f"{name}.{rest}", text))
            lines.append(f"{(field.short or field.label)()}: {said}" if field else said)
        return tuple(lines)


def put_aside(sheet: Sheet, about: drafts.About) -> Any:
    """Keep a form as a draft of the person, and show the list of drafts."""
    try:
        drafts.keep(db(), current_user.user_id, about, sheet.form, sheet.draft or None)
    except Invalid as error:
        return render_template("editing/too_many.html", sentence=error.message), 422
    return redirect(url_for("drafts.listing"), 303)


def saved_edit(kind: str, record_id: str) -> Edit | None:
    """Return the edit that was saved on the page before, as the address says, where it can be taken back."""
    number = request.args.get("saved", "")
    if not re.fullmatch(r"\d{1,9}", number) or not may("edit directory"):
        return None
    found = db().get(Edit, int(number))
    if found is None or (found.about_table, found.about_id) != (kind, record_id):
        return None
    return None if found.undone_by_id else found
