"""Commands about the people who sign in."""

import sys

import click

from netmap.auth import events
from netmap.auth import service as auth
from netmap.auth.models import User
from netmap.cli.office import Office, as_json, netmap, office, show


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
    password = _ask(password)
    with office.writing() as session:
        user = auth.add_user(session, email, password, role)
    _say(user, f"{user.email} can sign in as {user.role}.", as_json)


@users_group.command("list")
@office
@as_json
def users_list(office: Office, as_json: bool) -> None:
    """List everybody who is known, with role, and whether they may sign in."""
    with office.reading() as session:
        rows = [
            {
                "email": user.email,
                "role": user.role,
                "active": user.active,
                "sessions": len(auth.sessions_of(session, user.id, office.settings)),
            }
            for user in auth.users(session)
        ]
    if as_json:
        show({"users": rows})
        return
    for row in rows:
        state = f"sessions: {row['sessions']}" if row["active"] else "locked out"
        click.echo(f"{row['email']}  {row['role']}  {state}")


@users_group.command("password")
@click.argument("email")
@click.option("--password", help="Asked for where it is not given; also read from standard input.")
@office
@as_json
def users_password(office: Office, email: str, password: str | None, as_json: bool) -> None:
    """Set a new password; the person's sessions end."""
    password = _ask(password)
    with office.writing() as session:
        user = auth.set_password(session, auth.person_called(session, email).id, password)
    _say(user, f"{user.email} has a new password; all sessions have ended.", as_json)


@users_group.command("role")
@click.argument("email")
@click.argument("role")
@office
@as_json
def users_role(office: Office, email: str, role: str, as_json: bool) -> None:
    """Give somebody another role; the person's sessions end."""
    with office.writing() as session:
        user = auth.set_role(session, auth.person_called(session, email).id, role)
    _say(user, f"{user.email} is {user.role} now.", as_json)


@users_group.command("lock")
@click.argument("email")
@click.option("--open", "reopen", is_flag=True, help="Let the person in again.")
@office
@as_json
def users_lock(office: Office, email: str, reopen: bool, as_json: bool) -> None:
    """Lock somebody out and end the person's sessions."""
    with office.writing() as session:
        user = auth.set_active(session, auth.person_called(session, email).id, reopen)
    _say(user, f"{user.email} {'may sign in again' if reopen else 'is locked out'}.", as_json)


@users_group.command("end-sessions")
@click.argument("email")
@office
@as_json
def users_end_sessions(office: Office, email: str, as_json: bool) -> None:
    """End all sessions of somebody; the person can sign in again."""
    with office.writing() as session:
        user = auth.person_called(session, email)
        ended = auth.end_sessions(session, user.id)
        events.record(session, "sessions ended", about=user.id)
    _say(user, f"{ended} sessions of {user.email} have ended.", as_json)


def _ask(password: str | None) -> str:
    """Return the password that was given, typed twice at a terminal, or sent on standard input."""
    if password is not None:
        return password
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().strip("\r\n")


def _say(user: User, sentence: str, as_json: bool) -> None:
    if as_json:
        show({"email": user.email, "role": user.role, "active": user.active})
    else:
        click.echo(sentence)
