"""Commands that give data out."""

from dataclasses import asdict
from pathlib import Path

import click

from netmap.cli.office import Office, as_json, netmap, office, show


@netmap.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(("json", "datapackage", "xlsx")),
    default="datapackage",
    show_default=True,
    help="HSDS JSON, CSV files with datapackage.json, or a workbook.",
)
@office
@as_json
def export_command(office: Office, out: Path, form: str, as_json: bool) -> None:
    """Write the directory to OUT: a new folder, a new .zip, or a new .xlsx for a workbook."""
    from netmap.directory.export import export

    with office.reading() as session:
        exported = export(session, out, form)
    if as_json:
        show(asdict(exported))
        return
    rows = sum(exported.tables.values())
    click.echo(f"{exported.path}: {rows} rows of {len(exported.tables)} tables.")
    for table, count in exported.tables.items():
        click.echo(f"  {table:<24} {count}")
    for note in exported.notes:
        click.echo(f"  note: {note}")
