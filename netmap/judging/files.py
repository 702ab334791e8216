"""Questions and grades in files: those that ship with netmap, those of an office, and what goes out."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from netmap.directory.asking import LONGEST
from netmap.directory.csvfiles import Place, require_columns
from netmap.directory.hsds_cells import clean
from netmap.directory.hsds_names import record_id
from netmap.directory.reading.apart import read_file
from netmap.errors import Invalid, Unavailable
from netmap.i18n import gettext as _
from netmap.judging.measures import GRADES
from netmap.judging.questions import HALVES, REST, Grade, Half, SavedQuestion, half_of, id_of
from netmap.paths import shipped
from netmap.vocabulary.words import LANGUAGES, languages_of

QUESTION_COLUMNS = ("id", "lang", "query", "note", "half")
GRADE_COLUMNS = ("question", "service_id", "grade", "judge")
COUNTY = "demo"  # the source under which the made-up county is loaded
LONGEST_ID, LONGEST_JUDGE = 36, 254


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    """The questions of a file with the line of each, and what the reader has to say of the file."""

    questions: tuple[tuple[Place, SavedQuestion], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadGrades:
    """The grades of a file with the line of each, and what the reader has to say of the file."""

    grades: tuple[tuple[Place, Grade], ...]
    notes: tuple[str, ...]


@cache
def shipped_questions(half: Half) -> tuple[SavedQuestion, ...]:
    """Return the questions of one half that ship with netmap."""
    read = read_questions(_shipped(f"{half}.csv"), half)
    return tuple(question for _line, question in read.questions)


@cache
def shipped_grades(half: Half) -> tuple[Grade, ...]:
    """Return what the judges said of services of the made-up county as answers to one half."""
    return tuple(_in_county(grade) for _line, grade in read_grades(_shipped(f"grades_{half}.csv")).grades)


def _in_county(grade: Grade) -> Grade:
    """Return a grade with the id that its service has once the county is loaded."""
    if grade.service_id == REST:
        return grade
    return replace(grade, service_id=record_id(COUNTY, "service", grade.service_id))


def _shipped(name: str) -> Path:
    path = shipped("seeds") / "questions" / name
    if not path.is_file():
        raise Unavailable(
            _("The file %(name)s that ships with netmap is missing: install netmap again.", name=name)
        )
    return path


def read_questions(path: Path, half: Half | None = None) -> ReadQuestions:
    """Return the questions of a CSV or XLSX file; only the column ``query`` is needed.

    Parameters
    ----------
    half : str, optional
        The half of all of them; else the column ``half`` says it, or the words of the question do.

    Raises
    ------
    Invalid
        If the file or one of its rows cannot be used; says where and how to mend it.
    """
    file = read_file(path)
    require_columns(file, ("query",))
    found: list[tuple[Place, SavedQuestion]] = []
    for line, row in file.rows():
        cells = {name: clean(row.get(name, "")) for name in QUESTION_COLUMNS}
        with _at(file.name, line):
            asked = question_of(
                cells["query"], cells["lang"], half or cells["half"], id_=cells["id"], note=cells["note"]
            )
            found.append((line, asked))
    return ReadQuestions(tuple(found), file.notes)


def question_of(
    text: str, language: str = "", half: str = "", *, id_: str = "", note: str = ""
) -> SavedQuestion:
    """Return a question as it is kept; the language is told by its words where it is not given.

    Raises
    ------
    Invalid
        If it cannot be asked, or its language cannot be told.

    Examples
    --------
    >>> question_of("Немає  роботи").language, question_of("Немає  роботи").text
    ('uk', 'Немає роботи')
    """
    text = " ".join(text.split())
    if not text:
        raise Invalid(_("The question is empty."))
    if len(text) > LONGEST:
        raise Invalid(
            _(
                "The question has %(number)s characters and may have %(most)s: say it in fewer words.",
                number=len(text),
                most=LONGEST,
            )
        )
    if len(id_) > LONGEST_ID:
        raise Invalid(_("The id '%(id)s' has more than %(most)s characters.", id=id_[:60], most=LONGEST_ID))
    told = languages_of(text)
    language = language.lower() or (told[0] if len(told) == 1 else "")
    if language not in LANGUAGES:
        choices = ", ".join(LANGUAGES)
        raise Invalid(_("Say in which language the question is: %(choices)s.", choices=choices))
    if half and half not in HALVES:
        raise Invalid(_("The half '%(half)s' is neither 'open' nor 'kept'.", half=half[:60]))
    chosen: Half = "kept" if half == "kept" else "open" if half else half_of(language, text)
    return SavedQuestion(id_ or id_of(language, text), language, text, chosen, note)


def read_grades(path: Path) -> ReadGrades:
    """Return the grades of a CSV or XLSX file.

    Raises
    ------
    Invalid
        If the file or one of its rows cannot be used; says where and how to mend it.
    """
    file = read_file(path)
    require_columns(file, GRADE_COLUMNS)
    found: list[tuple[Place, Grade]] = []
    for line, row in file.rows():
        with _at(file.name, line):
            found.append((line, _grade({name: clean(row.get(name, "")) for name in GRADE_COLUMNS})))
    return ReadGrades(tuple(found), file.notes)


def _grade(cells: Mapping[str, str]) -> Grade:
    empty = [name for name in GRADE_COLUMNS if not cells[name]]
    if empty:
        raise Invalid(_("the column %(columns)s is empty.", columns=", ".join(empty)))
    if cells["grade"] not in {str(grade) for grade in GRADES}:
        raise Invalid(_("the grade '%(grade)s' is not 0, 1, 2 or 3.", grade=cells["grade"][:60]))
    if cells["service_id"] == REST and cells["grade"] != "0":
        raise Invalid(_("* means every service that is not listed, and its grade can only be 0."))
    if len(cells["judge"]) > LONGEST_JUDGE:
        raise Invalid(_("the name of the judge has more than %(most)s characters.", most=LONGEST_JUDGE))
    return Grade(cells["question"], cells["service_id"], cells["judge"], int(cells["grade"]))


@contextmanager
def _at(name: str, line: Place) -> Iterator[None]:
    """Put the name of the file and the line before what is wrong in a row."""
    try:
        yield
    except Invalid as error:
        where = _("%(file)s, line %(line)s:", file=name, line=line)
        raise Invalid(f"{where} {error.message}") from error


def write_out(folder: Path, questions: Iterable[SavedQuestion], grades: Iterable[Grade]) -> None:
    """Write ``questions.csv`` and ``grades.csv`` into a new folder, in the form that is read here.

    Raises
    ------
    Invalid
        If the folder is there already or cannot be made.
    """
    try:
        folder.mkdir(parents=True)
        asked = [(one.id, one.language, one.text, one.note, one.half) for one in questions]
        given = [(one.question, one.service_id, str(one.grade), one.judge) for one in grades]
        _write(folder / "questions.csv", QUESTION_COLUMNS, asked)
        _write(folder / "grades.csv", GRADE_COLUMNS, given)
    except FileExistsError as error:
        raise Invalid(_("%(path)s is there already; name a folder that is not.", path=str(folder))) from error
    except OSError as error:
        raise Invalid(
            _("%(path)s cannot be written: %(why)s.", path=str(folder), why=error.strerror)
        ) from error


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
