"""How pages show things: filters for dates, numbers, labels and links."""

from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_skeleton
from flask import Flask

from netmap.directory import queries
from netmap.directory.models import Area
from netmap.directory.web_links import link
from netmap.editing.words import duration_names, layer_names, party_names, status_names
from netmap.freshness.checks import way_name
from netmap.i18n import gettext as _
from netmap.i18n import language, numbers
from netmap.i18n.names import language_name
from netmap.i18n.numbers import locale
from netmap.vocabulary.terms import label
from netmap.web.door import settings

__all__ = ["day", "install", "language_name", "link", "moment", "number", "role_name", "status_name"]


def install(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters.update(
        label=label,
        area_name=area_name,
        language_name=language_name,
        day=day,
        moment=moment,
        month=month,
        number=number,
        link=link,
        status_name=status_name,
        notice=notice,
        duration_name=lambda code: duration_names().get(code or "", code or ""),
        layer_name=lambda code: layer_names().get(code or "", code or ""),
        party_name=lambda code: party_names().get(code, code),
        way_name=way_name,
    )
    app.jinja_env.globals.update(role_name=role_name)


def day(value: date | None) -> str:
    """Return a date in the reader's language, or "not known"."""
    return format_date(value, "long", locale=locale()) if value else _("not known")


def month(value: date) -> str:
    """Return the month of a date in the reader's language."""
    return format_skeleton("yMMMM", value, locale=locale())


def moment(value: datetime | None) -> str:
    """Return a moment in the reader's language and the office's time zone, or "not known"."""
    if value is None:
        return _("not known")
    here = value.astimezone(settings().zone())
    return f"{format_date(here, 'medium', locale=locale())} {here:%H:%M}"


def area_name(area: Area) -> str:
    """Return the name of an area in the reader's language, else its own."""
    return queries.area_name(area, language())


def number(value: float | int | None, digits: int = 1) -> str:
    """Return a number in the reader's language with at most ``digits`` decimals."""
    return _("not known") if value is None else numbers.number(value, digits)


def notice(record: Any, today: date) -> str:
    """Return the notice of a service or organization while it is to be shown, else ""."""
    over = record.alert_until is not None and record.alert_until < today
    return "" if over else record.alert or ""


def role_name(role: str) -> str:
    """Return the name of a role in the reader's language."""
    names = {
        "case_manager": _("Case manager"),
        "coordinator": _("Coordinator"),
        "planner": _("Planner"),
        "admin": _("Admin"),
    }
    return names.get(role, role)


def status_name(status: str) -> str:
    """Return a service's status in the reader's language."""
    return status_names().get(status, status)
