"""Commands that share packages with another office and take theirs."""

from pathlib import Path

import click

from netmap.cli.office import Office, netmap, office
from netmap.errors import Invalid


@netmap.group("packages")
def packages() -> None:
    """Share service packages as files, and look how ready they are."""


@packages.command("export")
@click.argument("code")
@click.argument("out", type=click.Path(path_type=Path))
@office
def export_package(office: Office, code: str, out: Path) -> None:
    """Write the version in use of package CODE to the new file OUT, as TOML."""
    from netmap.packages.files import write_file
    from netmap.packages.service import get

    with office.reading() as session:
        found = get(session, code)
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(write_file(found.document))
    except FileExistsError as error:
        raise Invalid(f"{out} is there already. Name a new file.") from error
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out}: {code}, version {found.number}.")


@packages.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code", help="Take the package in under another code.")
@click.option("--new-version", is_flag=True, help="Make it a new version where its code is known.")
@click.option("--by", help="E-mail of who takes it in; needed, since every version names who made it.")
@office
def import_package(office: Office, file: Path, code: str | None, new_version: bool, by: str | None) -> None:
    """Take in the package that stands in FILE (TOML or JSON); nothing is saved where anything is wrong."""
    from netmap.packages import queries, service
    from netmap.packages.document import read
    from netmap.packages.files import LARGEST, read_file

    if not by or "@" not in by:
        raise click.UsageError("Say who takes the package in: --by anna@city.example.")
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from error
    values = dict(read_file(content, file.name))
    document = read(values | {"code": code} if code else values)
    with office.writing() as session:
        expected = 0
        if document.code in queries.codes(session):
            if not new_version:
                raise Invalid(
                    f"There is already a package '{document.code}'. Use --new-version to make this "
                    "a new version of it, or --code to give it another code."
                )
            expected = service.get(session, document.code).current
        note = f"From the file {file.name}"
        number = service.save_version(session, document.code, document, by=by, note=note, expected=expected)
    click.echo(f"{document.code}: version {number} is in use.")
