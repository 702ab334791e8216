"""Pages: bring in a directory, or what is known of areas, step by step, see what it did, take it back."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from netmap.auth import service as auth
from netmap.db import now, transaction
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.importing import conflicts, mapping, maps, problems, queries, service, undo
from netmap.importing.models import RUNNING, ImportRun
from netmap.importing.uploads import HOURS_KEPT, Uploads
from netmap.web.door import blueprint, db, engine, may, page_number, permit, settings
from netmap.web.field_words import field_name
from netmap.web.importing_columns import groups
from netmap.web.record_words import table_name, value

importing = blueprint("importing")
REFRESH_SECONDS = 2
REFRESH_MINUTES = 15
PER_PAGE = 20
WIDE = 100  # columns
SHOWN = 200  # problem rows on the page; the file has all


def _uploads() -> Uploads:
    return Uploads(settings().data_dir)


@importing.get("/import")
@permit("import")
def form() -> str:
    """Show the upload form and the imports so far."""
    return _form({}, "directory", "", "")


def _form(errors: dict[str, str], kind: str, source: str, code: str) -> str:
    page = page_number(request.args)
    found = queries.runs(db(), limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    return render_template(
        "importing/form.html",
        errors=errors,
        kind=kind,
        source=source,
        map=code,
        maps=maps.shipped_titles(),
        runs=found[:PER_PAGE],
        page=page,
        more=len(found) > PER_PAGE,
        hours=HOURS_KEPT,
        state_of=_state,
    )


@importing.post("/import")
@permit("import", uploads=True, reads=True)
def upload() -> Any:
    """Keep a file and send the person to its page; the worker does the rest."""
    kind, sent = request.form.get("kind", "directory"), request.files.get("file")
    source, code = request.form.get("source", "").strip(), request.form.get("map", "")
    own = request.files.get("own_map")
    found = auth.find_session(db(), current_user.get_id(), settings())
    try:
        if sent is None or not sent.filename:
            raise Invalid(_("Choose a file first."))
        chosen = maps.choose(kind, code, own.stream if own else None, own.filename if own else None)
        with transaction(engine()) as writing:
            user = found[1].id if found else None
            run = service.start(writing, _uploads(), sent.stream, sent.filename, kind, source, user, chosen)
    except Invalid as error:
        of_map = {name: sentence for name, sentence in error.fields.items() if name in {"map", "own_map"}}
        errors = of_map or {"file": " ".join([error.message, *error.fields.values()])}
        return _form(errors, kind, source, code), 422
    finally:
        for file in (sent, own):
            if file is not None:
                file.close()
    return redirect(_address(run), 303)


def _address(run: ImportRun) -> str:
    endpoint = "importing.columns" if run.state == "mapping" else "importing.show"
    return url_for(endpoint, run_id=run.id)


@importing.get("/import/<int:run_id>")
@permit("import")
def show(run_id: int) -> Any:
    """Show how an import stands; while it is at work, the page comes again by itself."""
    return _show(queries.run(db(), run_id), {})


def _show(run: ImportRun, errors: dict[str, str], status: int = 200) -> Any:
    state, report = _state(run), run.report
    page = render_template(
        "importing/show.html",
        run=run,
        state=state,
        errors=errors,
        report=report,
        table_name=table_name,
        field_name=field_name,
        value=value,
        listed=_uploads().changes(run.folder) is not None,
        disputes=conflicts.count_open(db()) if may("edit directory") else 0,
        shown=SHOWN,
        mend=problems.mend,
        progress=_uploads().progress(run.folder) if state in RUNNING else None,
        kept=_uploads().find(run.folder) is not None,
        hours=HOURS_KEPT,
        undo_refusal=_refusal(run) if run.in_force else None,
    )
    response = Response(page, status)
    if state in RUNNING and not errors and _is_fresh(run):
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _is_fresh(run: ImportRun) -> bool:
    """Return whether the page shall come again by itself: not for ever, or nobody would be signed out."""
    began = max(moment for moment in (run.created_at, run.started_at, run.ended_at) if moment)
    return now() - began < timedelta(minutes=REFRESH_MINUTES)


def _state(run: ImportRun) -> str:
    """Return the state of a run, "interrupted" where nobody works on it any more."""
    if service.is_dead(run, _uploads()):  # or the worker has ended well since the run was read
        db().rollback()
        db().refresh(run)
    return "interrupted" if service.is_dead(run, _uploads()) else run.state


def _refusal(run: ImportRun) -> str | None:
    """Return why an import cannot be undone, or None."""
    try:
        queries.require_last(db(), run)
    except Conflict as error:
        return error.message
    return None


@importing.get("/import/<int:run_id>/columns")
@permit("import")
def columns(run_id: int) -> Any:
    """Show the columns of a plain CSV with sample rows, and what each is taken for."""
    run = queries.run(db(), run_id)
    return _columns(run, run.choices, {})


def _columns(
    run: ImportRun, choices: dict[str, str] | None, errors: dict[str, str], status: int = 200
) -> Any:
    path = _uploads().find(run.folder)
    if path is None:
        raise Conflict(_("The file is not kept any more. Upload it again."))
    try:
        found = mapping.columns(path)
    except Invalid as error:
        return _show(run, {"file": error.message}, 422)
    chosen = {one.name: (choices or {}).get(one.name, one.guess if choices is None else "") for one in found}
    places = {one.name: place for place, one in enumerate(found, start=1)}
    page = render_template(
        "importing/columns.html",
        run=run,
        columns=found,
        chosen=chosen,
        errors=errors,
        groups=groups(),
        places=places,
        others=_others(found, chosen, errors),
        summary={f"column-{places.get(name, 1)}": sentence for name, sentence in errors.items()},
    )
    return page, status


def _others(
    found: list[mapping.Column], chosen: dict[str, str], errors: dict[str, str]
) -> list[mapping.Column]:
    """Return, of very many columns, those that nothing is known of: lists for all would be heavy."""
    if len(found) <= WIDE:
        return []
    return [one for one in found if not chosen[one.name] and one.name not in errors]


@importing.post("/import/<int:run_id>/columns")
@permit("import", reads=True)
def choose_columns(run_id: int) -> Any:
    """Keep what the columns mean and check the file with it."""
    run = queries.run(db(), run_id)
    path = _uploads().find(run.folder)
    names = [one.name for one in mapping.columns(path)] if path else []
    typed = {name: request.form.get(f"column-{place}", "") for place, name in enumerate(names, start=1)}
    labels = {label: target for _heading, fields in groups() for target, label in fields}
    choices = {name: labels.get(value.strip(), value) for name, value in typed.items()}
    try:
        with transaction(engine()) as writing:  # only now: the file may have taken long to read
            service.choose_columns(writing, _uploads(), queries.run(writing, run_id), choices)
    except Invalid as error:
        return _columns(run, choices, error.fields, 422)
    return redirect(url_for("importing.show", run_id=run_id), 303)


@importing.get("/import/<int:run_id>/map.toml")
@permit("import")
def as_map(run_id: int) -> Any:
    """Give the map of an import: the one that was chosen for it, or what its columns mean."""
    found = maps.map_of(queries.run(db(), run_id))
    if found is None:
        raise NotFound(_("This import has no map."))
    text = BytesIO(found.text.encode())
    return send_file(text, "application/toml", as_attachment=True, download_name=found.name)


@importing.post("/import/<int:run_id>/check")
@permit("import")
def check(run_id: int) -> Any:
    """Check a file once more."""
    run = queries.run(db(), run_id)
    service.ask_check(db(), _uploads(), run)
    return redirect(_address(run), 303)


@importing.post("/import/<int:run_id>/apply")
@permit("import")
def apply(run_id: int) -> Any:
    """Ask the worker to apply an import; the answer does not wait for it."""
    run = queries.run(db(), run_id)
    try:
        agreed, apart = request.form.get("agreed") == "yes", request.form.getlist("apart")
        service.ask_apply(db(), _uploads(), run, agreed=agreed, apart=apart)
    except Invalid as error:
        return _show(run, error.fields, 422)
    except Conflict as error:
        return _show(run, {"apply": error.message}, 409)
    return redirect(_address(run), 303)


@importing.get("/import/<int:run_id>/undo")
@permit("import")
def undo_form(run_id: int) -> Any:
    """Show what taking an import back would do, and what it would have to leave."""
    run = queries.run(db(), run_id)
    queries.require_last(db(), run)
    found = undo.plan(db(), run)
    rows = {"back": 0, "gone": 0}
    for before in found.restore.values():
        rows["gone" if before is None else "back"] += 1
    return render_template("importing/undo.html", run=run, kept=found.kept, rows=rows, shown=SHOWN)


@importing.post("/import/<int:run_id>/undo")
@permit("import")
def take_back(run_id: int) -> Any:
    """Ask the worker to take an import back."""
    run = queries.run(db(), run_id)
    service.ask_undo(db(), run, rest=request.form.get("rest") == "yes")
    return redirect(_address(run), 303)


@importing.get("/import/<int:run_id>/problems.csv")
@permit("import")
def problem_rows(run_id: int) -> Any:
    """Give the problem rows as a file for a spreadsheet."""
    run = queries.run(db(), run_id)
    return _csv(problems.as_csv((run.report or {}).get("rejected", [])), f"problems-{run.id}.csv")


@importing.get("/import/<int:run_id>/changes.csv")
@permit("import")
def changed_rows(run_id: int) -> Any:
    """Give what an import would do, record by record and field by field, as a file for a spreadsheet."""
    run = queries.run(db(), run_id)
    found = _uploads().changes(run.folder)
    if found is None:
        raise NotFound(_("What this import would do is not kept any more. Check the file again."))
    return _csv(problems.changes_as_csv(json.loads(found)), f"changes-{run.id}.csv")


def _csv(text: str, name: str) -> Response:
    answer = Response("\ufeff" + text, mimetype="text/csv")  # the mark tells spreadsheets that it is UTF-8
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
