"""A question of the terminal from its options, and its answer in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from netmap.cli.office import Office
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import ngettext

if TYPE_CHECKING:
    from netmap.directory.find import Answer, Question, Result

MOST_LINES = 6  # reasons printed for one service: the rest is in the JSON


def question_from(given: Mapping[str, Any], office: Office) -> "Question":
    """Return the question of options or of one line of a batch; both have the same names.

    Raises
    ------
    Invalid
        If a value cannot be read; the sentence names it.
    """
    from netmap.cli.finding import moment_of, point_of
    from netmap.directory.find import Question

    only = _filters(given.get("only") or ())
    if given.get("type"):
        only["type"] = (*only.get("type", ()), str(given["type"]))
    return Question(
        text=_text(given.get("query", "")),
        area=str(given["area"]) if given.get("area") else None,
        near=point_of(given.get("near")),
        within_km=_number(given, "within"),
        open_at=moment_of(given.get("open_at"), office),
        checked_days=_whole(given, "checked_within"),
        only=only,
        without=frozenset(map(str, _list(given.get("without") or ()))),
        sort=str(given.get("sort") or "best"),
        limit=20 if (limit := _whole(given, "limit")) is None else limit,
    )


def _filters(given: Any) -> dict[str, tuple[str, ...]]:
    """Return field -> codes of "FIELD=CODE", or of an object with lists as a line of a batch may have."""
    if isinstance(given, Mapping):
        return {str(name): tuple(map(str, _list(codes))) for name, codes in given.items()}
    found: dict[str, tuple[str, ...]] = {}
    for one in _list(given):
        name, equals, code = str(one).partition("=")
        if not (equals and name.strip() and code.strip()):
            raise Invalid(f"The filter '{str(one)[:60]}' is not FIELD=CODE, for example cost=free.")
        found[name.strip()] = (*found.get(name.strip(), ()), code.strip())
    return found


def _list(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def _number(given: Mapping[str, Any], name: str) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Invalid(f"'{name}' is '{str(value)[:60]}', which is no number.") from error


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    value = _number(given, name)
    if value is None:
        return None
    if not value.is_integer():
        raise Invalid(f"'{name}' is {value}, which is no whole number.")
    return int(value)


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise Invalid(f"The query is {str(given)[:60]}, which is no text.")
    return given


def print_answer(found: "Answer") -> None:
    """Print what was understood, the services with their reasons, and how to go on where few fit."""
    if found.understood:
        click.echo(_("Understood as:") + " " + ", ".join(chip.label for chip in found.understood))
    if found.read_as:
        click.echo(_("Read as: %(words)s", words=found.read_as))
    if found.suggestion:
        click.echo(_("Did you mean: %(words)s", words=found.suggestion))
    for words, areas in found.choices.items():
        named = ", ".join(f"{name} (--area {code})" for code, name in areas)
        click.echo(_("'%(words)s' names several areas: %(areas)s", words=words, areas=named))
    for result in found.results:
        _print_result(result)
    for loosened in found.loosen:
        click.echo(f"{loosened.label}: {loosened.total}")
    for miss in found.misses:
        click.echo(_("Nearly: %(service)s", service=miss.service) + f". {miss.reason}")
    for one in found.left_out:
        click.echo(_("Left out by a coordinator: %(service)s", service=one.service) + f". {one.reason}")
    click.echo(ngettext("%(number)s service found", "%(number)s services found", found.total))


def _print_result(result: "Result") -> None:
    who = result.organisation or _("organisation not known")
    click.echo(f"{result.score:6.2f}  {result.service} ({who})")
    said = set()
    for line in result.signals[:MOST_LINES]:
        click.echo(f"   {line.points:+6.2f}  {line.label}")
        said.add(line.label)
    for text in (*result.why, result.place, result.open, *result.badges):
        if text and text not in said:
            click.echo(f"           {text}")
