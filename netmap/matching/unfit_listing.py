"""What coordinators see of cases that no package fits: groups, and the package that comes nearest to each."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.i18n import language
from netmap.matching import score
from netmap.matching.facts import Client, Library, Rated
from netmap.matching.kept import UnfitCase
from netmap.matching.loading import load_library
from netmap.matching.unfit import DAYS
from netmap.matching.unfit_groups import TYPICAL, Case, Group, groups
from netmap.packages.document import text

MOST = 1_000


@dataclass(frozen=True)
class Nearest:
    """The package in use that comes nearest to a group: its score, and the needs that it does not cover."""

    code: str
    name: str
    score: float
    lacks: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Return whether a package has come since then, or was changed, so that it fits."""
        return self.score >= score.WITH_CORRECTION


def grouped(session: Session, settings: Settings) -> list[Group]:
    """Return the groups of the cases of the last year, the latest thousand at most."""
    since = now().astimezone(settings.zone()).date() - timedelta(days=DAYS)
    query = select(UnfitCase).where(UnfitCase.recorded_on > since)
    rows = session.scalars(query.order_by(UnfitCase.recorded_on.desc(), UnfitCase.id).limit(MOST))
    return groups(
        Case(
            {code: rated["severity"] for code, rated in row.needs.items()},
            row.facts,
            row.area_code,
            row.recorded_on,
        )
        for row in rows
    )


def nearest(session: Session, found: list[Group]) -> list[Nearest | None]:
    """Return for each group the package that comes nearest today; None where no package has any of it."""
    library = load_library(session)
    return [_nearest(library, group) for group in found]


def _nearest(library: Library, group: Group) -> Nearest | None:
    """Return the package with the best score for a client with what is common in the group."""
    needs = {code: Rated(round(severity), 0) for code, share, severity in group.needs if share >= TYPICAL}
    client = Client(needs=needs, facts=dict.fromkeys(group.facts, "yes"))
    scores = score.score_all(library, client)
    best = score.order(library, scores, 1)
    if not best:
        return None
    code, _number, document = library.packages[best[0]]
    points = round(float(scores.score[best[0]]), 1)
    lacks = tuple(score.to_add(library, client, best[0]))
    return Nearest(code, text(document.name, language()), points, lacks)
