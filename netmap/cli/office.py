"""What every command stands on: the settings, an opened database, and how answers and errors are printed."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from netmap import __version__
from netmap.app import drain, import_all_models
from netmap.config import Settings
from netmap.db import open_engine, open_session, transaction
from netmap.errors import Invalid, NetmapError, Unavailable
from netmap.i18n import set_language
from netmap.vocabulary import kept

MOST_FIELDS = 20  # told of those that are wrong

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Office:
    """What a command works with: the settings and an opened database."""

    def __init__(self) -> None:
        self.settings = Settings.from_environment()
        kept.keep_in(self.settings.data_dir / "words")
        set_language(self.settings.language)
        import_all_models()
        self._engine: Engine | None = None

    def engine(self, *, make: bool = False) -> Engine:
        """Return the engine; ``make`` brings the schema up to date first."""
        from netmap.migrations.upgrade import require_known, upgrade

        if self._engine is None:
            if make:
                self._make_folder()
            elif not self.settings.database_url and not (self.settings.data_dir / "netmap.db").is_file():
                raise Unavailable(
                    f"There is no netmap database in {self.settings.data_dir}. "
                    "Run `netmap init`, or set NETMAP_DATA_DIR."
                )
            self._engine = open_engine(self.settings.database())
            if make:
                upgrade(self._engine)
            elif require_known(self._engine) is None:
                raise Unavailable("The database is empty. Run `netmap init`.")
        return self._engine

    def _make_folder(self) -> None:
        """Make the data folder and the file of the database, for their owner only.

        The file is closed to others by itself: a folder that was there before may be open to them.
        """
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.settings.database_url:
                (folder / "netmap.db").touch(mode=0o600)
        except OSError as error:
            raise Unavailable(
                f"The data folder {folder} cannot be used ({error.strerror}). Set NETMAP_DATA_DIR."
            ) from error

    def close(self) -> None:
        """Let go of the database."""
        if self._engine is not None:
            self._engine.dispose()

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
    context.call_on_close(context.obj.close)


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
    except DatabaseError as error:
        click.echo(f"netmap: The database does not answer ({error.orig}). Run `netmap doctor`.", err=True)
        sys.exit(1)
    except NetmapError as error:
        click.echo(f"netmap: {' '.join(_told(error).split())}", err=True)
        sys.exit(1)


def _told(error: NetmapError) -> str:
    """Return the sentence of an error with those about its fields, as many as somebody reads."""
    fields = error.fields if isinstance(error, Invalid) else {}
    details = [f"{name[:80]}: {sentence}" for name, sentence in islice(fields.items(), MOST_FIELDS)]
    more = len(fields) - len(details)
    return " ".join([error.message, *details, *([f"And {more} more fields are wrong."] if more else [])])


def show(data: Any) -> None:
    """Print one JSON object on one line, readable in every language.

    Half a surrogate pair, which no encoding can print, stands there as JSON writes it, like \\ud800.
    """
    click.echo(json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace").decode())


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file; raises Invalid where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path.name} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error


def read_object(text: str, name: str, line: int = 1) -> dict[str, Any]:
    """Return the JSON object that stands at ``line`` of the file called ``name``.

    Raises
    ------
    Invalid
        If it is no JSON object; the sentence names the line.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{name}, line {line + error.lineno - 1}"
        raise Invalid(f"{where}: not JSON ({error.msg}, column {error.colno}).") from error
    except (RecursionError, ValueError) as error:  # brackets in brackets, or a number of thousands of digits
        raise Invalid(f"{name}, line {line}: too deep, or with a number too long, to be read.") from error
    if not isinstance(found, dict):
        raise Invalid(f"{name}, line {line}: this is no JSON object in braces.")
    return found


def run_batch(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Print one JSON object per line of the file, in its order, with its ``id``.

    A line that cannot be answered gives ``{"id", "error"}`` and the others go on.

    Raises
    ------
    Invalid
        For a file that cannot be read or a line that is no JSON object; the sentence names the line.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        asked = read_object(line, path.name, number)
        try:
            found = answer(asked)
        except NetmapError as error:
            found = {
                "error": error.message,
                **({"fields": error.fields} if isinstance(error, Invalid) else {}),
            }
        show({"id": asked.get("id"), **found})
