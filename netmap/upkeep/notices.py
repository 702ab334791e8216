"""What an admin sees on the start page without asking: changes not found yet, no backup for long."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.jobs.models import Job
from netmap.upkeep.folder import days_without_backup
from netmap.upkeep.index import waiting_since


def notices(session: Session, settings: Settings) -> list[str]:
    """Return a sentence for each thing that the person who keeps netmap running has to look after."""
    sentences = []
    late = waiting_since(session)
    if late is not None:
        minutes = int((now() - late).total_seconds() // 60)
        sentences.append(
            ngettext(
                "Changes have not reached the search for %(number)s minute. Is `netmap worker` running?",
                "Changes have not reached the search for %(number)s minutes. Is `netmap worker` running?",
                minutes,
                number=minutes,
            )
        )
    if session.scalar(select(func.count()).select_from(Job).where(Job.state == "failed")):
        sentences.append(_("Background work was given up after several tries. Run `netmap doctor`."))
    days = days_without_backup(session, settings)
    if days is not None:
        sentences.append(
            ngettext(
                "There has been no backup for %(number)s day. Run `netmap backup`.",
                "There has been no backup for %(number)s days. Run `netmap backup`.",
                days,
                number=days,
            )
        )
    return sentences
