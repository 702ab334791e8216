"""Pages behind a provider's link: the employer says with one click whether a vacancy still stands."""

from typing import Any

from flask import redirect, request, url_for

from netmap.db import now
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.vacancies import service
from netmap.web.door import db, permit
from netmap.web.provider import provider
from netmap.web.provider_door import acting
from netmap.web.vacancy_cards import reached

ACTS = ("confirm", "filled", "taken")


@provider.post("/provider/<token>/vacancies/<vacancy_id>/tell")
@permit("provider link")
def vacancy(token: str, vacancy_id: str) -> Any:
    """Keep what the employer says of a vacancy; everybody sees it at once."""
    act = request.form.get("do", "")
    with acting(token, "vacancy") as link:
        if act not in ACTS:
            raise Invalid(_("Choose what is true: it still stands, a place was taken, or it is filled."))
        if vacancy_id not in {row.id for row in reached(link)}:
            raise NotFound(_("There is no such record behind this link."))
        who = link.addressee
        if act == "confirm":
            service.attest(db(), vacancy_id, by=who, who=who, moment=now())
        elif act == "taken":
            service.count(db(), vacancy_id, -1, by=who)
        else:
            service.withdraw(db(), vacancy_id, by=who, moment=now())
    return redirect(url_for("provider.overview", token=token, done="vacancy"), 303)
