"""Pages: which packages coordinators always show or leave out, for whom and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import language
from netmap.matching import curation
from netmap.matching.curation import Wish
from netmap.matching.kept import PackageCuration
from netmap.packages import service
from netmap.packages.document import text
from netmap.web.account import local
from netmap.web.curating import today
from netmap.web.door import blueprint, db, page_number, permit
from netmap.web.packages_choices import need_choices

package_curation = blueprint("package_curation")

PAGE = 25
FIELDS = ("effect", "need", "area", "reason", "until")


@package_curation.get("/package-curation")
@permit("curate")
def listing() -> str:
    """Show every decision in force, or those that have ended."""
    page, ended = page_number(request.args), request.args.get("state") == "ended"
    total, rows = curation.listing(db(), today(), ended=ended, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "package_curation/listing.html",
        total=total,
        rows=rows,
        ended=ended,
        names=dict(service.choices(db(), language())),
        areas=dict(area_choices(db(), language())),
        page=page,
        pages=-(-total // PAGE),
        address=lambda page: url_for("package_curation.listing", page=page, state="ended" if ended else None),
    )


@package_curation.get("/packages/<code>/curation")
@permit("curate")
def form(code: str) -> str:
    """Show the form to show a package always or to leave it out; the address may say for what."""
    return _form(code, {name: request.args.get(name, "") for name in FIELDS}, {})


@package_curation.post("/packages/<code>/curation")
@permit("curate")
def add(code: str) -> Any:
    """Keep a decision and go to the list of decisions."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        curation.curate(db(), code, Wish(**typed), by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _form(code, typed, error.fields), 422
    return redirect(url_for("package_curation.listing"), 303)


@package_curation.post("/package-curation/<curation_id>/end")
@permit("curate")
def end(curation_id: str) -> Any:
    """End a decision and go back to where it was shown."""
    curation.end(db(), curation_id, by=current_user.email)
    back = local(request.form.get("back", "")) or url_for("package_curation.listing")
    return redirect(back, 303)


def in_force(code: str) -> Sequence[PackageCuration]:
    """Return what is decided about a package and in force, the latest first."""
    return curation.listing(db(), today(), ended=False, limit=PAGE, offset=0, package=code)[1]


def _form(code: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    document = service.get(db(), code).document
    return render_template(
        "package_curation/form.html",
        code=code,
        name=text(document.name, language()),
        typed=typed,
        needs=need_choices(),
        areas=area_choices(db(), language()),
        in_force=in_force(code),
        area_names=dict(area_choices(db(), language())),
        today=today(),
        errors=errors,
    )
