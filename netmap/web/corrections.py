"""Pages: what providers want to have corrected, beside what stands in the record: taken or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.selfservice import corrections as room
from netmap.selfservice.corrections import Piece
from netmap.selfservice.models import WAITING, Correction
from netmap.web.door import blueprint, db, page_number, permit
from netmap.web.provider import name_of
from netmap.web.provider_words import label, lines

corrections = blueprint("corrections")

PAGE = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One piece of a correction in words: as the provider saw it, as it is now, as it should be."""

    name: str
    label: str
    base: tuple[str, ...]
    now: tuple[str, ...]
    wished: tuple[str, ...]
    settled: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction as the page shows it."""

    row: Correction
    name: str
    address: str
    sides: tuple[Side, ...]


@corrections.get("/corrections")
@permit("decide corrections")
def listing() -> str:
    """Show the corrections that wait, each in full, or those that were decided."""
    return _page({}, "")


@corrections.post("/corrections/<correction_id>")
@permit("decide corrections")
def decide(correction_id: str) -> Any:
    """Take a correction, a part of it, refuse it with a sentence, or take back what was taken."""
    form, by = request.form, current_user.email
    answer = form.get("answer", "")
    try:
        match form.get("do", ""):
            case "all":
                room.take(db(), correction_id, None, by=by, answer=answer)
            case "some":
                room.take(db(), correction_id, form.getlist("take"), by=by, answer=answer)
            case "refuse":
                room.refuse(db(), correction_id, by=by, answer=answer)
            case "back":
                room.take_back(db(), correction_id, by=by)
            case _:
                raise Invalid(_("Choose what shall be done with the correction."))
    except Invalid as error:
        db().rollback()
        return _page({correction_id: error.message}, answer), 422
    return redirect(url_for("corrections.listing"), 303)


def _page(errors: Mapping[str, str], answer: str) -> str:
    page, decided = page_number(request.args), request.args.get("state") == "decided"
    total, rows = room.listing(db(), waiting=not decided, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "corrections/listing.html",
        asked=[_asked(row) for row in rows],
        total=total,
        decided=decided,
        page=page,
        pages=-(-total // PAGE),
        errors=errors,
        answer=answer,
        taken=set(request.form.getlist("take")),
        address=lambda page: url_for("corrections.listing", page=page, state="decided" if decided else None),
    )


def _asked(row: Correction) -> Asked:
    try:
        pieces = room.pieces(db(), row) if row.state == WAITING else []
    except NotFound:  # the record is gone; the correction can only be refused
        pieces = []
    return Asked(row, name_of(row), _address(row), tuple(_side(row, piece) for piece in pieces))


def _address(row: Correction) -> str:
    if row.table_name == "service":
        return url_for("directory.service", service_id=row.row_id)
    return url_for("directory.organization", organization_id=row.organization_id)


def _side(row: Correction, piece: Piece) -> Side:
    kind = row.table_name
    base, stands, wished = (tuple(lines(db(), kind, one)) for one in (piece.base, piece.now, piece.wished))
    return Side(piece.name, label(kind, piece.name), base, stands, wished, piece.settled, piece.done)
