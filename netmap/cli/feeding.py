"""Commands for directories that are fetched by themselves: list, add, run now, remove."""

import sys
from pathlib import Path
from typing import Any

import click

from netmap.app import drain
from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.db import transaction


@netmap.group("feeds", invoke_without_command=True)
@office
@as_json
@click.pass_context
def feeds(context: click.Context, office: Office, as_json: bool) -> None:
    """List the directories that are fetched by themselves, and how they stand."""
    from netmap.feeds.service import listing

    if context.invoked_subcommand:
        return
    with office.reading() as session:
        found = [_as_row(one) for one in listing(session)]
    if as_json:
        show({"feeds": found})
        return
    for row in found:
        stale = "  STALE" if row["stale"] else ""
        last = (row["last_success_at"] or "never")[:16]
        click.echo(f"{row['source']:<24}  {row['state']:<7}  {last:<16}  {row['address']}{stale}")
        if row["sentence"]:
            click.echo(f"    {row['sentence']}")
    if not found:
        click.echo("No directory is fetched by itself.")


def _as_row(one: Any) -> dict[str, Any]:
    feed = one.feed
    moments = {
        name: moment.isoformat() if (moment := getattr(feed, name)) else None
        for name in ("last_try_at", "last_success_at", "next_at")
    }
    told = {"source": feed.source, "address": feed.address, "every_minutes": feed.every_minutes}
    standing = {"state": one.state, "stale": one.stale, "result": feed.result, "sentence": feed.sentence}
    return {**told, **standing, **moments, "import": feed.run_id, "map": feed.map_name}


@feeds.command("add")
@click.argument("source")
@click.argument("address")
@click.option("--every", type=int, default=1440, show_default=True, help="Minutes between two tries.")
@click.option("--map", "map_path", type=click.Path(path_type=Path), help="A map of the columns in TOML.")
@office
@as_json
def feeds_add(
    office: Office, source: str, address: str, every: int, map_path: Path | None, as_json: bool
) -> None:
    """Fetch SOURCE from ADDRESS (https://..., or a path) from now on; the worker does it."""
    from netmap.feeds.service import add
    from netmap.importing.maps import choose

    chosen = None
    if map_path is not None:
        with map_path.open("rb") as file:
            chosen = choose("directory", "", file, map_path.name)
    with transaction(office.engine()) as session:
        feed = add(
            session, office.settings, source, address, every_minutes=every, chosen=chosen, by="terminal"
        )
        row = {"source": feed.source, "address": feed.address, "every_minutes": feed.every_minutes}
    if as_json:
        show(row)
        return
    click.echo(
        f"{row['source']} is fetched every {every} minutes by `netmap worker`; `netmap feeds run` now."
    )


@feeds.command("run")
@click.argument("source")
@office
@as_json
def feeds_run(office: Office, source: str, as_json: bool) -> None:
    """Fetch SOURCE now; ends with 1 where that failed or a person has to look at it."""
    from netmap.feeds.models import GOOD
    from netmap.feeds.running import run
    from netmap.feeds.service import find

    with office.reading() as session:
        feed_id = find(session, source).id
    ended = run(office.engine(), office.settings, feed_id)
    drain(office.engine(), office.settings)
    if as_json:
        show({"result": ended.result, "sentence": ended.sentence, "import": ended.run_id})
    else:
        number = f" (import {ended.run_id})" if ended.run_id else ""
        click.echo(f"{source}: {ended.result}{number}" + (f": {ended.sentence}" if ended.sentence else ""))
    sys.exit(0 if ended.result in GOOD else 1)


@feeds.command("remove")
@click.argument("source")
@office
@as_json
def feeds_remove(office: Office, source: str, as_json: bool) -> None:
    """Fetch SOURCE no more; what it brought stays."""
    from netmap.feeds.service import find, remove

    with transaction(office.engine()) as session:
        remove(session, find(session, source))
    show({"removed": source}) if as_json else click.echo(f"{source} is fetched no more.")
