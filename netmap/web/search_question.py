"""From the fields of a search's address to a question."""

from datetime import UTC, datetime

from netmap.directory.find import Question
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.web.door import settings

PAGE = 20


def question_from(typed: dict[str, str], page: int = 1) -> Question:
    """Return the question of the form's fields.

    Raises
    ------
    Invalid
        With the field, for a point or a distance that cannot be read.
    """
    near, within = None, None
    if typed["near"]:
        try:
            latitude, longitude = (float(part) for part in typed["near"].split(","))
            near = latitude, longitude
        except ValueError as error:
            raise Invalid(
                _("This is no point."),
                {"near": _("Enter a point as latitude,longitude, for example 55.52,25.10.")},
            ) from error
    if typed["within"]:
        try:
            within = float(typed["within"].replace(",", "."))
        except ValueError as error:
            raise Invalid(
                _("This is no distance."), {"within": _("Enter kilometres as a number, for example 20.")}
            ) from error
    return Question(
        text=typed["q"],
        area=typed["area"] or None,
        near=near,
        within_km=within,
        open_at=datetime.now(UTC).astimezone(settings().zone()) if typed["open"] else None,
        only={"type": (typed["type"],)} if typed["type"] else {},
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
