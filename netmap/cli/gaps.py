"""The command that says what is missing, where and for whom."""

from collections.abc import Mapping
from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.i18n import gettext as _


@netmap.command()
@click.option("--profile", "--package", "package", help="Only the clients of this package.")
@click.option("--area", help="Only this area and what lies in it.")
@click.option(
    "--order", type=click.Choice(["count", "rate"]), default="count", help="By clients, or per 1,000 people."
)
@click.option("--survey", is_flag=True, help="Work the gaps out now for the pages; prints when and how long.")
@office
@as_json
def gaps(
    office: Office, package: str | None, area: str | None, order: str, survey: bool, as_json: bool
) -> None:
    """List what is missing, where and for whom."""
    from netmap.network.gaps.surveying import make
    from netmap.network.service import gaps as find_gaps

    if survey:
        if package or area:
            raise click.UsageError("--survey works out everything; leave out --area and --profile.")
        with office.reading() as session:
            made = make(session, office.engine(), office.settings)
        told = {"made_at": made.made_at.isoformat(), "seconds": round(made.seconds, 1), "gaps": made.gaps}
        show(told) if as_json else click.echo(_("%(number)s gaps are worked out.", number=made.gaps))
        return
    with office.reading() as session:
        found = find_gaps(session, office.settings, package=package, area=area, order=order)
    show(found) if as_json else _print(found)


def _print(found: Mapping[str, Any]) -> None:
    """Print the gaps a line each, then what is open and yet not enough."""
    for warning in found["warnings"]:
        click.echo(_("Warning: %(text)s", text=warning))
    for gap in found["gaps"]:
        click.echo(f"{gap['label']:<14} {gap['sentence']}")
    if not found["gaps"]:
        click.echo(_("No gap was found in this selection."))
    for risk in found["apart"]:
        click.echo(f"{risk['label']:<14} {risk['sentence']}")
