"""The commands that judge the search: `netmap search judge` and `netmap search bench`."""

from pathlib import Path

import click

from netmap.app import open_backend
from netmap.cli.finding import search
from netmap.cli.judging_keys import judge_all
from netmap.cli.judging_words import print_bench
from netmap.cli.office import Office, as_json, office, show
from netmap.db import transaction
from netmap.i18n import gettext as _
from netmap.i18n import ngettext

SETS = ("open", "kept", "own", "own-kept")
weights_file = click.option(
    "--compare",
    "compared",
    type=click.Path(path_type=Path),
    help="A second setting: a TOML file with a table [weights] of signals.",
)


@search.command("judge")
@click.option("--by", help="E-mail of the coordinator who judges.")
@click.option("--question", "text", help="Judge the answers to this question, kept with the others.")
@click.option("--lang", default="", help="Language of --question, where its words do not tell it.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="Take in questions: CSV or XLSX.")
@click.option("--shipped", is_flag=True, help="Take in the questions that ship with netmap.")
@click.option("--import", "grades", type=click.Path(path_type=Path), help="Take in grades: CSV or XLSX.")
@click.option("--export", "out", type=click.Path(path_type=Path), help="Write own questions and grades.")
@weights_file
@office
def judge(
    office: Office,
    by: str | None,
    text: str | None,
    lang: str,
    file: Path | None,
    shipped: bool,
    grades: Path | None,
    out: Path | None,
    compared: Path | None,
) -> None:
    """Grade what the search finds for saved questions, from 0 to 3, and keep the grades."""
    from netmap.judging.service import judge_called
    from netmap.judging.weights import read_weights

    if by is None and (out is None or text or file or shipped or grades):
        raise click.UsageError("Say with --by EMAIL who judges.")
    others = [read_weights(compared)] if compared else []
    if by is not None:
        with office.reading() as session:
            by = judge_called(session, by)
        chosen = _take_in(office, by, text, lang, file, shipped)
        if grades is not None:
            _take_in_grades(office, grades)
        elif out is None:
            judge_all(office, open_backend(office.settings), by, chosen, others)
    if out is not None:
        _write_out(office, out)


def _take_in(
    office: Office, by: str, text: str | None, lang: str, file: Path | None, shipped: bool
) -> list[str] | None:
    """Keep the questions that were given; return the ids of those to judge, None for all."""
    from netmap.judging.files import question_of, read_questions, shipped_questions
    from netmap.judging.service import keep_questions

    given = [question_of(text, lang)] if text is not None else []
    if file is not None:
        read = read_questions(file)
        given += [question for _line, question in read.questions]
        for note in read.notes:
            click.echo(_("Warning: %(text)s", text=note))
    if shipped:
        given += [*shipped_questions("open"), *shipped_questions("kept")]
    if not given:
        return None
    with transaction(office.engine()) as session:
        return [question.id for question in keep_questions(session, given, by)]


def _take_in_grades(office: Office, path: Path) -> None:
    from netmap.judging.files import read_grades
    from netmap.judging.service import take_in_grades

    read = read_grades(path)
    for note in read.notes:
        click.echo(_("Warning: %(text)s", text=note))
    with transaction(office.engine()) as session:
        count = take_in_grades(session, read, path.name)
    click.echo(ngettext("%(number)s grade was taken in.", "%(number)s grades were taken in.", count))


def _write_out(office: Office, folder: Path) -> None:
    from netmap.judging.files import write_out
    from netmap.judging.queries import own_grades, own_questions

    with office.reading() as session:
        questions, grades = own_questions(session), own_grades(session)
    write_out(folder, questions, grades)
    click.echo(
        _(
            "Written to %(folder)s. Questions: %(questions)s. Grades: %(grades)s.",
            questions=len(questions),
            grades=len(grades),
            folder=str(folder),
        )
    )


@search.command("bench")
@click.option("--set", "which", type=click.Choice(SETS), default="open", help="Which questions are asked.")
@click.option(
    "--weights", "given", multiple=True, metavar="SIGNAL=NUMBER", help="Another weight; repeatable."
)
@weights_file
@click.option("--misses", is_flag=True, help="List the questions with nothing that helps among the first 3.")
@office
@as_json
def bench(
    office: Office,
    which: str,
    given: tuple[str, ...],
    compared: Path | None,
    misses: bool,
    as_json: bool,
) -> None:
    """Say how good the search is: nDCG@10 and success@1, 3, 5 over judged questions, with intervals."""
    from netmap.judging.running import KEPT, SETS, asking, run_bench
    from netmap.judging.weights import read_weights, spelt_weights

    [chosen] = [one for one in SETS if one == which]
    if misses and chosen in KEPT:
        raise click.UsageError("Single questions of a kept half are never shown: nobody shall tune on them.")
    weights, other = spelt_weights(given), read_weights(compared) if compared else None
    backend = open_backend(office.settings)
    with office.reading() as session:
        ask = asking(session, backend, office.settings)
        report = run_bench(session, ask, chosen, weights, other)
    show(report.as_dict()) if as_json else print_bench(report, misses=misses)
