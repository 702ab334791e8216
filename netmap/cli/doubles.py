"""The command that looks for records that may be one thing: `netmap duplicates`."""

from collections.abc import Mapping
from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.duplicates.cards import TABLES, Card, Table

Found = Mapping[Table, Any]


@netmap.command()
@click.option("--table", "only", type=click.Choice(TABLES), help="Print the pairs of this table only.")
@click.option("--surely", is_flag=True, help="Print those only that are surely one thing.")
@office
@as_json
def duplicates(office: Office, only: Table | None, surely: bool, as_json: bool) -> None:
    """Look for records that may be one thing; nothing is merged, the pages show what was found."""
    from netmap.db import transaction
    from netmap.duplicates.finding import SURELY, keep, search

    with office.reading() as session:
        found = search(session)
    with transaction(office.engine()) as session:
        keep(session, found)
    pairs = [
        pair
        for table, (some, _records) in found.items()
        for pair in some
        if (only is None or table == only) and (not surely or pair.sure == SURELY)
    ]
    if as_json:
        compared = {table: records for table, (_pairs, records) in found.items()}
        show({"pairs": [_as_dict(pair) for pair in pairs], "compared": compared})
        return
    for pair in pairs:
        _print(pair)
    click.echo(f"{len(pairs)} pairs may be one thing. Merge them on the page /duplicates.")


def _as_dict(pair: Any) -> dict[str, Any]:
    from netmap.duplicates.reasons import in_words

    return {
        "table": pair.table,
        "score": pair.likelihood,
        "sure": pair.sure,
        "reasons": [{"sentence": sentence, "for": good} for sentence, good in in_words(pair.reasons)],
        "records": [_record(pair.first), _record(pair.second)],
    }


def _record(card: Card) -> dict[str, Any]:
    return {"id": card.id, "name": card.name, "organization": card.owner or None, "source": card.source}


def _print(pair: Any) -> None:
    from netmap.duplicates.reasons import in_words

    click.echo(f"{pair.table}, {pair.sure} ({pair.likelihood:.2f})")
    for card in (pair.first, pair.second):
        of = f", {card.owner}" if card.owner else ""
        click.echo(f"    {card.name}{of} [{card.source or 'typed here'}] {card.id}")
    for good, word in ((True, "for"), (False, "against")):
        told = [sentence for sentence, speaks in in_words(pair.reasons) if speaks is good]
        if told:
            click.echo(f"    {word}: {'; '.join(told)}")
