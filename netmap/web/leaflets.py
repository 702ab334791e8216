"""Pages: a leaflet of one or several services to take along, on paper or as a PDF."""

from urllib.parse import quote, urlencode

from flask import Response, render_template, request, url_for
from markupsafe import Markup

from netmap.db import now
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language, speaking
from netmap.printing import leaflet as sheets
from netmap.printing.entries import entries
from netmap.printing.typeset import typeset
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, permit, settings

leaflets = blueprint("leaflets")


@leaflets.get("/leaflet")
@permit("read directory")
def show() -> str:
    """Show what a leaflet of the chosen services looks like, and what can be chosen."""
    ids, made = _asked()
    address = request.query_string.decode()
    letter = urlencode({"subject": made.title, "body": sheets.as_text(made)}, quote_via=quote)
    return render_template(
        "printing/leaflet.html",
        sheet=made,
        ids=ids,
        fields=sheets.field_names(),
        chosen=_fields(),
        pdf=f"{url_for('leaflets.pdf')}?{address}",
        mail=f"mailto:?{letter}",
        message=f"sms:?{urlencode({'body': sheets.as_text(made)}, quote_via=quote)}",
        code=lambda text: Markup(sheets.code_svg(text, f"{made.qr_title}: {text}")),  # noqa: S704 - drawn by segno
    )


@leaflets.get("/leaflet.pdf")
@permit("read directory")
def pdf() -> Response:
    """Give the same leaflet as a PDF."""
    _ids, made = _asked()
    content = typeset("leaflet", sheets.as_data(made))
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="leaflet-{made.language}.pdf"'},
    )


def _fields() -> list[str]:
    """Return the fields that were chosen; those that are usual where nobody chose."""
    known = sheets.field_names()
    asked = [code for code in request.args.getlist("field") if code in known]
    return asked or list(sheets.USUAL)


def _asked() -> tuple[list[str], sheets.Leaflet]:
    """Return the ids of the services and the leaflet that the address asks for."""
    ids = list(dict.fromkeys(request.args.getlist("service")))
    if not ids:
        raise Invalid(_("Tick at least one service for the leaflet."))
    if len(ids) > sheets.MOST:
        raise Invalid(_("A leaflet holds %(most)s services at most; untick some.", most=sheets.MOST))
    chosen = request.args.get("language", "")
    with speaking(chosen if chosen in PAGE_LANGUAGES else language()):
        moment = now().astimezone(settings().zone())
        told = {one.id: one for one in entries(db(), ids, moment, settings().stale_days, forget=False)}
        if any(one not in told for one in ids):
            raise NotFound(_("There is no such service; it may have been removed."))
        made = sheets.leaflet(
            [told[one] for one in ids],
            [_page(one) for one in ids],
            fields=_fields(),
            large=bool(request.args.get("large")),
            moment=moment,
            office=settings().language,
        )
    return ids, made


def _page(service_id: str) -> str:
    """Return the address of our page of a service, where everybody can open it."""
    if not settings().public_directory:
        return ""
    return url_for("directory.service", service_id=service_id, _external=True)
