"""Commands that bring data in, list what came in, and take it back."""

import sys
from pathlib import Path
from typing import Any

import click

from netmap.app import drain
from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.directory.report import Report

SHOWN = 20  # of a long list, on the terminal


@netmap.command("import")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--source", help="Name under which the records are kept; the name of the folder where not given."
)
@click.option("--map", "map_path", type=click.Path(path_type=Path), help="A map of the columns in TOML.")
@click.option("--areas", type=click.Path(path_type=Path), help="A CSV file of areas.")
@click.option("--demand", type=click.Path(path_type=Path), help="A CSV file of clients per area and package.")
@click.option("--travel", type=click.Path(path_type=Path), help="A CSV file of ways between areas.")
@click.option("--shapes", type=click.Path(path_type=Path), help="A GeoJSON file of the borders of areas.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option(
    "--allow-removals", is_flag=True, help="Let more than a fifth of a table be marked as no longer there."
)
@office
@as_json
def import_command(
    office: Office,
    path: Path | None,
    source: str | None,
    map_path: Path | None,
    areas: Path | None,
    demand: Path | None,
    travel: Path | None,
    shapes: Path | None,
    dry_run: bool,
    allow_removals: bool,
    as_json: bool,
) -> None:
    """Bring in a directory (HSDS as CSV, XLSX, JSON; else by a map), areas, demand, travel or shapes."""
    from netmap.importing.terminal import import_now
    from netmap.importing.uploads import Uploads

    given = {"areas": areas, "directory": path, "demand": demand, "travel": travel, "shapes": shapes}
    parts = {kind: file for kind, file in given.items() if file is not None}
    if not parts:
        raise click.UsageError("Give a PATH, --areas FILE, --demand FILE, --travel FILE or --shapes FILE.")
    engine, uploads = office.engine(), Uploads(office.settings.data_dir)
    reports = import_now(
        engine,
        uploads,
        parts,
        source=source,
        map_path=map_path,
        progress=_progress(),
        dry_run=dry_run,
        allow_removals=allow_removals,
        listed=as_json,
    )
    drain(engine, office.settings)
    if as_json:
        told = {name: {**report.as_dict(), **_listed(report)} for name, report in reports.items()}
        show(next(iter(told.values())) if len(told) == 1 else told)
        return
    if dry_run:
        click.echo("Nothing was changed; this is what would happen.")
    for name, report in reports.items():
        _print(name, report)


def _listed(report: Report) -> dict[str, Any]:
    return {"changes": report.changes}


@netmap.group("imports", invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@office
@as_json
@click.pass_context
def imports(context: click.Context, office: Office, limit: int, as_json: bool) -> None:
    """List the imports so far, the newest first."""
    from netmap.importing.queries import runs

    if context.invoked_subcommand:
        return
    with office.reading() as session:
        found = [_as_row(run) for run in runs(session, limit=limit)]
    if as_json:
        show({"imports": found})
        return
    for row in found:
        who = row["who"] or "terminal"
        click.echo(
            f"{row['id']:>5}  {row['at'][:16]}  {row['state']:<11}  {row['source']:<24}  {who}  {row['file']}"
        )
    if not found:
        click.echo("Nothing has been imported yet.")


def _as_row(run: Any) -> dict[str, Any]:
    at = run.ended_at or run.created_at
    counts = {key: (run.report or {}).get(key) for key in ("added", "changed", "removed_in_source")}
    who = run.user.email if run.user else None
    return {
        "id": run.id, "kind": run.kind, "source": run.source, "file": run.file_name, "sha256": run.sha256,
        "state": run.state, "who": who, "at": at.isoformat(), "error": run.error, **counts,
    }  # fmt: skip


@imports.command("undo")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.option("--rest", is_flag=True, help="Leave what was changed since or is in use, and undo the rest.")
@office
@as_json
def imports_undo(office: Office, number: int, rest: bool, as_json: bool) -> None:
    """Put back everything that an import changed."""
    from netmap.importing.terminal import undo_now
    from netmap.importing.uploads import Uploads

    engine = office.engine()
    found = undo_now(engine, Uploads(office.settings.data_dir), number, rest=rest)
    drain(engine, office.settings)
    kept = [{"table": one.table, "id": one.row_id, "name": one.name, "why": one.why} for one in found.kept]
    if as_json:
        show({"undone": number, "rows": len(found.restore), "kept": kept})
        return
    click.echo(f"Import {number} is undone: {len(found.restore)} rows are as they were before.")
    for one in kept:
        click.echo(f"  kept: {one['table']} {one['name']} ({one['why']})")


def _progress() -> "ProgressLine":
    return ProgressLine(sys.stderr.isatty())


class ProgressLine:
    """Says on the terminal how far each table is; on a file it says each table once."""

    def __init__(self, live: bool) -> None:
        self._live = live

    def __call__(self, table: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` rows of a table have been read."""
        if self._live:
            click.echo(f"\r{table}: {done} of {total}   ", nl=done >= total, err=True)
        elif done >= total:
            click.echo(f"{table}: {total} rows", err=True)


def _print(name: str, report: Report) -> None:
    found = report.as_dict()
    click.echo(
        f"{name}: {found['read']} rows read, {found['added']} added, {found['changed']} changed, "
        f"{found['unchanged']} unchanged, {found['removed_in_source']} no longer in the source, "
        f"{len(found['rejected'])} cells or rows not taken."
    )
    for table, counts in found["tables"].items():
        click.echo(f"  {table:<22} " + "  ".join(f"{key} {value}" for key, value in counts.items()))
    for one in found["renamed"][:SHOWN]:
        name, key = (f"{one[field]['before']} -> {one[field]['after']}" for field in ("name", "source_key"))
        click.echo(f"  renamed: {one['table']} {name} (key {key}; {one['why']}; {one['confidence']:.0%})")
    if len(found["renamed"]) > SHOWN:
        click.echo(f"  ... and {len(found['renamed']) - SHOWN} more renamed (see --json).")
    for one in found["removals"]:
        click.echo(f"  many are gone: {one['removed']} of {one['of']} of {one['table']}")
    for warning in found["warnings"]:
        click.echo(f"  warning: {warning}")
    for row in found["rejected"][:SHOWN]:
        click.echo(f"  {row['file']} row {row['row']}, {row['field']} '{row['value']}': {row['reason']}")
    if len(found["rejected"]) > SHOWN:
        click.echo(f"  ... and {len(found['rejected']) - SHOWN} more (see --json).")
