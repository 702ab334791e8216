"""The command `netmap search`: a question, a batch of questions, or `rebuild`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from netmap.app import open_backend
from netmap.cli.asking import batch
from netmap.cli.office import Office, as_json, netmap, office, run_batch, show
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import ngettext


def point_of(text: str | None) -> tuple[float, float] | None:
    """Return the point of "LAT,LON".

    Raises
    ------
    Invalid
        If it is not two numbers.
    """
    if text is None or not text.strip():
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(
            f"The point '{text[:60]}' is not LATITUDE,LONGITUDE, for example 55.52,25.10."
        ) from error
    return latitude, longitude


def moment_of(text: str | None, office: Office) -> datetime | None:
    """Return the moment of an ISO text; without a zone it is meant in the office's zone."""
    if text is None or not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"The time '{text[:60]}' is not like 2026-11-22T18:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=office.settings.zone())


@netmap.command()
@click.argument("query", required=False)
@click.argument("more", nargs=-1)
@click.option("--area", help="Code of an area.")
@click.option("--near", help="A point, LAT,LON.")
@click.option("--within", type=float, help="Kilometres from that point.")
@click.option("--open-at", help="A moment, like 2026-11-22T18:00.")
@click.option("--type", "service_type", help="Code of a service type.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="How many results.")
@batch
@office
@as_json
def search(
    office: Office,
    query: str | None,
    more: tuple[str, ...],
    area: str | None,
    near: str | None,
    within: float | None,
    open_at: str | None,
    service_type: str | None,
    limit: int,
    batch: Path | None,
    as_json: bool,
) -> None:
    """Find who helps with QUERY, in plain words; `netmap search rebuild` makes the index again."""
    from netmap.directory.find import Question, find
    from netmap.directory.indexing import rebuild_now

    if query == "rebuild" and not more:
        count = rebuild_now(office.engine(), office.settings)
        show({"indexed": count}) if as_json else click.echo(f"{count} services are in the index.")
        return
    if query is None and batch is None:
        raise click.UsageError("Give a QUERY or --batch FILE.")
    point, moment = point_of(near), moment_of(open_at, office)
    backend = open_backend(office.settings)
    with office.reading() as session:

        def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
            question = Question(
                text=str(asked.get("query", "")),
                area=area,
                near=point,
                within_km=within,
                open_at=moment,
                types=(service_type,) if service_type else (),
                limit=limit,
            )
            return find(session, backend, office.settings, question).as_dict()

        if batch is not None:
            run_batch(batch, answer)
            return
        found = answer({"query": " ".join((query or "", *more))})
    show(found) if as_json else _print(found)


def _print(found: Mapping[str, Any]) -> None:
    if found["needs"]:
        click.echo(_("Understood as:") + " " + ", ".join(need["label"] for need in found["needs"]))
    for hit in found["results"]:
        who = hit["organisation"] or _("organisation not known")
        click.echo(f"{hit['score']:6.2f}  {hit['service']} ({who})")
        for line in (*hit["why"], hit["place"], hit["open"]):
            if line:
                click.echo(f"          {line}")
    click.echo(ngettext("%(number)s service found", "%(number)s services found", found["total"]))
