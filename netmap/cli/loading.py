"""Commands that bring data in."""

import sys
from pathlib import Path

import click

from netmap.app import drain
from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.db import transaction
from netmap.directory.report import Report


@netmap.command("import")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--source", help="Name under which the records are kept; the name of the folder where not given."
)
@click.option("--areas", type=click.Path(path_type=Path), help="A CSV file of areas.")
@click.option("--demand", type=click.Path(path_type=Path), help="A CSV file of clients per area and package.")
@office
@as_json
def import_command(
    office: Office,
    path: Path | None,
    source: str | None,
    areas: Path | None,
    demand: Path | None,
    as_json: bool,
) -> None:
    """Bring in a directory (a folder or zip of HSDS CSV), areas or demand."""
    from netmap.directory.hsds import import_path
    from netmap.directory.spreadsheet import import_areas
    from netmap.directory.typing import keep, propose
    from netmap.network.demand import import_demand

    if path is None and areas is None and demand is None:
        raise click.UsageError("Give a PATH, --areas FILE or --demand FILE.")
    engine = office.engine()
    with transaction(engine) as session:
        reports: dict[str, Report] = {}
        if areas is not None:
            reports["areas"] = import_areas(session, areas)
        if path is not None:
            reports["directory"] = import_path(session, path, source=source, progress=_progress())
        if demand is not None:
            reports["demand"] = import_demand(session, demand)
    if path is not None:
        with office.reading() as session:
            proposals = propose(session)
        with transaction(engine) as session:
            keep(session, proposals)
    drain(engine, office.settings)
    if as_json:
        only = next(iter(reports.values())).as_dict() if len(reports) == 1 else None
        show(only or {name: report.as_dict() for name, report in reports.items()})
        return
    for name, report in reports.items():
        _print(name, report)


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
    for warning in found["warnings"]:
        click.echo(f"  warning: {warning}")
    for row in found["rejected"][:20]:
        click.echo(f"  {row['file']} row {row['row']}, {row['field']} '{row['value']}': {row['reason']}")
    if len(found["rejected"]) > 20:
        click.echo(f"  ... and {len(found['rejected']) - 20} more (see --json).")
