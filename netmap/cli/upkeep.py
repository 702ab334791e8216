"""The command that says whom to ring first, with every reason."""

from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.db import now
from netmap.freshness.queue import Desk, Ranked
from netmap.freshness.words import desk_reasons, harm_words, service_reasons

SHOWN = 20


@netmap.command()
@click.option("--limit", type=click.IntRange(min=0), default=SHOWN, help="How many providers; 0 for all.")
@click.option("--person", default="", help="Only those that this person (by e-mail) rings today.")
@office
@as_json
def upkeep(office: Office, limit: int, person: str, as_json: bool) -> None:
    """List the providers to ring, those first whose records would do most harm if they were wrong."""
    from netmap.freshness.queue import Ranking

    with office.reading() as session:
        order = Ranking(session, office.settings, now().astimezone(office.settings.zone()))
        found = order.page(limit or len(order.order), person=person)
    if as_json:
        counts = {"as_of": order.today.isoformat(), "services": found.services, "total": found.total}
        show({**counts, "queue": [_desk(one) for one in found.desks]})
        return
    for one in found.desks:
        click.echo(f"{one.name}  {one.phone or '-'}")
        click.echo(f"    {'; '.join([*desk_reasons(one), harm_words(one.harm)])}")
        due = f"{one.due:%Y-%m-%d %H:%M}" if one.due else ""
        if one.assigned_to or due:
            click.echo(f"    {one.assigned_to} {due}".rstrip())
    click.echo(f"{len(found.desks)} of {found.total} providers, {found.services} services.")


def _desk(one: Desk) -> dict[str, Any]:
    """Return a provider of the queue; ``score`` is people a week who would act on a wrong record."""
    return {
        "organization_id": one.organization_id,
        "name": one.name,
        "phone": one.phone or None,
        "score": round(one.harm, 6),
        "reasons": desk_reasons(one),
        "assigned_to": one.assigned_to or None,
        "due": one.due.isoformat() if one.due else None,
        "calls": one.told.reached,
        "changes": one.told.changed,
        "services": [_service(row) for row in one.services],
    }


def _service(row: Ranked) -> dict[str, Any]:
    return {
        "service_id": row.service_id,
        "name": row.name,
        "score": round(row.harm, 6),
        "factors": {
            "use_a_week": round(row.use, 4),
            "days_since_confirmed": row.days,
            "rhythm_days": row.rhythm,
            "still_true": round(row.true, 4),
            "signs": list(row.signs),
        },
        "reasons": service_reasons(row),
    }
