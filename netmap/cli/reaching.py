"""Commands about reach: is there enough of a kind of service, and what do territories lack."""

from collections.abc import Mapping
from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number


@netmap.command("reach")
@click.option(
    "--type", "service_type", help="The kind of service; the one that most packages need if not given."
)
@click.option("--package", help="Only the clients of this package; the others still share the places.")
@click.option("--area", help="Only this area and what lies in it; the others still share the places.")
@click.option("--by", default="km", show_default=True, help="km, or minutes by car, public, foot, bicycle.")
@click.option("--within", type=float, help="What is in reach, in that unit; NETMAP_MAX_KM where not given.")
@click.option("--stay", type=float, help="For how many days a client takes up a place, on average.")
@office
@as_json
def reach(
    office: Office,
    service_type: str | None,
    package: str | None,
    area: str | None,
    by: str,
    within: float | None,
    stay: float | None,
    as_json: bool,
) -> None:
    """Say for each area how much help of one kind there is per client, and what nobody can serve."""
    from netmap.network.reach.service import Asked
    from netmap.network.reach.service import reach as find_reach

    asked = Asked(service_type, package, area, by, within, stay)
    with office.reading() as session:
        found = find_reach(session, office.settings, asked)
    if as_json:
        show(found)
        return
    click.echo(found["service_type_label"])
    for row in found["areas"]:
        click.echo(f"  {row['name']:<24} {_row(row)}")
    if found["unmet"] is not None:
        least, most = (number(found["unmet"][end]) for end in ("least", "most"))
        click.echo(
            _(
                "Clients a year whom no assignment can serve: %(least)s at least, %(most)s at most.",
                least=least,
                most=most,
            )
        )
    if found["straight_share"] is not None:
        share = number(100 * found["straight_share"], 0)
        click.echo(_("%(share)s %% of the ways within reach are straight lines, not roads.", share=share))


def _row(row: Mapping[str, Any]) -> str:
    if not row["services"]:
        return _("none that takes them") if row["near"] else _("none in reach")
    if row["idle"]:
        return _("nobody counted who would use it")
    if row["ratio"] is None and not row["ratio_least"]:
        return _("not known: %(unknown)s without capacity known", unknown=row["unknown"])
    if row["ratio"] is None:
        least = number(row["ratio_least"], 2)
        return _(
            "at least %(ratio)s per client; %(unknown)s without capacity known",
            ratio=least,
            unknown=row["unknown"],
        )
    return _(
        "%(ratio)s per client, %(banded)s by distance",
        ratio=number(row["ratio"], 2),
        banded=number(row["banded"], 2),
    )


@netmap.command("territories")
@click.option("--area", help="Only this territory (by code), kind by kind, and what it could copy.")
@office
@as_json
def territories(office: Office, area: str | None, as_json: bool) -> None:
    """Say for each territory what it lacks: a coordinator, resources or partnerships."""
    from netmap.network.territories import service as territory_service

    with office.reading() as session:
        if area is not None:
            found = territory_service.territory(session, office.settings, area)
        else:
            found = territory_service.territories(session, office.settings)
    if as_json:
        show(found)
        return
    for row in [found] if area is not None else found["territories"]:
        missing = ", ".join(row["missing"]) or "-"
        click.echo(f"{row['name']:<24} {_('missing: %(elements)s', elements=missing)}")
    for kind in found["kinds"] if area is not None else ():
        click.echo(f"  {kind['state']:<10} {kind['label']}")
    if area is not None and found["model"]:
        click.echo(_("%(name)s has most of what is missing here:", name=found["model"]["name"]))
        for kind in found["model"]["kinds"]:
            click.echo(f"  {kind['label']}: {', '.join(one['name'] for one in kind['services'])}")
