"""Pages: the ranked gaps, and the picture of the network."""

from collections.abc import Callable
from datetime import datetime

from flask import render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network import service
from netmap.network.few import told_span
from netmap.network.gaps import kept_question, listing
from netmap.network.gaps.words import kind_names, labels
from netmap.network.picture import svg
from netmap.packages.service import choices as package_choices
from netmap.vocabulary.terms import label
from netmap.web.door import blueprint, db, engine, page_number, permit, settings

network = blueprint("network")

PAGE = 20


@network.app_template_global("read_earlier")
def read_earlier() -> datetime | None:
    """Return when the directory was read that a page is told from, None where nothing has changed since."""
    return kept_question.older(db())


@network.get("/gaps")
@permit("read gaps")
def gaps() -> str:
    """Show the gaps, by clients or per 1,000 people."""
    chosen = _chosen()
    order = "rate" if request.args.get("order") == "rate" else "count"
    kind = request.args.get("kind", "")
    kind = kind if kind in listing.LISTS else ""
    wish = listing.Wish(**chosen, order=order, kind=kind, page=page_number(request.args), size=PAGE)
    found = listing.listing(db(), engine(), settings(), wish)
    packages, areas = package_choices(db(), language()), area_choices(db(), language())
    asked = {**chosen, "order": order, "kind": kind or None}
    return render_template(
        "network/gaps.html",
        found=found,
        first=(found.page - 1) * PAGE,
        address=lambda **changes: url_for("network.gaps", **{**asked, **changes}),
        chosen=chosen,
        order=order,
        kind=kind,
        labels=labels(),
        kind_names={
            "": _("Nobody is there"),
            listing.ASK: _("Not known: ask first"),
            **kind_names(settings().fewest_providers),
        },
        people=told_span,
        packages=packages,
        names=dict(packages),
        areas=areas,
        area_names=dict(areas),
    )


@network.get("/network")
@permit("read gaps")
def picture() -> str:
    """Show need, service type and provider as a picture, with its table twin."""
    chosen = _chosen()
    packages = package_choices(db(), language())
    if chosen["package"] is None and packages:
        chosen["package"] = packages[0][0]  # everything at once cannot be read; one package can
    drawn = service.picture(db(), settings(), package=chosen["package"], area=chosen["area"])
    return render_template(
        "network/picture.html",
        chosen=chosen,
        packages=packages,
        areas=area_choices(db(), language()),
        drawing=svg.draw(drawn, _hrefs()),
        rows=service.rows(drawn),
        hands=service.hand_rows(drawn),
        left_out=drawn.left_out,
    )


def _chosen() -> dict[str, str | None]:
    return {name: request.args.get(name) or None for name in ("package", "area")}


def _hrefs() -> dict[str, Callable[[str], str]]:
    """Return how a node of each kind is linked."""
    return {
        "need": lambda code: url_for("search.show", q=label(code)),
        "type": lambda code: url_for("search.show", type=code),
        "provider": lambda key: url_for("directory.organization", organization_id=key),
        "needed": lambda key: url_for("network.gap", key=key),
    }
