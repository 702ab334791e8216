"""Commands that look after an installation: what is wrong with it, backups, and bringing one back."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from netmap.app import import_all_models
from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.db import open_engine
from netmap.errors import Unavailable
from netmap.upkeep.findings import Finding


@netmap.command()
@office
@as_json
def doctor(office: Office, as_json: bool) -> None:
    """Say what is wrong with this installation and its records, and how to mend it."""
    from netmap.upkeep.doctor import CHECKS, examine

    try:
        findings = examine(office.engine(), office.settings, slow=True)
    except Unavailable as error:
        findings = [Finding("database", "error", error.message)]
    wrong = [one for one in findings if one.severity != "note"]
    if as_json:
        checks = list(CHECKS)
        ok = not wrong
        show({"ok": ok, "findings": [one.as_dict() for one in findings], "checks": checks})
    else:
        _print(findings)
        if not wrong:
            click.echo(f"All is well ({len(CHECKS)} checks).")
    sys.exit(1 if wrong else 0)


def _print(findings: Sequence[Finding]) -> None:
    for one in findings:
        click.echo(f"{one.severity}: {one.sentence}")
        if one.examples:
            more = ", ..." if one.count > len(one.examples) else ""
            click.echo(f"    {', '.join(one.examples)}{more}")


@netmap.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--without-key", is_flag=True, help="Leave the secret key out.")
@office
@as_json
def backup(office: Office, target: Path, without_key: bool, as_json: bool) -> None:
    """Write a checked backup into the folder TARGET, or as the file TARGET; people can go on working."""
    from netmap.upkeep.backup import KEY, make_backup

    path, manifest = make_backup(office.settings, target, with_key=not without_key)
    size, rows, key = path.stat().st_size, sum(manifest.tables.values()), KEY in manifest.sums
    if as_json:
        show({"file": str(path), "bytes": size, "tables": manifest.tables, "key": key})
        return
    click.echo(f"{path} holds {rows} rows of {len(manifest.tables)} tables ({size / 1e6:.1f} MB), checked.")
    if not key:
        click.echo("The secret key is not in it: keep it elsewhere, or everybody will have to sign in again.")


@netmap.command()
@click.argument("backup", type=click.Path(path_type=Path))
@click.option("--replace", "replace_old", is_flag=True, help="Put a data folder that is not empty aside.")
@office
@as_json
def restore(office: Office, backup: Path, replace_old: bool, as_json: bool) -> None:
    """Bring BACKUP back into the data folder; stop netmap first."""
    from netmap.upkeep.doctor import examine
    from netmap.upkeep.restore import restore as bring_back

    settings = office.settings
    import_all_models()
    found = bring_back(settings, backup, replace_old=replace_old)
    engine = open_engine(settings.database())
    findings = examine(engine, settings)
    engine.dispose()
    if as_json:
        aside = str(found.aside) if found.aside else None
        about = {"data_dir": str(settings.data_dir), "made_at": found.manifest.made_at, "old_folder": aside}
        counts = {"tables": found.manifest.tables, "indexed": found.services}
        show({**about, **counts, "findings": [one.as_dict() for one in findings]})
        return
    rows = sum(found.manifest.tables.values())
    click.echo(f"{rows} rows of {found.manifest.made_at[:16]} are back in {settings.data_dir}.")
    click.echo(f"{found.services} services are in the new search index.")
    if found.aside:
        click.echo(f"The old data folder is now {found.aside}.")
    if not found.with_key:
        click.echo("The backup held no secret key: everybody has to sign in again.")
    _print(findings)
