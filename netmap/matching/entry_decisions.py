"""Keeps whether case management began: codes, an author, an area and a day; never a person."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import Organization, Service, new_id
from netmap.directory.saved_address import personal_problem
from netmap.errors import Conflict
from netmap.i18n import gettext as _
from netmap.matching.entry import ANSWERS, NOT_OURS, REASONS, RESULTS, CriteriaSet, outcome
from netmap.matching.entry_models import EntryDecision
from netmap.matching.facts import Client
from netmap.packages.fields import Fields, raise_if

LONGEST_SENTENCE = 200
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RECEIVERS = {"service": Service, "organization": Organization}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person answered and chose at the page of entry.

    ``receiver`` is "service:ID" or "organization:ID"; ``sentence`` may stay empty. ``key`` is that of the
    page: what is sent from one page twice is kept once.
    """

    answers: Mapping[str, str]
    result: str
    reasons: Sequence[str]
    sentence: str = ""
    receiver: str = ""
    key: str = ""


def keep_entry(
    session: Session,
    settings: Settings,
    client: Client,
    criteria: CriteriaSet,
    answered: Answered,
    *,
    by: str,
) -> EntryDecision:
    """Return the decision, made today by ``by`` (an e-mail).

    Raises
    ------
    Invalid
        If an answer, the result or the reasons cannot be used, if the sentence looks like a person's data,
        or if it is "not ours" and nobody receives the person.
    """
    errors: dict[str, str] = {}
    top = Fields(
        {
            "reasons": list(answered.reasons),
            "sentence": answered.sentence,
            "result": answered.result,
        },
        errors,
    )
    answers = {one.key: answered.answers.get(one.key, "") for one in criteria.criteria}
    answers = {key: answer for key, answer in answers.items() if answer in ANSWERS}
    result = top.code("result", RESULTS, _("choose the result."))
    reasons = top.codes("reasons", REASONS)
    if not reasons:
        top.wrong("reasons", _("choose at least one reason."))
    sentence = top.text("sentence", LONGEST_SENTENCE)
    if problem := personal_problem(sentence):
        top.wrong("sentence", problem)
    kind, receiver, name = _receiver(session, top, answered.receiver, needed=result == NOT_OURS)
    raise_if(errors, _("The decision cannot be kept yet."))
    if kept := _kept_before(session, answered.key, by):
        return kept
    row = EntryDecision(
        id=answered.key if KEY.fullmatch(answered.key) else new_id(),
        criteria_code=criteria.code,
        criteria_number=criteria.number,
        answers=answers,
        followed=outcome(criteria, answers),
        result=result,
        reasons=list(reasons),
        sentence=sentence,
        receiver_kind=kind,
        receiver_id=receiver,
        receiver_name=name,
        area_code=client.area,
        author=by,
        decided_on=now().astimezone(settings.zone()).date(),
    )
    session.add(row)
    session.flush()
    return row


def _kept_before(session: Session, key: str, by: str) -> EntryDecision | None:
    """Return the decision that was sent from the same page before; raises Conflict if it is another's."""
    found = session.get(EntryDecision, key) if KEY.fullmatch(key) else None
    if found is not None and found.author != by:
        raise Conflict(_("This decision was kept by somebody else. Open the page of entry again."))
    return found


def _receiver(session: Session, top: Fields, chosen: str, *, needed: bool) -> tuple[str, str, str]:
    """Return kind, id and name of who receives the person; empty where nobody has to."""
    if not needed:
        return "", "", ""
    kind, _colon, key = chosen.partition(":")
    if not key:
        top.wrong(
            "receiver", _("“not ours” needs somebody who receives: look for the service and choose it.")
        )
        return "", "", ""
    model = RECEIVERS.get(kind)
    found = session.get(model, key) if model else None
    if not isinstance(found, (Service, Organization)):
        top.wrong("receiver", _("this service is not in the directory any more; choose another one."))
        return "", "", ""
    return kind, key, found.name


def counts(session: Session) -> Mapping[str, Mapping[str, int]]:
    """Return set of criteria -> result -> how often it was decided so."""
    query = select(EntryDecision.criteria_code, EntryDecision.result, func.count()).group_by(
        EntryDecision.criteria_code, EntryDecision.result
    )
    found: dict[str, Counter[str]] = {}
    for code, result, number in session.execute(query):
        found.setdefault(code, Counter())[result] += number
    return found
