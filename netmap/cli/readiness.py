"""The command that says how ready packages are."""

from typing import Any

import click

from netmap.cli.office import Office, as_json, office, show
from netmap.cli.sharing import packages
from netmap.i18n import gettext as _


@packages.command("readiness")
@click.argument("code", required=False)
@click.option("--area", help="Only this area (by code) and what lies in it.")
@office
@as_json
def packages_readiness(office: Office, code: str | None, area: str | None, as_json: bool) -> None:
    """Say for each area whether somebody is there for every line of the package CODE, or of all packages."""
    from netmap.network.readiness.service import readiness

    with office.reading() as session:
        found = readiness(session, office.settings, code, area)
    if as_json:
        show(found)
        return
    for warning in found["warnings"]:
        click.echo(_("Warning: %(text)s", text=warning))
    for package in found["packages"]:
        _print(package, each=code is not None)


def _print(package: dict[str, Any], *, each: bool) -> None:
    """Print one package; ``each`` area with the lines that are not ready."""
    click.echo(f"{package['package']}: {package['sentence']}")
    if not each:
        return
    types = {line["key"]: line["service_type"] for line in package["lines"]}
    for area in package["areas"]:
        click.echo(f"  {area['state']:<6}{area['name']}")
        for key, cell in area["lines"].items():
            if cell["state"] != "ready":
                click.echo(f"    {cell['state']:<6}{types[key]}: {cell['reason']}")
