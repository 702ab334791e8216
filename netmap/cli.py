"""The terminal: every command reads its arguments, calls one room and prints the answer."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from netmap import __version__
from netmap.app import create_app, drain, import_all_models, start_worker
from netmap.config import Settings
from netmap.db import open_engine, open_session, transaction
from netmap.errors import Invalid, NetmapError, Unavailable
from netmap.i18n import set_language

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Office:
    """What a command works with: the settings and an opened database."""

    def __init__(self) -> None:
        self.settings = Settings.from_environment()
        set_language(self.settings.language)
        import_all_models()
        self._engine: Engine | None = None

    def engine(self, *, make: bool = False) -> Engine:
        """Return the engine; ``make`` brings the schema up to date first."""
        from netmap.migrations.upgrade import require_known, upgrade

        if self._engine is None:
            if make:
                self.settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            elif not self.settings.database_url and not (self.settings.data_dir / "netmap.db").is_file():
                raise Unavailable(
                    f"There is no netmap database in {self.settings.data_dir}. Run `netmap init`, or set NETMAP_DATA_DIR."
                )
            self._engine = open_engine(self.settings.database())
            if make:
                upgrade(self._engine)
            elif require_known(self._engine) is None:
                raise Unavailable("The database is empty. Run `netmap init`.")
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads."""
        with open_session(self.engine(), reading=True) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session, commit it, and do the work that it caused."""
        engine = self.engine()
        with transaction(engine) as session:
            yield session
        drain(engine, self.settings)


office = click.make_pass_decorator(Office)


@click.group()
@click.version_option(__version__, prog_name="netmap")
@click.pass_context
def netmap(context: click.Context) -> None:
    """Who helps with what, where, for whom, and what is missing."""
    context.obj = Office()


def main() -> None:
    """Run the command line: 0 done, 1 an error in one line on standard error, 2 wrong usage."""
    try:
        netmap.main(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        sys.exit(130)
    except NetmapError as error:
        message = " ".join(error.message.split())
        click.echo(f"netmap: {message}", err=True)
        sys.exit(1)


def show(data: Any) -> None:
    """Print one JSON object on one line, readable in every language."""
    click.echo(json.dumps(data, ensure_ascii=False))


@netmap.command()
@office
@as_json
def init(office: Office, as_json: bool) -> None:
    """Make an empty installation: database, packages, index, and a first admin where one is named."""
    from netmap.auth.service import add_user, users
    from netmap.packages.service import load_seeds

    settings = office.settings
    office.engine(make=True)
    email, password = settings.admin_email, settings.admin_password
    with office.writing() as session:
        load_seeds(session)
        people = len(users(session))
        if not people and not (email and password) and sys.stdin.isatty():
            email = click.prompt("E-mail of the first admin")
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if not people and email and password:
            add_user(session, email, password, "admin")
            people = 1
    if as_json:
        show({"data_dir": str(settings.data_dir), "people": people})
    else:
        click.echo(f"netmap is ready in {settings.data_dir}.")
        if not people:
            click.echo("Nobody can sign in yet: run `netmap users add EMAIL --role admin`.")


@netmap.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@office
@as_json
def db_upgrade(office: Office, as_json: bool) -> None:
    """Bring the database to the schema of this version."""
    from netmap.migrations.upgrade import require_known

    revision = require_known(office.engine(make=True))
    show({"revision": revision}) if as_json else click.echo(f"The database is at schema {revision}.")


@netmap.group("users")
def users_group() -> None:
    """Look after the people who sign in."""


@users_group.command("add")
@click.argument("email")
@click.option("--role", required=True, help="case_manager, coordinator, planner or admin.")
@click.option("--password", help="Asked for where it is not given; also read from standard input.")
@office
@as_json
def users_add(office: Office, email: str, role: str, password: str | None, as_json: bool) -> None:
    """Let somebody sign in."""
    from netmap.auth.service import add_user

    if password is None:
        interactive = sys.stdin.isatty()
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if interactive else sys.stdin.readline().strip()
    with office.writing() as session:
        user = add_user(session, email, password or "", role)
    show({"email": user.email, "role": user.role}) if as_json else click.echo(f"{user.email} can sign in as {user.role}.")


@netmap.command()
@click.option("--host", help="Address to listen on; NETMAP_HOST where not given.")
@click.option("--port", type=int, help="Port to listen on; NETMAP_PORT where not given.")
@office
def serve(office: Office, host: str | None, port: int | None) -> None:
    """Serve the pages; run `netmap worker` beside it."""
    office.engine()
    _serve(office, host, port, with_worker=False)


@netmap.command()
@office
def worker(office: Office) -> None:
    """Do background work (the search index) until stopped."""
    stop = start_worker(office.engine(), office.settings)
    click.echo("The worker is running; stop it with Ctrl+C.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        stop.set()


@netmap.command()
@click.option("--prepare", is_flag=True, help="Only make the database, load the seeds, build the index; then exit.")
@click.option("--port", type=int, help="Port to listen on; NETMAP_PORT where not given.")
@office
def demo(office: Office, prepare: bool, port: int | None) -> None:
    """Load a made-up county, serve it with the worker inside, and say how to sign in."""
    from dataclasses import replace

    from netmap import demo as county

    office.settings = replace(office.settings, demo=True)
    engine = office.engine(make=True)
    loaded = county.prepare(engine, office.settings, lambda line: click.echo(line, err=True))
    drain(engine, office.settings)
    click.echo("The demo county is loaded." if loaded else "The demo county was there already; nothing was changed.")
    if not prepare:
        _serve(office, None, port, with_worker=True)


def _serve(office: Office, host: str | None, port: int | None, *, with_worker: bool) -> None:
    import waitress

    settings = office.settings
    app = create_app(settings)
    address = host or settings.host, port or settings.port
    try:
        server = waitress.create_server(app, host=address[0], port=address[1], threads=4)
    except OSError as error:
        raise Unavailable(
            f"Port {address[1]} on {address[0]} cannot be used ({error.strerror}). Try another: NETMAP_PORT=8001."
        ) from error
    if with_worker:
        start_worker(office.engine(), settings)
    click.echo(f"netmap answers at http://{address[0]}:{address[1]}/ (stop with Ctrl+C)")
    if settings.demo:
        from netmap.demo import PASSWORD, PEOPLE

        for email, role in PEOPLE:
            click.echo(f"  sign in as {role}: {email} / {PASSWORD}")
    sys.stdout.flush()
    server.run()


def read_batch(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the objects of a JSON-lines file with their line numbers.

    Raises
    ------
    Invalid
        For a file that cannot be read or a line that is no JSON object; the sentence names the line.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    found = json.loads(line)
                    if not isinstance(found, dict):
                        raise Invalid(f"{path.name}, line {number}: this is no JSON object in braces.")
                    yield number, found
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path.name} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Invalid(f"{path.name}, line {number}: not JSON ({error.msg}, column {error.colno}).") from error
