"""The shipped vocabulary: needs, service types, circumstances and domains, from ``seeds/vocabulary``."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language as reader_language
from netmap.paths import shipped

LANGUAGES = ("en", "ru", "uk", "lt")
GROUPS = (
    "work", "learning", "money", "housing", "addiction", "mind", "health", "care", "family", "safety", "law",
    "migration", "transport",
)  # fmt: skip

ASKED = ("plain", "abbreviated")  # kinds of phrases that are understood in a question too
Labels = Mapping[str, str]
Phrases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Need:
    """A problem a client may have.

    ``phrases`` may be shown; ``recognised`` holds coarse words that are understood in a text and never shown;
    ``said`` are further ways in which people say it: understood in a question, never shown. ``scenes`` are
    understood in a note only: in a question their words would lead too far.
    ``service_types`` are the services that usually help, the first choice first.
    """

    code: str
    domain: str
    labels: Labels
    phrases: Phrases
    recognised: Phrases
    said: Phrases
    scenes: Phrases
    definition: str
    service_types: tuple[str, ...]
    safety: bool


@dataclass(frozen=True)
class ServiceType:
    """A kind of service that providers offer; ``said`` as for needs."""

    code: str
    labels: Labels
    group: str
    phrases: Phrases
    said: Phrases


@dataclass(frozen=True)
class Circumstance:
    """A fact about the client or household that services ask about."""

    code: str
    labels: Labels
    phrases: Phrases
    patterns: Mapping[str, re.Pattern[str]]
    hint: str


@dataclass(frozen=True)
class Domain:
    """A field of life that groups needs."""

    code: str
    labels: Labels


@dataclass(frozen=True)
class Vocabulary:
    """Everything that netmap has a code for, by code, in the order of the files."""

    needs: Mapping[str, Need]
    service_types: Mapping[str, ServiceType]
    circumstances: Mapping[str, Circumstance]
    domains: Mapping[str, Domain]


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary; read at the first call."""
    return read(shipped("seeds") / "vocabulary")


@cache
def read(folder: Path) -> Vocabulary:
    """Return the vocabulary in the CSV files of ``folder``.

    Raises
    ------
    Invalid
        If a file, a column or a needed value is missing or wrong; names file, row and column.
    """
    domains = {row.code: Domain(row.code, row.labels()) for row in _rows(folder / "domains.csv")}
    said = _Said(folder / "phrases")
    types = {
        row.code: ServiceType(
            row.code,
            row.labels(),
            row.one_of("group", GROUPS),
            row.phrases("phrases"),
            said.of(row.code),
        )
        for row in _rows(folder / "service_types.csv")
    }
    needs = {row.code: _need(row, tuple(domains), tuple(types), said) for row in _rows(folder / "needs.csv")}
    said.refuse_others((*needs, *types))
    circumstances = {row.code: _circumstance(row) for row in _rows(folder / "circumstances.csv")}
    return Vocabulary(needs, types, circumstances, domains)


def label(code: str, language: str | None = None) -> str:
    """Return the name of a need, service type, circumstance or domain.

    Parameters
    ----------
    code : str
        The code; an unknown one is returned as it is, so that old records stay readable.
    language : str, optional
        The language of the name, the reader's where not given; English where there is no name in it.
    """
    known = vocabulary()
    for group in (known.needs, known.service_types, known.circumstances, known.domains):
        if code in group:
            labels = group[code].labels
            return labels.get(language or reader_language()) or labels["en"]
    return code


def require_need(code: str) -> Need:
    """Return the need with this code.

    Raises
    ------
    Invalid
        If there is none; names the nearest code.
    """
    needs = vocabulary().needs
    if code in needs:
        return needs[code]
    nearest = get_close_matches(code[:100], needs, n=1, cutoff=0.0)
    raise Invalid(
        _(
            "There is no need with the code '%(code)s'; the nearest is '%(nearest)s'.",
            code=code[:100],
            nearest=nearest[0] if nearest else "",
        ),
        {"need": _("Choose a need from the list.")},
    )


