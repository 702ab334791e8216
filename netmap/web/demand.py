"""Pages: how many clients of each package an area has, where every figure comes from, and entering one."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.directory.models import Area
from netmap.directory.offers import area_insides
from netmap.directory.queries import area_choices
from netmap.editing.further import call
from netmap.editing.models import Edit
from netmap.editing.restoring import take_back
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.counts import FEWER
from netmap.network.demand import entry as demand_entry
from netmap.network.demand import words as demand_words
from netmap.network.demand.demands import figures
from netmap.network.demand.listing import SORTS, Row, held_back, listing, tells_of
from netmap.network.demand.priors import priors_of
from netmap.network.demand.recorded import recorded
from netmap.network.few import told_sum
from netmap.network.models import COUNTED
from netmap.network.statistics import shown
from netmap.packages.service import choices as package_choices
from netmap.packages.service import get as get_package
from netmap.web import edit_forms as forms
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.edit_forms import Field

demand = blueprint("demand")
call("demand", lambda: _("Demand"), private=True)  # its numbers may be small: only its own pages tell them

PAGE = 50


@demand.get("/demand")
@permit("read gaps")
def show() -> str:
    """Show the figures of demand, or the pairs of area and package of which nobody knows anything."""
    areas, packages = area_choices(db(), language()), package_choices(db(), language())
    chosen = {name: request.args.get(name) or None for name in ("area", "package")}
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else SORTS[0]
    unknown = request.args.get("show") == "unknown"
    names = dict(areas) | dict(packages)
    found = listing(db(), settings(), **chosen, sort=sort, names=names)
    page = page_number(request.args)
    rows: list[Any] = [*found.unknown] if unknown else [*found.rows]
    pages = max(1, -(-len(rows) // PAGE))
    page = min(page, pages)
    kept = {**chosen, "sort": sort, "show": "unknown" if unknown else None}
    return render_template(
        "network/demand.html",
        found=found,
        rows=rows[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        address=lambda **changes: url_for("demand.show", **{**kept, **changes}),
        areas=areas,
        packages=packages,
        names=names,
        chosen=chosen,
        sort=sort,
        unknown=unknown,
        words=demand_words,
    )


@demand.get("/demand/choose")
@permit("read gaps")
def choose() -> Any:
    """Go to the figure of the area and the package that were chosen."""
    area, package = request.args.get("area", ""), request.args.get("package", "")
    if not area or not package:
        return redirect(url_for("demand.show", area=area or None, package=package or None), 303)
    return redirect(url_for("demand.figure", area_code=area, package_code=package), 303)


@demand.get("/demand/<area_code>/<package_code>")
@permit("read gaps")
def figure(area_code: str, package_code: str) -> str:
    """Show one figure: who says so, when, how it was worked out, and what was entered before."""
    pair = (area_code, package_code)
    entry = demand_entry.find(db(), *pair)
    every, inside = figures(db(), settings()), area_insides(db())
    row = Row(pair, every[pair], pair in held_back(inside, every)) if pair in every else None

    def told(state: Mapping[str, Any] | None) -> str:
        return _told(state, state is not None and tells_of(inside, every, pair, state["clients"]))

    today = now().astimezone(settings().zone()).date()
    seen = recorded(db(), today).get(pair)
    return render_template(
        "network/demand_figure.html",
        row=row,
        entry=entry,
        **_named(area_code, package_code),
        words=demand_words,
        how=demand_words.worked_out(row.figure, entry) if row and not row.held_back else [],
        seen=seen,
        seen_told=told_sum(seen.parts) if seen else "",
        shares=priors_of(get_package(db(), package_code).document),
        history=[(one, told(one.before), told(one.after)) for one in demand_entry.history(db(), *pair)],
        done=request.args.get("done", ""),
    )


def _told(row: Mapping[str, Any] | None, withheld: bool) -> str:
    """Return a former state of a figure in words; a small group stays one, and what would tell of one."""
    if row is None:
        return _("nothing")
    kind, year = demand_words.kind_name(row["kind"]), row["year"]
    clients = shown(row["clients"])
    clients = _("not shown") if withheld and clients != FEWER else clients
    said = f"{clients} ({kind}{f', {year}' if year else ''})"
    return f"{said}: {row['source']}" if row["source"] else said


def _named(area: str, package: str) -> dict[str, str]:
    names = dict(area_choices(db(), language())), dict(package_choices(db(), language()))
    return {
        "area": area,
        "package": package,
        "area_name": names[0].get(area, area),
        "package_name": names[1].get(package, package),
    }


@demand.get("/demand/<area_code>/<package_code>/enter")
@permit("enter demand")
def form(area_code: str, package_code: str) -> str:
    """Show the form of a figure."""
    row = demand_entry.find(db(), area_code, package_code)
    kept = demand_entry.as_form(row, withheld=_withheld(area_code, package_code))
    people = db().get_one(Area, area_code).population
    usual = {"kind": COUNTED, "year": str(now().year), "population": str(people or "")}
    typed = kept if row is not None else kept | usual
    return _form(area_code, package_code, typed, kept, {})


@demand.post("/demand/<area_code>/<package_code>/enter")
@permit("enter demand")
def save(area_code: str, package_code: str) -> Any:
    """Keep a figure; where two people entered one, ask."""
    row, withheld = demand_entry.find(db(), area_code, package_code), _withheld(area_code, package_code)
    kept, fields = demand_entry.as_form(row, withheld=withheld), _fields(package_code)
    back = _address(area_code, package_code)
    title = _("Somebody else has entered this figure too")
    typed, asks = forms.settle_form(title, fields, kept, forms.typed_of(fields), back)
    if typed is None:
        return asks, 409
    try:
        demand_entry.keep(db(), area_code, package_code, typed, by=current_user.email, moment=now())
    except Invalid as error:
        db().rollback()
        return _form(area_code, package_code, typed, kept, error.fields), 422
    return redirect(back, 303)


@demand.post("/demand/<area_code>/<package_code>/remove")
@permit("enter demand")
def remove(area_code: str, package_code: str) -> Any:
    """Remove what was entered; it can be taken back."""
    number = demand_entry.remove(db(), area_code, package_code, by=current_user.email)
    return redirect(_address(area_code, package_code, done=number), 303)


@demand.post("/demand/<area_code>/<package_code>/undo")
@permit("enter demand")
def undo(area_code: str, package_code: str) -> Any:
    """Put back what stood there before somebody changed or removed this figure."""
    number = request.form.get("edit", "")
    told = demand_entry.history(db(), area_code, package_code)
    found: Edit | None = next((one.edit for one in told if str(one.edit.id) == number), None)
    if found is None:
        raise NotFound(_("There is no such change in the history."))
    take_back(db(), found.id, by=current_user.email)
    return redirect(_address(area_code, package_code), 303)


def _withheld(area: str, package: str) -> bool:
    """Return whether the figure that stands there is told to nobody, not even to whoever changes it."""
    return (area, package) in held_back(area_insides(db()), figures(db(), settings()))


def _address(area: str, package: str, **more: Any) -> str:
    return url_for("demand.figure", area_code=area, package_code=package, **more)


def _fields(package: str) -> list[Field]:
    document = get_package(db(), package).document
    shares = [(one.code, demand_words.prior_name(one)) for one in priors_of(document)]
    options = [(COUNTED, _("clients were counted")), *shares]
    return [
        Field("kind", _("Where the figure comes from"), "choice", options=options,
              hint=_("A published share is used only if you choose it here. A count is better.")),
        Field("clients", _("Clients a year who fit this package"), "number",
              hint=_("If they were counted. “<5” for fewer than five; 0 means that there are none. “*” is a "
                     "number that is not shown: left alone, it stays.")),
        Field("base", _("Of how many clients a year the share is taken"), "number",
              hint=_("Only with a published share: all clients of the office in this area.")),
        Field("population", _("People among whom they were counted"), "number",
              hint=_("Usually the people who live there. Left empty, the number is taken as it is.")),
        Field("year", _("Year"), "number"),
        Field("source", _("Who counted, and where it stands"),
              hint=_("For example: office statistics, table 4. Never a client.")),
        Field("note", _("Note"), hint=_("What others have to know. Never a client.")),
    ]  # fmt: skip


def _form(
    area: str, package: str, typed: Mapping[str, Any], kept: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    named = _named(area, package)
    return forms.show(
        "partners/form.html",
        _fields(package),
        typed,
        kept,
        errors,
        title=_("How many clients a year?"),
        about=f"{named['package_name']}: {named['area_name']}",
        told=_("If nobody knows, leave it: unknown stays unknown and is never counted as none."),
        action=url_for("demand.save", area_code=area, package_code=package),
        back=_address(area, package),
    )
