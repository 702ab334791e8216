"""Pages: the forms that a person has put aside."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from netmap.editing import drafts as rules
from netmap.editing import record
from netmap.web.door import blueprint, db, permit

drafts = blueprint("drafts")

FORMS = {
    "service": ("editing.new", "editing.service"),
    "organization": ("light.organization", "organizations.edit"),
    "location": ("locations.new", "locations.edit"),
}  # what a draft is about -> the form of a new one, and of one that is there


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
    new, form = FORMS[draft.about_table]
    if draft.about_id is None:
        return url_for(new, draft=draft.id)
    if db().get(record.KINDS[draft.about_table][0], draft.about_id) is None:
        return None
    values: dict[str, Any] = {f"{draft.about_table}_id": draft.about_id, "draft": draft.id}
    return url_for(form, **values)