class _Row:
    """One row of a CSV file that can say where it stands."""

    def __init__(self, path: Path, number: int, values: Mapping[str, str | None]) -> None:
        self.path, self.number, self.values = path, number, values
        self.code = self.needed("code")

    def wrong(self, column: str, reason: str) -> Invalid:
        message = _(
            "The vocabulary cannot be read: %(file)s, row %(row)s, column '%(column)s': %(reason)s",
            file=self.path.name,
            row=self.number,
            column=column,
            reason=reason,
        )
        return Invalid(message, {column: reason})

    def text(self, column: str) -> str:
        value = self.values.get(column)
        if value is None:
            raise self.wrong(column, _("the column is missing."))
        return value.strip()

    def needed(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise self.wrong(column, _("a value is needed."))
        return value

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        value = self.needed(column)
        if value not in allowed:
            nearest = get_close_matches(value, allowed, n=1, cutoff=0.0) or [""]
            raise self.wrong(
                column,
                _("'%(value)s' is not known; the nearest is '%(nearest)s'.", value=value, nearest=nearest[0]),
            )
        return value

    def parts(self, column: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.strip() for part in self.text(column).split("|") if part.strip()))

    def labels(self) -> Labels:
        return {language: self.needed(f"label_{language}") for language in LANGUAGES}

    def phrases(self, column: str) -> Phrases:
        return {language: self.parts(f"{column}_{language}") for language in LANGUAGES}

    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        found = {}
        for language in LANGUAGES:
            if source := self.text(f"pattern_{language}"):
                try:
                    found[language] = re.compile(source, re.IGNORECASE)
                except re.error as error:
                    raise self.wrong(
                        f"pattern_{language}", _("the pattern is wrong: %(error)s.", error=str(error))
                    ) from error
        return found


class _Said:
    """The phrases of the files ``LANGUAGE.csv`` of a folder (code, phrase), by code."""

    def __init__(self, folder: Path) -> None:
        self._first: dict[str, _Row] = {}
        self._found: dict[str, dict[str, list[str]]] = {}
        self._scenes: dict[str, dict[str, list[str]]] = {}
        for language in LANGUAGES:
            for row in _lines(folder / f"{language}.csv"):
                self._first.setdefault(row.code, row)
                group = self._found if row.values.get("kind", "plain") in ASKED else self._scenes
                kept = group.setdefault(row.code, {one: [] for one in LANGUAGES})[language]
                kept.append(row.needed("phrase"))

    def of(self, code: str) -> Phrases:
        return {language: tuple(self._found.get(code, {}).get(language, ())) for language in LANGUAGES}

    def scenes_of(self, code: str) -> Phrases:
        return {language: tuple(self._scenes.get(code, {}).get(language, ())) for language in LANGUAGES}

    def refuse_others(self, codes: Iterable[str]) -> None:
        """Refuse phrases of a code that there is not."""
        for code in self._first.keys() - set(codes):
            row = self._first[code]
            raise row.wrong("code", _("there is no need or service type '%(code)s'.", code=code))


def _rows(path: Path) -> Iterator[_Row]:
    """Yield the rows of one file; codes must differ."""
    seen: set[str] = set()
    for row in _lines(path):
        if row.code in seen:
            raise row.wrong("code", _("'%(code)s' occurs twice.", code=row.code))
        seen.add(row.code)
        yield row


def _lines(path: Path) -> Iterator[_Row]:
    if not path.is_file():
        raise Invalid(_("The vocabulary cannot be read: the file %(file)s is missing.", file=path.name))
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, values in enumerate(csv.DictReader(file, restval=None), start=2):
            yield _Row(path, number, {key: value for key, value in values.items() if key is not None})


def _circumstance(row: _Row) -> Circumstance:
    """Return the circumstance of one row."""
    return Circumstance(row.code, row.labels(), row.phrases("phrases"), row.patterns(), row.text("hint"))


def _need(row: _Row, domains: tuple[str, ...], types: tuple[str, ...], said: _Said) -> Need:
    """Return the need of one row, its domain and service types checked."""
    for code in row.parts("service_types"):
        if code not in types:
            nearest = get_close_matches(code, types, n=1, cutoff=0.0) or [""]
            raise row.wrong(
                "service_types",
                _("'%(value)s' is not known; the nearest is '%(nearest)s'.", value=code, nearest=nearest[0]),
            )
    return Need(
        code=row.code,
        domain=row.one_of("domain", domains),
        labels=row.labels(),
        phrases=row.phrases("phrases"),
        recognised=row.phrases("recognised"),
        said=said.of(row.code),
        scenes=said.scenes_of(row.code),
        definition=row.text("definition_en"),
        service_types=row.parts("service_types"),
        safety=row.one_of("safety", ("0", "1")) == "1",
    )
