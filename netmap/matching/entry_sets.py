"""The criteria of entry of each region: read, written as a new version, and chosen by place."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap.directory.saved_address import personal_problem
from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _
from netmap.matching.entry import MEASURES, RULES, SHIPPED, CriteriaSet, Criterion, three_tests
from netmap.matching.entry_models import EntryCriteria
from netmap.matching.facts import Client
from netmap.matching.loading import load_places
from netmap.packages.fields import KEY, Fields, raise_if

MOST_CRITERIA = 12
LONGEST_NAME, LONGEST_TEXT = 120, 300


def criteria_sets(session: Session) -> list[CriteriaSet]:
    """Return the version in use of every set, the one that netmap comes with first."""
    latest = select(func.max(EntryCriteria.id)).group_by(EntryCriteria.code)
    rows = session.scalars(select(EntryCriteria).where(EntryCriteria.id.in_(latest)))
    found = {row.code: _set_of(row) for row in rows}
    first = found.pop(SHIPPED, None) or three_tests()
    return [first, *sorted(found.values(), key=lambda one: (one.name.casefold(), one.code))]


def criteria_set(session: Session, code: str) -> CriteriaSet:
    """Return the version in use of one set; raises NotFound."""
    for one in criteria_sets(session):
        if one.code == code:
            return one
    raise NotFound(_("There is no such set of criteria. Go back to the list of criteria."))


def history(session: Session, code: str) -> list[tuple[CriteriaSet, EntryCriteria | None]]:
    """Return all versions of a set, the newest first; the one that netmap comes with has no row."""
    rows = select(EntryCriteria).where(EntryCriteria.code == code).order_by(EntryCriteria.number.desc())
    found: list[tuple[CriteriaSet, EntryCriteria | None]] = [
        (_set_of(row), row) for row in session.scalars(rows)
    ]
    return [*found, (three_tests(), None)] if code == SHIPPED else found


def for_client(session: Session, client: Client) -> CriteriaSet:
    """Return the set of the client's area, else the one without an area, else the first."""
    sets = criteria_sets(session)
    if client.area:
        inside = load_places(session).inside
        own = [one for one in sets if one.area and client.area in inside(one.area)]
        if own:
            return min(own, key=lambda one: (len(inside(one.area)), one.code))
    return sets[0]


def save_criteria(
    session: Session, code: str, values: Mapping[str, object], *, by: str, expected: int
) -> CriteriaSet:
    """Return the new version of a set of criteria.

    Parameters
    ----------
    session : Session
    code : str
        A new one makes a new set.
    values : mapping
        ``name``, ``rule`` (any or all), ``area`` (may be empty) and ``criteria``, each with ``text`` and
        ``measure`` (may be empty).
    by : str
        The e-mail of the author.
    expected : int
        The number of the version that was changed, 0 for a new set.

    Raises
    ------
    Invalid
        With every wrong field.
    Conflict
        If somebody else wrote a newer version, or the code is taken.
    """
    errors: dict[str, str] = {}
    read = _read(session, code, values, errors, by)
    raise_if(errors, _("The criteria cannot be saved yet."))
    newest = max((one.number for one, _row in history(session, code)), default=0)
    if newest != expected:
        raise _newer() if expected else Conflict(_("This code is taken already; choose another one."))
    row = EntryCriteria(
        code=code,
        number=newest + 1,
        name=read.name,
        rule=read.rule,
        criteria=[{"key": one.key, "text": one.text, "measure": one.measure} for one in read.criteria],
        area_code=read.area or None,
        author=by,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # another process was faster
        raise _newer() from error
    return _set_of(row)


def _newer() -> Conflict:
    return Conflict(_("Somebody has written a newer version meanwhile. Open it, and add your change there."))


def _read(
    session: Session, code: str, values: Mapping[str, object], errors: dict[str, str], by: str
) -> CriteriaSet:
    top = Fields(values, errors)
    if not KEY.fullmatch(code):
        top.wrong("code", _("write a code of small letters, digits and _, such as 'north_county'."))
    name = top.text("name", LONGEST_NAME)
    if not name:
        top.wrong("name", _("a name is needed."))
    area = top.text("area")
    if area:
        top.check("area", area, load_places(session).names)
    criteria = _criteria(top)
    for field, text in (("name", name), *((f"criteria.{at}", one.text) for at, one in enumerate(criteria))):
        if problem := personal_problem(text):
            top.wrong(field, problem)
    rule = top.code("rule", RULES, _("choose whether one criterion is enough."))
    return CriteriaSet(code, 0, name, criteria, rule, area, by)


def _criteria(top: Fields) -> tuple[Criterion, ...]:
    found: list[Criterion] = []
    for number, value in enumerate(top.sequence("criteria")):
        part = Fields(value if isinstance(value, Mapping) else {}, top.errors, f"criteria.{number}.")
        text, measure = part.text("text", LONGEST_TEXT), part.text("measure")
        if measure:
            part.check("measure", measure, MEASURES)
        if text:
            found.append(Criterion(f"c{len(found) + 1}", text, measure))
    if not found:
        top.wrong("criteria", _("write at least one criterion."))
    if len(found) > MOST_CRITERIA:
        top.wrong("criteria", _("at most %(most)s criteria can be answered at a desk.", most=MOST_CRITERIA))
    return tuple(found)


def _set_of(row: EntryCriteria) -> CriteriaSet:
    criteria = tuple(Criterion(one["key"], one["text"], one.get("measure", "")) for one in row.criteria)
    return CriteriaSet(row.code, row.number, row.name, criteria, row.rule, row.area_code or "", row.author)
