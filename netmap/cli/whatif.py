"""Command that tries changes: whatif."""

from pathlib import Path
from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, read_object, read_text, show
from netmap.i18n import gettext as _


@netmap.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@office
@as_json
def whatif(office: Office, scenario: Path, as_json: bool) -> None:
    """Say what the changes in SCENARIO.json would do: gaps closed and opened, packages, hand-offs."""
    from netmap.network.whatif.service import try_out

    with office.reading() as session:
        found = try_out(session, office.settings, read_object(read_text(scenario), scenario.name))
    if as_json:
        show(found)
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: dict[str, Any]) -> list[str]:
    """Return an answer as lines to read."""
    lines = [found["name"]] if found["name"] else []
    lines += [f"  {number}. {told}" for number, told in enumerate(found["changes"], start=1)]
    lines += [_("Warning: %(text)s", text=told) for told in found["problems"]]
    lines += ["", *found["summary"]]
    for key, title in (("closed", _("Closed:")), ("opened", _("Opened:")), ("renamed", _("Other reason:"))):
        if found[key]["number"]:
            lines += ["", title, *(_row(row) for row in found[key]["merged"])]
    return lines


def _row(row: dict[str, Any]) -> str:
    before, after = (row[side]["type_name"] if row[side] else _("open") for side in ("before", "after"))
    return (
        f"  {row['service_type_label']}, {', '.join(row['places'])}, {row['profile_name']} "
        f"({row['clients_shown']}): {before} → {after}"
    )
