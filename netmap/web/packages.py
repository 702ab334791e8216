"""Pages: the packages, their versions, and the form that makes a new version."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Conflict, Invalid
from netmap.i18n import language
from netmap.matching.times import week_in_words
from netmap.packages import service
from netmap.packages.difference import difference, doubts, line_name, weight_name
from netmap.packages.document import WEIGHTS, Document, text
from netmap.packages.hours import windows
from netmap.packages.lines import DURATIONS
from netmap.vocabulary.terms import LANGUAGES, vocabulary
from netmap.web import packages_choices as choices
from netmap.web import packages_draft as drafts
from netmap.web.conflicts import SETTLE, SETTLE_AND_EDIT
from netmap.web.door import blueprint, db, permit
from netmap.web.packages_conflict import meet
from netmap.web.packages_form import document_of
from netmap.web.readiness import badges

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
        words=_in_language,
        readiness=badges(),
        defining=lambda document: [code for code, weight in document.profile.items() if weight == WEIGHTS[0]],
    )


@packages.get("/packages/<code>")
@permit("read packages")
def show(code: str) -> str:
    """Show the version of a package that is in use."""
    return _page(service.get(db(), code))


@packages.get("/packages/<code>/versions/<int:number>")
@permit("read packages")
def version(code: str, number: int) -> str:
    """Show any version of a package."""
    return _page(service.get(db(), code, number))


@packages.get("/packages/new")
@permit("edit packages")
def new() -> str:
    """Show an empty form."""
    return _form(drafts.change(drafts.Draft(), "add"), None)


@packages.post("/packages/new")
@permit("edit packages")
def add() -> Any:
    """Make a package, or do what a button of the form asks."""
    draft = replace(drafts.from_form(request.form), expected=0)
    return _answer(draft, None)


@packages.get("/packages/<code>/edit")
@permit("edit packages")
def edit(code: str) -> str:
    """Show the form with the version in use."""
    found = service.get(db(), code)
    return _form(drafts.from_document(found.document, found.number), code)


@packages.post("/packages/<code>/edit")
@permit("edit packages")
def save(code: str) -> Any:
    """Save a new version, or do what a button of the form asks."""
    service.get(db(), code)
    draft = drafts.from_form(request.form)
    # A form that does not say where it started from must meet a conflict, never overwrite.
    return _answer(replace(draft, code=code, expected=draft.expected or -1), code)


def _answer(draft: drafts.Draft, code: str | None) -> Any:
    """Return the changed form, the form with errors, or the way to the new version."""
    action = request.form.get("do", "")
    if action not in ("save", SETTLE, SETTLE_AND_EDIT):
        return _form(drafts.change(draft, action), code, unsaved=True)
    try:
        document = document_of(draft)
        number = _save(draft, document)
    except Invalid as error:
        return _form(draft, code, errors=error.fields), 422
    except Conflict as error:
        if code is None:
            return _form(draft, code, errors={"code": error.message}), 409
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
        return _form(merged, newer.code, unsaved=True)
    try:
        number = _save(merged, document_of(merged))
    except Invalid as error:  # each of the two was right, but they do not go together
        return _form(merged, newer.code, errors=error.fields), 422
    return redirect(url_for("packages.show", code=newer.code, saved=number, beside=newer.number), 303)


def _save(draft: drafts.Draft, document: Document) -> int:
    return service.save_version(
        db(), document.code, document, by=current_user.email, note=draft.note, expected=draft.expected
    )


def _page(found: service.Version) -> str:
    document = found.document
    before = service.get(db(), found.code, found.number - 1).document if found.number > 1 else None
    names = [(weight_name(weight), _with_weight(document, weight)) for weight in WEIGHTS]
    return render_template(
        "packages/show.html",
        version=found,
        document=document,
        words=_in_language,
        weights=[(name, codes) for name, codes in names if codes],
        waits_for={line.key: _waits_for(line.after, document) for line in document.lines},
        duration_name=choices.duration_name,
        readiness=badges().get(found.code, "") if found.number == found.current else "",
        doubts=doubts(document) if found.number == found.current else [],
        changes=difference(before, document) if before else [],
        history=service.history(db(), found.code),
        hours=_in_words(document.hours),
        saved=request.args.get("saved", "") == str(found.number) == str(found.current),
        beside=request.args.get("beside", "") == str(found.number - 1),
    )


def _form(draft: drafts.Draft, code: str | None, **notices: Any) -> str:
    """Return the page of the form."""
    errors = notices.pop("errors", {})
    roles = dict(draft.circumstances)
    facts = [(fact, roles.get(fact, ""), choices.role_choices(fact)) for fact in vocabulary().circumstances]
    also = [row for row in draft.circumstances if row[0] not in vocabulary().circumstances]
    return render_template(
        "packages/edit.html",
        draft=draft,
        code=code,
        errors=errors,
        facts=facts,
        also=[*also, ("", "")],
        blank_rows=(("", "0.5"),) * drafts.EMPTY_NEEDS,
        groups=choices.text_groups(),
        languages=sorted(LANGUAGES, key=lambda one: one != language()),
        needs=choices.need_choices(),
        types=choices.type_choices(),
        weights=[(f"{weight:g}", weight_name(weight)) for weight in WEIGHTS],
        roles=choices.role_choices(""),
        durations=[(duration, choices.duration_name(duration)) for duration in DURATIONS],
        shares=choices.share_choices(),
        line_weights=choices.line_weight_choices(),
        with_chosen=choices.with_chosen,
        **notices,
    )


def _needs(document: Document) -> set[str]:
    """Return every need that a package is for or deals with."""
    return set(document.profile).union(*(line.addresses for line in document.lines))


def _in_language(texts: dict[str, str]) -> str:
    return text(texts, language())


def _in_words(hours: tuple[str, ...]) -> str:
    """Return when the people of a package can come, "" for any time."""
    free = windows(hours)
    return week_in_words([[(first, last) for day, first, last in free if day == one] for one in range(7)])


def _with_weight(document: Document, weight: float) -> list[str]:
    return [code for code, found in document.profile.items() if found == weight]


def _waits_for(keys: tuple[str, ...], document: Document) -> list[tuple[int, str]]:
    """Return the number and the name of each line that comes first."""
    return [
        (number, line_name(line, document))
        for number, line in enumerate(document.lines, start=1)
        if line.key in keys
    ]
