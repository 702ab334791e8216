"""Pages: the forms that a person has put aside."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from netmap.directory.models import Service
from netmap.editing import drafts as rules
from netmap.web.door import blueprint, db, permit

drafts = blueprint("drafts")


@drafts.get("/drafts")
@permit("edit directory")
def listing() -> str:
    """Show the drafts of the person, the latest first."""
    rows = rules.of_person(db(), current_user.user_id)
    return render_template("editing/drafts.html", drafts=[(row, _href(row)) for row in rows])


@drafts.post("/drafts/<draft_id>/throw-away")
@permit("edit directory")
def throw_away(draft_id: str) -> Any:
    """Throw a draft away."""
    rules.throw_away(db(), current_user.user_id, draft_id)
    return redirect(url_for("drafts.listing"), 303)


def _href(draft: rules.EditDraft) -> str | None:
    """Return where a draft is taken up again; None where its record is gone."""
    if draft.about_id is None:
        return url_for("editing.new", draft=draft.id)
    if draft.about_table == "service" and db().get(Service, draft.about_id) is not None:
        return url_for("editing.service", service_id=draft.about_id, draft=draft.id)
    return None
