"""The command that says where to open new services."""

from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.i18n import gettext as _


@netmap.command()
@click.option("--type", "service_type", help="The kind of service, by its code; not needed for 'package'.")
@click.option("--places", type=int, default=1, show_default=True, help="How many services to open.")
@click.option(
    "--objective",
    type=click.Choice(["cover", "median", "center", "package"]),
    default="cover",
    show_default=True,
    help="Most people in reach; shortest ways together; shortest longest way; most whole packages.",
)
@click.option("--area", help="Only this area and what lies in it.")
@click.option("--capacity", type=float, help="How many clients a year one new service can help.")
@click.option("--unsure", is_flag=True, help="Count also where somebody may be there, not asked yet.")
@office
@as_json
def site(
    office: Office,
    service_type: str | None,
    places: int,
    objective: str,
    area: str | None,
    capacity: float | None,
    unsure: bool,
    as_json: bool,
) -> None:
    """Say where new services would help most those who have none in reach."""
    from netmap.network.new_sites.service import where_to_open

    with office.reading() as session:
        found = where_to_open(
            session,
            office.settings,
            service_type=service_type,
            places=places,
            objective=objective,
            area=area,
            capacity=capacity,
            unsure=unsure,
        )
    if as_json:
        show(found)
        return
    _print(found)


def _print(found: dict[str, Any]) -> None:
    from netmap.network.new_sites.shown import Figures
    from netmap.network.new_sites.views import proof

    for note in found["notes"]:
        click.echo(_("Note: %(text)s", text=note))
    if not found["uncovered"]["areas"]:
        click.echo(_("Nobody is known to be without it."))
        return
    for one in found["sites"]:
        reaches = ", ".join(row["name"] for row in one.get("reaches", ()))
        kind = f"{one['type_label']}: " if "type_label" in one else ""
        click.echo(f"{kind}{one['name']}" + (f" -> {reaches}" if reaches else ""))
    click.echo(proof(found["status"], found["gap"]))
    figures = Figures(found)
    for row in found["curve"]:
        value, quick = figures.value(row), figures.greedy(row)
        told = _(
            "%(places)s: %(value)s; one after another %(quick)s",
            places=row["places"],
            value=value,
            quick=quick,
        )
        click.echo(told)
