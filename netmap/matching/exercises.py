"""Exercise cases: a story in four languages and a model answer, from files. Reads no tables.

They show what a change would do, and people train with them. Nobody in them is a real person.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.packages.fields import KEY, Fields, raise_if
from netmap.paths import shipped
from netmap.vocabulary.terms import LANGUAGES

LEVELS = ("referral", "case management", "coordination team")
LONGEST_STORY, LONGEST_NOTE = 3000, 800
CLIENT_KEYS = ("needs", "facts", "area", "languages", "long_term", "needs_company", "budget", "max_km")
MODEL_KEYS = (*CLIENT_KEYS, "packages", "level", "note")
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Exercise:
    """One case: its name and story in each language, and what a good worker would answer.

    ``client`` is the model client as `netmap.matching.intake.read_client` reads it; ``packages`` the codes
    that are all right, none where no package fits; ``note`` says why.
    """

    code: str
    name: Texts
    story: Texts
    client: Mapping[str, Any]
    packages: tuple[str, ...]
    level: str
    note: Texts

    def client_among(self, areas: Collection[str]) -> dict[str, Any]:
        """Return the model client; without its area in an office that does not know it."""
        return {key: value for key, value in self.client.items() if key != "area" or value in areas}


@cache
def exercises(folder: Path | None = None) -> Mapping[str, Exercise]:
    """Return all exercise cases by code, in the order of their files.

    Raises
    ------
    Invalid
        If a file cannot be read; names the file.
    """
    found = {}
    for path in sorted((folder or shipped("seeds") / "exercises").glob("*.toml")):
        exercise = read_file(path)
        found[exercise.code] = exercise
    return found


def exercise(code: str) -> Exercise:
    """Return one case.

    Raises
    ------
    NotFound
        If there is none with this code.
    """
    found = exercises().get(code)
    if found is None:
        raise NotFound(_("There is no such exercise. Go back to the list of exercises."))
    return found


def read_file(path: Path) -> Exercise:
    """Return the case of one file.

    Raises
    ------
    Invalid
        With every wrong field; the client is read later, when the areas are known.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        sentence = _("The exercise %(file)s cannot be read: %(error)s.", file=path.name, error=str(error))
        raise Invalid(sentence) from error
    errors: dict[str, str] = {}
    top = Fields(values, errors)
    top.only(("code", "name", "story", "model"))
    if top.text("code") != path.stem or not KEY.fullmatch(path.stem):
        top.wrong("code", _("the code must be the name of the file: small Latin letters, digits and '_'."))
    model = Fields(top.mapping("model"), errors, "model.")
    model.only(MODEL_KEYS)
    found = Exercise(
        code=path.stem,
        name=_all_languages(top, "name", 120),
        story=_all_languages(top, "story", LONGEST_STORY),
        client={key: model.values[key] for key in CLIENT_KEYS if key in model.values},
        packages=tuple(str(code) for code in model.sequence("packages")),
        level=model.code("level", LEVELS, _("a way of working is needed.")),
        note=_all_languages(model, "note", LONGEST_NOTE),
    )
    raise_if(errors, _("The exercise %(file)s cannot be used.", file=path.name))
    return found


def _all_languages(part: Fields, name: str, longest: int) -> dict[str, str]:
    texts = part.texts(name, _("a text in every language is needed."), longest)
    for language in LANGUAGES:
        if texts and language not in texts:
            part.wrong(f"{name}.{language}", _("a text in this language is needed."))
    return texts
