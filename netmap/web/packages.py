"""Pages: the packages, their versions, and the form that makes a new version."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.packages import service
from netmap.packages.difference import difference, doubts, line_name, weight_name
from netmap.packages.document import NEVER_TYPICAL, WEIGHTS, Document, text
from netmap.packages.lines import DURATIONS
from netmap.vocabulary.terms import LANGUAGES, label, vocabulary
from netmap.web import packages_form as forms
from netmap.web.door import blueprint, db, permit

packages = blueprint("packages")

Choices = list[tuple[str, str]]


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
        needs=_need_choices(),
        words=_in_language,
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
    return _form(forms.change(forms.Draft(), "add"), None)


@packages.post("/packages/new")
@permit("edit packages")
def add() -> Any:
    """Make a package, or do what a button of the form asks."""
    draft = replace(forms.from_form(request.form), expected=0)
    return _answer(draft, None)


@packages.get("/packages/<code>/edit")
@permit("edit packages")
def edit(code: str) -> str:
    """Show the form with the version in use."""
    found = service.get(db(), code)
    return _form(forms.from_document(found.document, found.number), code)


@packages.post("/packages/<code>/edit")
@permit("edit packages")
def save(code: str) -> Any:
    """Save a new version, or do what a button of the form asks."""
    service.get(db(), code)
    draft = forms.from_form(request.form)
    # A form that does not say where it started from must meet a conflict, never overwrite.
    return _answer(replace(draft, code=code, expected=draft.expected or -1), code)


def _answer(draft: forms.Draft, code: str | None) -> Any:
    """Return the changed form, the form with errors, or the way to the new version."""
    action = request.form.get("do", "")
    if action != "save":
        return _form(forms.change(draft, action), code, unsaved=True)
    try:
        document = forms.document_of(draft)
        number = service.save_version(
            db(), document.code, document, by=current_user.email, note=draft.note, expected=draft.expected
        )
    except Invalid as error:
        return _form(draft, code, errors=error.fields), 422
    except Conflict as error:
        if code is None:
            return _form(draft, code, errors={"code": error.message}), 409
        newer = service.get(db(), code)
        changes = _changes_since(code, draft.expected, newer.document)
        moved_on = replace(draft, expected=newer.number)
        return _form(moved_on, code, conflict=error.message, changes=changes), 409
    return redirect(url_for("packages.show", code=document.code, saved=number), 303)


def _changes_since(code: str, number: int, document: Document) -> list[str]:
    """Return what others changed since the version that the person started from."""
    try:
        return difference(service.get(db(), code, number).document, document)
    except NotFound:
        return []


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
        duration_name=duration_name,
        doubts=doubts(document) if found.number == found.current else [],
        changes=difference(before, document) if before else [],
        history=service.history(db(), found.code),
        saved=request.args.get("saved", "") == str(found.number) == str(found.current),
    )


def _form(draft: forms.Draft, code: str | None, **notices: Any) -> str:
    """Return the page of the form."""
    errors = notices.pop("errors", {})
    roles = dict(draft.circumstances)
    facts = [(fact, roles.get(fact, ""), role_choices(fact)) for fact in vocabulary().circumstances]
    also = [row for row in draft.circumstances if row[0] not in vocabulary().circumstances]
    return render_template(
        "packages/edit.html",
        draft=draft,
        code=code,
        errors=errors,
        facts=facts,
        also=[*also, ("", "")],
        blank_rows=(("", "0.5"),) * forms.EMPTY_NEEDS,
        groups=_text_groups(),
        languages=sorted(LANGUAGES, key=lambda one: one != language()),
        needs=_need_choices(),
        types=_type_choices(),
        weights=[(f"{weight:g}", weight_name(weight)) for weight in WEIGHTS],
        roles=role_choices(""),
        durations=[(duration, duration_name(duration)) for duration in DURATIONS],
        shares=share_choices(),
        line_weights=line_weight_choices(),
        with_chosen=_with_chosen,
        **notices,
    )


def _needs(document: Document) -> set[str]:
    """Return every need that a package is for or deals with."""
    return set(document.profile).union(*(line.addresses for line in document.lines))


def _in_language(texts: dict[str, str]) -> str:
    return text(texts, language())


def _with_weight(document: Document, weight: float) -> list[str]:
    return [code for code, found in document.profile.items() if found == weight]


def _waits_for(keys: tuple[str, ...], document: Document) -> list[tuple[int, str]]:
    """Return the number and the name of each line that comes first."""
    return [
        (number, line_name(line, document))
        for number, line in enumerate(document.lines, start=1)
        if line.key in keys
    ]


def _need_choices() -> list[tuple[str, Choices]]:
    """Return the needs by part of life."""
    words = vocabulary()
    return [
        (label(domain), [(code, label(code)) for code, need in words.needs.items() if need.domain == domain])
        for domain in words.domains
    ]


def _type_choices() -> Choices:
    choices = [(code, label(code)) for code in vocabulary().service_types]
    return sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0]))


def _text_groups() -> list[tuple[str, str, str]]:
    """Return name, label and hint of the texts of a package."""
    return [
        ("name", _("Name for staff"), _("Internal; clients never see it.")),
        (
            "paper_name",
            _("Name on papers"),
            _("A client, or somebody at home, may read it: name no problem."),
        ),
        ("description", _("Description"), _("One or two sentences for staff: whom it suits, what to mind.")),
    ]


def _with_chosen(choices: Choices, chosen: str) -> Choices:
    """Return the choices with the chosen one among them, whatever was typed or stored."""
    return choices if chosen in dict(choices) else [*choices, (chosen, chosen)]


def role_choices(fact: str) -> Choices:
    """Return what a circumstance may do in a package; some facts may never count as typical."""
    choices = [
        ("", _("does not matter")),
        ("optional", _("typical")),
        ("required", _("must hold")),
        ("excluded", _("must not hold")),
    ]
    return [choice for choice in choices if not (choice[0] == "optional" and fact in NEVER_TYPICAL)]


def duration_name(duration: str) -> str:
    """Return the words for how long a service is wished."""
    names = {"": _("no wish"), "once": _("once"), "long": _("over a longer time")}
    return names.get(duration, duration)


def share_choices() -> Choices:
    """Return how far a line can deal with a problem."""
    return [
        ("1", _("resolves it")),
        ("0.75", _("resolves most of it")),
        ("0.5", _("contributes")),
        ("0.25", _("contributes a little")),
    ]


def line_weight_choices() -> Choices:
    """Return how much a line matters inside a package."""
    return [("1", _("fully")), ("0.75", _("much")), ("0.5", _("half")), ("0.25", _("a little"))]
