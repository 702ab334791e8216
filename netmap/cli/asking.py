"""Commands that ask: needs, match."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from netmap.cli.office import Office, as_json, netmap, office, read_object, read_text, run_batch, show
from netmap.errors import Invalid
from netmap.i18n import gettext as _

batch = click.option(
    "--batch", type=click.Path(path_type=Path), help="A JSON-lines file, one question a line."
)


@netmap.command()
@click.argument("text", required=False)
@batch
@office
@as_json
def needs(office: Office, text: str | None, batch: Path | None, as_json: bool) -> None:
    """Suggest need codes for a note. The note is neither stored nor logged."""
    from netmap.vocabulary.suggest import as_dict, suggest
    from netmap.vocabulary.terms import label

    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        note = asked.get("text", "")
        if not isinstance(note, str):
            raise Invalid(_("What stands under 'text' is no text: put the note in quotation marks."))
        return as_dict(suggest(note, asked.get("lang")))

    if batch is not None:
        run_batch(batch, answer)
        return
    if text is None:
        raise click.UsageError("Give a TEXT or --batch FILE.")
    found = answer({"text": text})
    if as_json:
        show(found)
        return
    for one in found["needs"]:
        mark = "+" if one["accepted"] else "?"
        click.echo(
            f'{mark} {one["code"]:<22} {one["confidence"]:.2f}  {label(one["code"])}: "{one["evidence"]}"'
        )
    for one in found["circumstances"]:
        click.echo(f'  {one["code"]:<22}       {label(one["code"])}: "{one["evidence"]}"')
    if "message" in found:
        click.echo(found["message"])
    elif not found["needs"] and not found["circumstances"]:
        click.echo(_("No known need was recognised."))


@netmap.command()
@click.argument("client", type=click.Path(path_type=Path), required=False)
@batch
@office
@as_json
def match(office: Office, client: Path | None, batch: Path | None, as_json: bool) -> None:
    """Suggest packages and providers for the needs in CLIENT.json."""
    from netmap.matching.service import Matcher
    from netmap.vocabulary.terms import label

    if client is None and batch is None:
        raise click.UsageError("Give CLIENT.json or --batch FILE.")
    with office.reading() as session:
        matcher = Matcher(session, office.settings)
        if batch is not None:
            run_batch(batch, lambda asked: matcher.match({k: v for k, v in asked.items() if k != "id"}))
            return
        assert client is not None
        found = matcher.match(read_object(read_text(client), client.name))
    if as_json:
        show(found)
        return
    for package in found["packages"]:
        click.echo(f"{package['score']:5.1f}  {package['name']} ({package['band_text']})")
        for line in package["lines"]:
            rest = (line[key] or "-" for key in ("service", "time", "place"))
            provider = line["provider"] or _("organisation not known")
            who = ", ".join([provider, *rest]) if line["service_id"] else _("nobody found")
            click.echo(f"         {label(line['need'])}: {line['goal']} -> {who}")
    if not found["triage"]:
        click.echo(_("No need was named, so there is nothing to match."))
    elif not found["packages"]:
        click.echo(_("No package fits. Plan with the case conference, or search for single services."))
