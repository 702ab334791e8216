"""What the survey that is kept says of single gaps, as long as it still holds: nothing is worked out anew."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from netmap.config import Settings
from netmap.network import loading
from netmap.network.survey_models import GapCard, GapSurvey
from netmap.network.surveying import areas_of, kept_state, state_of
from netmap.network.taken import Pair, Standing, standing_of


def holds(session: Session, settings: Settings) -> bool:
    """Return whether a survey is kept and nothing has changed since it was made."""
    kept = kept_state(session)
    return kept is not None and kept == state_of(session, settings)


def package_of(session: Session, key: str) -> str | None:
    """Return the package of a gap, None where the kept survey does not know it."""
    return session.scalar(select(GapCard.profile).where(GapCard.key == key))


def packages_missing(session: Session, service_type: str) -> tuple[str, ...]:
    """Return the packages that miss a kind of service, in the order of the gaps."""
    query = select(GapCard.profile).where(GapCard.service_type == service_type, GapCard.apart.is_(False))
    return tuple(dict.fromkeys(session.scalars(query.order_by(GapCard.place))))


def standing(session: Session, settings: Settings) -> Standing:
    """Return which gaps there are now, what is at risk among them."""
    if not holds(session, settings):
        return standing_of(loading.load(session, settings))
    codes = session.scalars(select(GapSurvey).options(undefer(GapSurvey.areas))).one().areas
    missing: dict[Pair, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    query = select(GapCard.key, GapCard.service_type, GapCard.profile, GapCard.areas)
    for key, kind, package, bits in session.execute(query.where(GapCard.apart.is_(False))):
        areas = frozenset(codes[place] for place in areas_of(bits, len(codes)))
        missing[kind, package].append((key, areas))
    keys = frozenset(session.scalars(select(GapCard.key)))
    return Standing(keys, {pair: tuple(found) for pair, found in missing.items()})
