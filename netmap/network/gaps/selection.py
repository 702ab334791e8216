"""The cells that a page is about: those of everything, narrowed to a package and an area where one is chosen.

A large directory is read once for each survey that is kept (`netmap.network.gaps.kept_question`), and
what was read is narrowed: choosing an area or a package reads nothing again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.offers import area_insides
from netmap.network.cells.engine import Cell
from netmap.network.gaps import kept_question, loading
from netmap.network.gaps.loading import Question


@dataclass(frozen=True)
class Selection:
    """A question with the planning areas and packages that were chosen of it."""

    question: Question
    areas: frozenset[str]
    packages: frozenset[str]

    @property
    def cells(self) -> Iterator[Cell]:
        """The cells of the chosen areas and packages."""
        for cell in self.question.survey.cells:
            if cell.area in self.areas and cell.profile in self.packages:
                yield cell


def select(
    session: Session, settings: Settings, package: str | None = None, area: str | None = None
) -> Selection:
    """Return what was chosen; all packages in use and all planning areas where nothing was.

    Raises
    ------
    Invalid
        If there is no such package or area; names the nearest.
    """
    question = kept_question.everything(session, settings)
    if package not in (None, *question.documents) or area not in (None, *question.areas):
        question = loading.load(session, settings, package, area)  # new, or a sentence says what is wrong
    inside = area_insides(session)(area) if area else None
    codes = (one.code for one in question.ground.areas)
    return Selection(
        question,
        frozenset(code for code in codes if inside is None or code in inside),
        frozenset(code for code in question.profiles if package in (None, code)),
    )
