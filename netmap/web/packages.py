"""Pages: the packages, and the form that makes a new version."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Conflict, Invalid
from netmap.i18n import language
from netmap.packages import queries, service
from netmap.packages.document import WEIGHTS, Document, text
from netmap.vocabulary.terms import vocabulary
from netmap.web import packages_choices as choices
from netmap.web import packages_draft as drafts
from netmap.web.conflicts import SETTLE, SETTLE_AND_EDIT
from netmap.web.door import blueprint, db, permit
from netmap.web.packages_conflict import meet
from netmap.web.packages_editor import editor
from netmap.web.packages_form import document_of
from netmap.web.packages_sent import from_form
from netmap.web.readiness import badges

AS_VERSION = "as-version"
packages = blueprint("packages")


@packages.get("/packages")
@permit("read packages")
def listing() -> str:
    """Show all packages in use, or those that deal with one problem."""
    need = request.args.get("need", "")
    if need not in vocabulary().needs:
        need = ""
    documents = [document for _code, _number, document in service.published(db())]
    found = [document for document in documents if not need or need in _needs(document)]
    found.sort(key=lambda document: (text(document.name, language()).casefold(), document.code))
    return render_template(
        "packages/listing.html",
        documents=found,
        all=len(documents),
        need=need,
        needs=choices.need_choices(),
        words=lambda texts: text(texts, language()),
        readiness=badges(),
        defining=lambda document: [code for code, weight in document.profile.items() if weight == WEIGHTS[0]],
    )


@packages.get("/packages/new")
@permit("edit packages")
def new() -> str:
    """Show an empty form."""
    return editor(drafts.change(drafts.Draft(), "add"), None)


@packages.post("/packages/new")
@permit("edit packages")
def add() -> Any:
    """Make a package, or do what a button of the form asks."""
    draft = replace(from_form(request.form), expected=0)
    if request.form.get("do", "") == AS_VERSION and draft.code in queries.codes(db()):
        found = service.get(db(), draft.code)
        return editor(replace(draft, expected=found.number), draft.code, unsaved=True)
    return _answer(draft, None)


@packages.get("/packages/<code>/edit")
@permit("edit packages")
def edit(code: str) -> str:
    """Show the form with the version in use."""
    found = service.get(db(), code)
    return editor(drafts.from_document(found.document, found.number), code)


@packages.post("/packages/<code>/edit")
@permit("edit packages")
def save(code: str) -> Any:
    """Save a new version, or do what a button of the form asks."""
    service.get(db(), code)
    draft = from_form(request.form)
    # A form that does not say where it started from must meet a conflict, never overwrite.
    return _answer(replace(draft, code=code, expected=draft.expected or -1), code)


def _answer(draft: drafts.Draft, code: str | None) -> Any:
    """Return the changed form, the form with errors, or the way to the new version."""
    action = request.form.get("do", "")
    if action not in ("save", SETTLE, SETTLE_AND_EDIT):
        return editor(drafts.change(draft, action), code, unsaved=True)
    try:
        document = document_of(draft)
        number = _save(draft, document)
    except Invalid as error:
        return editor(draft, code, errors=error.fields), 422
    except Conflict as error:
        if code is None:
            return editor(draft, code, errors={"code": error.message}), 409
        return _answer_conflict(draft, document, service.get(db(), code))
    return redirect(url_for("packages.show", code=document.code, saved=number), 303)


def _answer_conflict(draft: drafts.Draft, document: Document, newer: service.Version) -> Any:
    """Put both changes together and save them, or ask about the fields in which they disagree."""
    merged, question = meet(
        draft, replace(drafts.from_document(document, draft.expected), note=draft.note), newer
    )
    if merged is None:
        return question, 409
    if request.form.get("do", "") == SETTLE_AND_EDIT:
        return editor(merged, newer.code, unsaved=True)
    try:
        number = _save(merged, document_of(merged))
    except Invalid as error:  # each of the two was right, but they do not go together
        return editor(merged, newer.code, errors=error.fields), 422
    return redirect(url_for("packages.show", code=newer.code, saved=number, beside=newer.number), 303)


def _save(draft: drafts.Draft, document: Document) -> int:
    return service.save_version(
        db(), document.code, document, by=current_user.email, note=draft.note, expected=draft.expected
    )


def _needs(document: Document) -> set[str]:
    """Return every need that a package is for or deals with."""
    return set(document.profile).union(*(line.addresses for line in document.lines))
