"""What the gaps depend on, as one digest: whether something has changed since they were worked out."""

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import changes
from netmap.network import queries
from netmap.network.gaps.overview import assumptions
from netmap.network.models import Demand, Travel, UnmetNeed
from netmap.partners.models import Agreement, AgreementParty


def state_of(session: Session, settings: Settings) -> str:
    """Return a digest of what a survey is made from: another one means that something has changed.

    It looks at notes, days, numbers and sums of what gaps depend on, not at every row; what it does not see,
    such as a decision about a client's package, is taken in with the next day.
    """
    looked_at = (
        func.count(Demand.id), func.sum(Demand.clients), func.sum(Demand.population),
        func.max(Demand.entered_at),
        func.count(UnmetNeed.id), func.max(UnmetNeed.recorded_on),
        func.count(Travel.id), func.sum(Travel.km), func.sum(Travel.minutes),
        func.count(Agreement.id), func.max(Agreement.begins), func.max(Agreement.ends),
        func.count(Agreement.ended_on), func.count(AgreementParty.id),
    )  # fmt: skip
    facts = select(*(select(one).scalar_subquery() for one in looked_at))
    day = now().astimezone(settings.zone()).date()
    parts = (
        changes.newest(session),
        queries.packages_in_use(session),
        tuple(session.execute(facts).one()),
        assumptions(settings),
        day,
    )
    return sha256(repr(parts).encode()).hexdigest()
