"""The commands `netmap search`: a question, a batch of questions, and keeping the index."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from netmap.app import open_backend
from netmap.cli.asking import batch
from netmap.cli.asking_words import print_answer
from netmap.cli.office import Office, as_json, netmap, office, run_batch, show
from netmap.errors import Invalid
from netmap.i18n import gettext as _

_QUESTION = "question"


class QuestionFirst(click.Group):
    """A group of commands whose first word is a question where it names none of them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the arguments behind the command that is meant; options may stand before a question."""
        named = args and (args[0] == "--help" or (args[0] in self.commands and args[0] != _QUESTION))
        return super().parse_args(ctx, args if named or not args else [_QUESTION, *args])


@netmap.group(cls=QuestionFirst, no_args_is_help=True)
def search() -> None:
    """Find who helps: `netmap search "words"`; and keep the search index."""


def point_of(text: object) -> tuple[float, float] | str | None:
    """Return the point of "LAT,LON", else the words as the name of a settlement."""
    words = str(text or "").strip()
    if not words:
        return None
    latitude, _comma, longitude = words.partition(",")
    try:
        return float(latitude), float(longitude)
    except ValueError as error:
        if any(sign.isdigit() for sign in words) and "," in words:
            raise Invalid(
                f"The point '{words[:60]}' is not LATITUDE,LONGITUDE, for example 55.52,25.10."
            ) from error
        return words


def moment_of(text: object, office: Office) -> datetime | None:
    """Return the moment of an ISO text; without a zone it is meant in the office's zone."""
    words = str(text or "").strip()
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise Invalid(f"The time '{words[:60]}' is not like 2026-11-22T18:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=office.settings.zone())


@search.command(_QUESTION, hidden=True)
@click.argument("query", nargs=-1)
@click.option("--area", help="Code of an area.")
@click.option("--near", help="A point, LAT,LON, or a settlement.")
@click.option("--within", type=float, help="Kilometres from there.")
@click.option("--open-at", help="A moment, like 2026-11-22T18:00.")
@click.option("--type", "service_type", help="Code of a service type.")
@click.option(
    "--only", multiple=True, metavar="FIELD=CODE", help="A filter, like cost=free; may be repeated."
)
@click.option("--without", multiple=True, metavar="KIND:CODE", help="Not to be understood so.")
@click.option("--checked-within", type=int, metavar="DAYS", help="Only what a person has checked since.")
@click.option("--sort", help="best, near, name or checked.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="How many results.")
@batch
@office
@as_json
def question(
    office: Office, /, query: tuple[str, ...], batch: Path | None, as_json: bool, **options: Any
) -> None:
    """Find who helps with QUERY, in plain words."""
    from netmap.cli.asking_words import question_from
    from netmap.directory.find import find

    if not query and batch is None:
        raise click.UsageError("Give a QUERY or --batch FILE.")
    options["type"] = options.pop("service_type")
    backend = open_backend(office.settings)
    with office.reading() as session:

        def answer(asked: Mapping[str, Any]) -> Any:
            given = {name: value for name, value in asked.items() if value not in (None, "")}
            made = question_from({**options, **given}, office)
            return find(session, backend, office.settings, made)

        if batch is not None:
            run_batch(batch, lambda asked: answer(asked).as_dict())
            return
        found = answer({"query": " ".join(query)})
    show(found.as_dict()) if as_json else print_answer(found)


@search.command()
@click.option("--check", is_flag=True, help="Change nothing; compare every service with the database.")
@office
@as_json
def rebuild(office: Office, check: bool, as_json: bool) -> None:
    """Make the search index again from the database; with --check, say what it holds otherwise."""
    from netmap.directory.index_check import differences, true_digests
    from netmap.directory.indexing import rebuild_now

    if not check:
        count = rebuild_now(office.engine(), office.settings)
        show({"indexed": count}) if as_json else click.echo(f"{count} services are in the index.")
        return
    backend = open_backend(office.settings)
    with office.reading() as session:
        truth = true_digests(session, office.settings)
        found = differences(truth, backend.digests() if backend.ready() else {})
    if as_json:
        show(
            {
                "services": len(truth),
                "missing": list(found.missing),
                "surplus": list(found.surplus),
                "differing": list(found.differing),
            }
        )
    else:
        for what, ids in (
            (_("missing from the index"), found.missing),
            (_("in the index although gone"), found.surplus),
            (_("in the index as before a change"), found.differing),
        ):
            for one in ids:
                click.echo(f"{one}  {what}")
        click.echo(f"{len(truth)} services compared, {found.count()} differ.")
    if found.count():
        sys.exit(1)
