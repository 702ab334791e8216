"""The command that shows who works with whom."""

from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.i18n import gettext as _
from netmap.network.ties.sectors import SECTORS


@netmap.command()
@click.option("--area", help="Only organizations in this area (by code) or what lies in it.")
@click.option("--sector", type=click.Choice(SECTORS), help="Only organizations of this sector.")
@office
@as_json
def network(office: Office, area: str | None, sector: str | None, as_json: bool) -> None:
    """Show ties, measures, bridges between sectors, hand-offs and who could replace whom."""
    from netmap.network.picture.partners import network as look

    with office.reading() as session:
        found = look(session, office.settings, area=area, sector=sector)
    if as_json:
        show(found)
        return
    _measures(found)
    _ties(found)
    _bridges(found)
    _providers(found)


def _measures(found: dict[str, Any]) -> None:
    for row in found["measures"]:
        value = "-" if row["value"] is None else f"{row['value']:g}"
        click.echo(f"{row['name']}: {value}. {row['plain']} {row['warning']}")
    told = found["hand_off_coverage"]
    if told["clients"] is not None:
        values = {"covered": f"{told['clients_covered']:g}", "clients": f"{told['clients']:g}"}
        click.echo(_("Hand-offs that work: %(covered)s of %(clients)s clients a year.", **values))
    else:
        values = {"covered": told["places_covered"], "places": told["places"]}
        click.echo(_("Hand-offs that work: %(covered)s of %(places)s, without demand figures.", **values))


def _ties(found: dict[str, Any]) -> None:
    for heading, flag in (
        (_("Agreements without life:"), "dead"),
        (_("In use without an agreement:"), "strong"),
    ):
        rows = [row for row in found["ties"] if row[flag]]
        click.echo(f"{heading} {len(rows)}")
        for row in rows:
            last = row["last"] or _("nothing recorded")
            click.echo(f"  {row['one']['name']} - {row['other']['name']}: {row['matter']} ({last})")


def _bridges(found: dict[str, Any]) -> None:
    click.echo(_("Sectors without a bridge:"))
    for row in found["bridges"]:
        if row["missing"]:
            click.echo(f"  {row['one_name']} - {row['other_name']}")


def _providers(found: dict[str, Any]) -> None:
    click.echo(_("If this provider closes, so many places lose a line of help, and so many clients a year:"))
    for row in found["closures"]:
        click.echo(f"  {row['name']}: {row['cells']}, {row['clients_shown']}{_at_most(row)}")


def _at_most(row: dict[str, Any]) -> str:
    """Return what may be lost at most, where another provider may be there too; "" where that is the same."""
    if row["cells_at_most"] == row["cells"]:
        return ""
    most = f"{row['cells_at_most']}, {row['clients_at_most_shown']}"
    return f" ({_('at most, as others may be there:')} {most})"
