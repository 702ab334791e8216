"""Pages: one package as it is read, the difference between two versions, and what partners say about it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.queries import area_choices
from netmap.errors import Conflict, Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching.times import week_in_words
from netmap.packages import approvals, service
from netmap.packages.care_models import care_models, model_name
from netmap.packages.difference import difference, line_name, weight_name
from netmap.packages.document import WEIGHTS, Document, text
from netmap.packages.dose import dose_in_words
from netmap.packages.doubts import doubts
from netmap.packages.hours import windows
from netmap.packages.lines import Line
from netmap.packages.standard import SLOTS, slot_name, track_name
from netmap.packages.substitutes import occasion_name
from netmap.web import packages_choices as choices
from netmap.web import packages_draft as drafts
from netmap.web.door import db, permit
from netmap.web.package_curation import in_force
from netmap.web.packages import packages
from netmap.web.packages_editor import editor
from netmap.web.readiness import badges


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


@packages.get("/packages/<code>/difference")
@permit("read packages")
def compare(code: str) -> str:
    """Show what differs between any two versions."""
    history = service.history(db(), code)
    known = {one.number for one in history}
    newest = history[0].number
    first = request.args.get("from", type=int)
    second = request.args.get("to", type=int)
    first = first if first in known else max(1, newest - 1)
    second = second if second in known else newest
    old, new = (service.get(db(), code, number) for number in (first, second))
    return render_template(
        "packages/difference.html",
        code=code,
        name=text(new.document.name, language()),
        old=old,
        new=new,
        between=[one for one in history if first < one.number <= second],
        sentences=difference(old.document, new.document),
        numbers=[(str(one.number), _("Version %(number)s", number=one.number)) for one in history],
    )


@packages.post("/packages/<code>/versions/<int:number>/restore")
@permit("edit packages")
def restore(code: str, number: int) -> Any:
    """Make an old version the one in use again, or open it in the form where it cannot be used as it is."""
    expected = request.form.get("expected", type=int) or -1
    try:
        saved = service.restore(db(), code, number, by=current_user.email, expected=expected)
    except Invalid as error:
        old = service.get(db(), code, number)
        return editor(drafts.from_document(old.document, old.current), code, errors=error.fields), 422
    except Conflict as error:
        return _page(service.get(db(), code, number), errors={"restore": error.message}), 409
    return redirect(url_for("packages.show", code=code, saved=saved), 303)


@packages.post("/packages/<code>/opinions")
@permit("edit packages")
def say(code: str) -> Any:
    """Write down what a partner says about a version."""
    number = request.form.get("number", type=int) or 0
    typed = {name: request.form.get(name, "") for name in ("partner", "person", "state", "note")}
    found = service.get(db(), code, number)
    try:
        approvals.record_opinion(db(), code, number, by=current_user.email, **typed)
    except Invalid as error:
        return _page(found, errors=error.fields, opinion=typed), 422
    return redirect(url_for("packages.show", code=code, _anchor="opinions"), 303)


def _page(found: service.Version, errors: dict[str, str] | None = None, **typed: Any) -> str:
    document = found.document
    before = service.get(db(), found.code, found.number - 1).document if found.number > 1 else None
    names = [(weight_name(weight), _with_weight(document, weight)) for weight in WEIGHTS]
    return render_template(
        "packages/show.html",
        version=found,
        document=document,
        words=lambda texts: text(texts, language()),
        weights=[(name, codes) for name, codes in names if codes],
        lines=[_line(line, document) for line in document.lines if not _main(line, document)],
        model=care_models().get(document.model),
        model_name=model_name(document.model),
        track=track_name(document.track),
        slots=[(slot_name(slot), document.standard.get(slot, {})) for slot in SLOTS],
        readiness=badges().get(found.code, "") if found.number == found.current else "",
        decisions=in_force(found.code),
        areas=dict(area_choices(db(), language())),
        doubts=doubts(document) if found.number == found.current else [],
        changes=difference(before, document) if before else [],
        history=service.history(db(), found.code),
        opinions=approvals.opinions(db(), found.code),
        opinion=typed.get("opinion", {}),
        errors=errors or {},
        hours=_in_words(document.hours),
        saved=request.args.get("saved", "") == str(found.number) == str(found.current),
        beside=request.args.get("beside", "") == str(found.number - 1),
    )


def _line(line: Line, document: Document) -> dict[str, Any]:
    """Return a line with the words around it, and its add-ons."""
    return {
        "line": line,
        "number": document.lines.index(line) + 1,
        "waits_for": _waits_for(line.after, document),
        "duration": choices.duration_name(line.duration) if line.duration else "",
        "dose": dose_in_words(line.dose) if line.dose else "",
        "also": [code for code in line.addresses if code != line.need],
        "substitutes": [
            (one, dict(choices.stand_in_choices()).get(f"{one.share:g}", ""), occasion_name(one.when))
            for one in line.substitutes
        ],
        "addons": [_line(addon, document) for addon in document.beside(line.key)],
    }


def _main(line: Line, document: Document) -> Line | None:
    """Return the line that an add-on goes beside, None for any other line."""
    return document.line(line.beside) if line.beside else None


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
