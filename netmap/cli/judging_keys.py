"""Judging in the terminal: one result after another, one key for each, saved at once."""

import sys
import textwrap
from collections.abc import Sequence

import click

from netmap.cli.office import Office
from netmap.db import transaction
from netmap.errors import Unavailable
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.judging.bench import Weights
from netmap.judging.pool import ToJudge, to_judge
from netmap.judging.queries import own_questions
from netmap.judging.service import record_grade, take_back_grade
from netmap.search.backend import SearchBackend

WIDTH = 78
SKIP, UNDO, QUIT = "s", "u", "q"


def judge_all(
    office: Office,
    backend: SearchBackend,
    judge: str,
    chosen: Sequence[str] | None,
    others: Sequence[Weights],
) -> None:
    """Ask for a grade of each result of the chosen questions (None: of all) that has none of this judge."""
    with office.reading() as session:
        questions = own_questions(session)
        if not questions:
            raise Unavailable(
                _(
                    "There are no questions yet. Give one with --question, a file of them with --file, or "
                    "take those that ship with netmap with --shipped."
                )
            )
        steps = [
            step
            for question in questions
            if chosen is None or question.id in chosen
            for step in to_judge(session, backend, office.settings, question, judge, others)
            if step.given is None
        ]
    if not steps:
        click.echo(_("You have judged every result of these questions."))
        return
    _explain(len(steps))
    count = _go_through(office, judge, steps)
    click.echo(ngettext("%(number)s result is judged.", "%(number)s results are judged.", count))


def _explain(count: int) -> None:
    click.echo(ngettext("%(number)s result to judge.", "%(number)s results to judge.", count))
    for line in (
        _("How well does it answer the question?"),
        _("3  the right door: I would send the person there"),
        _("2  helps with that"),
        _("1  related, but would have to send the person on"),
        _("0  does not help with that"),
        _("s skip, u undo the last one, q quit; each grade is saved at once."),
    ):
        click.echo(f"  {line}")


def _go_through(office: Office, judge: str, steps: Sequence[ToJudge]) -> int:
    """Ask for every step and return how many have a grade in the end."""
    graded: set[int] = set()
    at, shown = 0, -1
    while at < len(steps):
        if at != shown:
            _show(steps, at)
        step, shown = steps[at], at
        key = _key()
        if key in "0123":
            with transaction(office.engine()) as session:
                record_grade(session, step.question.id, step.result.service_id, judge, int(key))
            graded.add(at)
            at += 1
        elif key == SKIP:
            at += 1
        elif key == UNDO and at:
            at -= 1
            if at in graded:
                last = steps[at]
                with transaction(office.engine()) as session:
                    take_back_grade(session, last.question.id, last.result.service_id, judge, last.given)
                graded.discard(at)
        elif key == QUIT:
            break
        else:
            click.echo(_("The keys are 0, 1, 2, 3, s, u and q."))
    return len(graded)


def _show(steps: Sequence[ToJudge], at: int) -> None:
    step = steps[at]
    result, question = step.result, step.question
    if at == 0 or steps[at - 1].question.id != question.id:
        click.echo(f"\n=== {question.text}  ({question.language})")
        if question.note:
            _fill(question.note)
    click.echo("\n" + _("%(number)s of %(all)s", number=at + 1, all=len(steps)))
    _fill(result.service)
    _fill(", ".join(part for part in (result.organisation, result.place) if part))
    _fill(result.description)


def _fill(text: str) -> None:
    """Print what others wrote, wrapped, without signs that a terminal would obey."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    if plain.strip():
        click.echo(textwrap.fill(plain, WIDTH, initial_indent="  ", subsequent_indent="  "))


def _key() -> str:
    """Return the key that is pressed; where no person sits at a terminal, the first sign of a line."""
    click.echo("  0 1 2 3 s u q > ", nl=False)
    if sys.stdin.isatty():
        key = click.getchar()
        click.echo(key if key.isprintable() else "")
    else:
        line = sys.stdin.readline()
        key = line.strip()[:1] if line else QUIT
        click.echo(key)
    return key.lower() or "?"
