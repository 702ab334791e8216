"""Commands that give data out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.config import LANGUAGES

TABLES = ("json", "datapackage", "xlsx")
PRINTS = ("book", "offline-html")


@netmap.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice((*TABLES, *PRINTS)),
    default="datapackage",
    show_default=True,
    help="HSDS JSON, CSV files with datapackage.json, a workbook, a book as PDF, or one file with a search "
    "that works without a network.",
)
@click.option(
    "--language",
    "lang",
    type=click.Choice(LANGUAGES),
    help="Of a book or an offline file.",
)
@click.option("--area", default="", help="Code of an area: a book or an offline file of what is there.")
@office
@as_json
def export_command(office: Office, out: Path, form: str, lang: str | None, area: str, as_json: bool) -> None:
    """Write the directory to OUT: a new folder, a new .zip, or a new .xlsx, .pdf or .html."""
    if form in PRINTS:
        told = _print(office, out, form, lang or office.settings.language, area)
        show(told) if as_json else click.echo("{path}: {services} services, {bytes} bytes.".format(**told))
        return
    if lang or area:
        raise click.UsageError("--language and --area belong to the formats book and offline-html.")
    _tables(office, out, form, as_json)


def _print(office: Office, out: Path, form: str, lang: str, area: str) -> dict[str, Any]:
    """Write a print and return what was written."""
    from netmap.directory.export import require_free, write
    from netmap.errors import Invalid
    from netmap.i18n import gettext as _
    from netmap.printing.making import FORMS, make

    if out.suffix.casefold() != FORMS[form]:
        raise Invalid(_("The name of such a file ends with %(suffix)s.", suffix=FORMS[form]))
    require_free(out)
    with office.reading() as session:
        made = make(session, office.settings, form, lang, area)
    write(out, {"": made.content})
    return {
        "path": str(out),
        "format": form,
        "language": lang,
        "area": area or None,
        "services": made.services,
        "bytes": len(made.content),
        "as_of": made.moment.isoformat(timespec="minutes"),
    }


def _tables(office: Office, out: Path, form: str, as_json: bool) -> None:
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
