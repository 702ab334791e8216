"""Commands that set netmap up and keep it running."""

import sys
import threading
from dataclasses import replace

import click

from netmap import logs
from netmap.app import create_app, drain, open_backend, start_warm_up, start_worker
from netmap.cli.office import Office, as_json, netmap, office, show
from netmap.errors import Unavailable
from netmap.production import require_told


@netmap.command()
@office
@as_json
def init(office: Office, as_json: bool) -> None:
    """Make an empty installation: database, packages, index, and a first admin where one is named."""
    from netmap.auth.service import add_user, users
    from netmap.directory.indexing import rebuild_now
    from netmap.packages.service import load_seeds

    settings = office.settings
    office.engine(make=True)
    if not settings.secret_key:
        settings.make_key()
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
    if not open_backend(settings).ready():
        rebuild_now(office.engine(), settings)
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


@netmap.command()
@click.option("--host", help="Address to listen on; NETMAP_HOST where not given.")
@click.option("--port", type=int, help="Port to listen on; NETMAP_PORT where not given.")
@office
@as_json
def serve(office: Office, host: str | None, port: int | None, as_json: bool) -> None:
    """Serve the pages; run `netmap worker` beside it."""
    office.engine()
    _serve(office, host, port, as_json, with_worker=False)


@netmap.command()
@office
@as_json
def worker(office: Office, as_json: bool) -> None:
    """Do background work (the search index) until stopped."""
    logs.install(office.settings.log_format)
    stop = start_worker(office.engine(), office.settings)
    show({"worker": "running"}) if as_json else click.echo("The worker is running; stop it with Ctrl+C.")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        stop.set()


@netmap.command()
@click.option(
    "--prepare", is_flag=True, help="Only make the database, load the seeds, build the index; then exit."
)
@click.option("--port", type=int, help="Port to listen on; NETMAP_PORT where not given.")
@office
@as_json
def demo(office: Office, prepare: bool, port: int | None, as_json: bool) -> None:
    """Load a made-up county, serve it with the worker inside, and say how to sign in."""
    from netmap import demo as county

    office.settings = replace(office.settings, demo=True)
    engine = office.engine(make=True)
    loaded = county.prepare(engine, office.settings, lambda line: click.echo(line, err=True))
    drain(engine, office.settings)
    if as_json:
        show({"loaded": loaded})
    elif loaded:
        click.echo("The demo county is loaded.")
    else:
        click.echo("The demo county was there already; nothing was changed.")
    if not prepare:
        _serve(office, None, port, as_json, with_worker=True)


def _serve(office: Office, host: str | None, port: int | None, as_json: bool, *, with_worker: bool) -> None:
    from netmap.cli.server import web_server

    settings = office.settings
    address = host or settings.host, port or settings.port
    require_told(settings, address[0])
    app = create_app(settings)
    try:
        server = web_server(app, *address, proxies=settings.proxies)
    except OSError as error:
        raise Unavailable(
            f"Port {address[1]} on {address[0]} cannot be used ({error.strerror}). "
            "Try another: NETMAP_PORT=8001."
        ) from error
    if with_worker:
        start_worker(office.engine(), settings)
    start_warm_up(app)
    _announce(f"http://{address[0]}:{address[1]}/", settings.demo, as_json)
    server.run()


def _announce(address: str, with_demo: bool, as_json: bool) -> None:
    """Say where netmap answers and, for the demo, how to sign in."""
    from netmap.demo import PASSWORD, PEOPLE

    people = PEOPLE if with_demo else ()
    if as_json:
        sign_ins = [{"role": role, "email": email, "password": PASSWORD} for email, role in people]
        show({"address": address, "sign_ins": sign_ins})
    else:
        click.echo(f"netmap answers at {address} (stop with Ctrl+C)")
        for email, role in people:
            click.echo(f"  sign in as {role}: {email} / {PASSWORD}")
    sys.stdout.flush()
