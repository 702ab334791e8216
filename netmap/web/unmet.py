"""Pages: a need that nobody could meet is recorded, taken back as a mistake, and listed for planners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.queries import area_choices
from netmap.directory.week_marks import AlreadyRecorded, take_back
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language as reader_language
from netmap.network import queries
from netmap.network.counts import guarded
from netmap.network.demand.unmet import (
    NEED,
    PARTS_OF_DAY,
    TYPE,
    Unmet,
    record_unmet_need,
)
from netmap.network.few import told_groups
from netmap.network.models import UnmetNeed
from netmap.network.statistics import shown
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.show import language_name
from netmap.web.take_back import MINUTES, record_of, token_of

unmet = blueprint("unmet")

RECORD = "unmet need"
PAGE = 50
BEGINNINGS = ((5, "morning"), (12, "afternoon"), (17, "evening"), (22, "night"))  # of the parts, by the hour
SPOKEN = ("lt", "ru", "uk", "en", "pl", "es")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class UnmetForm:
    """What the form of an unmet need offers and holds (templates/search/_unmet.html).

    ``groups`` are (heading, choices) of what was needed, what was understood first; ``back`` is what follows
    the "?" in the address of the search.
    """

    about: str
    area: str
    language: str
    part_of_day: str
    groups: Sequence[tuple[str, Choices]]
    areas: Choices
    languages: Choices
    parts_of_day: Choices
    back: str
    case: str = ""

    def in_words(self) -> list[str]:
        """Return what would be recorded, for the button's sentence."""
        chosen = (
            (self.about, [pair for _heading, choices in self.groups for pair in choices]),
            (self.area, self.areas),
            (self.language, self.languages),
            (self.part_of_day, self.parts_of_day),
        )
        return [dict(choices)[value] for value, choices in chosen if value in dict(choices) and value]


def unmet_form(
    *,
    needs: Sequence[str] = (),
    types: Sequence[str] = (),
    area: str = "",
    language: str = "",
    part_of_day: str = "",
    back: str = "",
    typed: Mapping[str, str] | None = None,
) -> UnmetForm:
    """Return the form, filled with what was understood, or with what was sent (``typed``)."""
    understood = [f"{NEED}:{code}" for code in needs] + [f"{TYPE}:{code}" for code in types]
    typed = typed if typed is not None else {}
    spoken = dict.fromkeys((*SPOKEN, *([language] if language else [])))
    return UnmetForm(
        about=typed.get("unmet_about", understood[0] if understood else ""),
        area=typed.get("unmet_area", area),
        language=typed.get("unmet_language", language),
        part_of_day=typed.get("unmet_part_of_day", part_of_day),
        case=typed.get("unmet_case", ""),
        groups=_groups(understood),
        areas=[("", _("not said")), *area_choices(db(), reader_language())],
        languages=[("", _("not said")), *((code, language_name(code)) for code in spoken)],
        parts_of_day=[("", _("not said")), *((code, part_of_day_name(code)) for code in PARTS_OF_DAY)],
        back=back,
    )


def _groups(understood: Sequence[str]) -> list[tuple[str, Choices]]:
    """Return what can be recorded: what was understood first, then all needs and all types by name."""

    def named(kind: str, codes: Sequence[str]) -> Choices:
        pairs = ((f"{kind}:{code}", label(code)) for code in codes)
        rest = [pair for pair in pairs if pair[0] not in understood]
        return sorted(rest, key=lambda pair: pair[1].casefold())

    first = [(key, label(key.partition(":")[2])) for key in understood]
    return [
        *([(_("Understood from your search"), first)] if first else []),
        (_("Needs"), named(NEED, tuple(vocabulary().needs))),
        (_("Service types"), named(TYPE, tuple(vocabulary().service_types))),
    ]


def _summaries(rows: Sequence[queries.UnmetRow]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return in which languages and when help was wanted, in words, over all records."""
    times = [row.times for row in rows]
    spoken = told_groups(times, dict(queries.unmet_by_language(db())))
    wanted = told_groups(times, dict(queries.unmet_by_part_of_day(db())))
    unsaid = _("not said")
    return [
        (
            _("Language the client speaks"),
            [(language_name(one) if one else unsaid, told) for one, told in spoken.items()],
        ),
        (
            _("When it was wanted"),
            [(part_of_day_name(one) if one else unsaid, told) for one, told in wanted.items()],
        ),
    ]


def part_of_day_name(code: str) -> str:
    """Return in the reader's language when help was wanted."""
    names = {
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
        "night": _("at night"),
        "weekend": _("at the weekend"),
    }
    return names.get(code, code)


def part_of_day(code: str) -> str:
    """Return the part of the day of a time that was understood ("tonight", "19:30"); empty for a day.

    Examples
    --------
    >>> part_of_day("tomorrow_evening"), part_of_day("19:30"), part_of_day("sunday"), part_of_day("today")
    ('evening', 'evening', 'weekend', '')
    """
    if code[:2].isdecimal() and code[2:3] == ":":
        begun = [name for hour, name in BEGINNINGS if int(code[:2]) >= hour]
        return begun[-1] if begun else "night"
    known = {"tonight": "night", "saturday": "weekend", "sunday": "weekend"}
    last = code.rpartition("_")[2]
    return known.get(last, last if last in PARTS_OF_DAY else "")


@unmet.post("/unmet-needs")
@permit("record unmet need")
def record() -> Any:
    """Keep that nobody was found: need or type, area, language and when; neither the words nor a person."""
    form = request.form
    kind, _colon, code = form.get("unmet_about", "").partition(":")
    wish = Unmet(
        need=code if kind == NEED else None,
        service_type=code if kind == TYPE else None,
        area=form.get("unmet_area"),
        language=form.get("unmet_language"),
        part_of_day=form.get("unmet_part_of_day"),
    )
    case = form.get("unmet_case", "")
    try:
        row = record_unmet_need(db(), settings(), wish, recorder=current_user.user_id, case=case)
    except AlreadyRecorded as error:
        return _again(already=error.message), 409
    except Invalid as error:
        return _again(errors={f"unmet_{name}": sentence for name, sentence in error.fields.items()}), 422
    token = token_of(RECORD, row.id)
    return redirect(url_for("unmet.recorded", token=token, back=form.get("back", "")[:2000]), 303)


def _again(errors: Mapping[str, str] | None = None, already: str = "") -> str:
    db().rollback()
    typed = {name: value[:200] for name, value in request.form.items()}
    return render_template(
        "unmet/record.html",
        unmet=unmet_form(typed=typed, back=request.form.get("back", "")[:2000]),
        errors=errors or {},
        already=already,
    )


@unmet.get("/unmet-needs/recorded")
@permit("record unmet need")
def recorded() -> str:
    """Show what was recorded, with a button to take it back for ten minutes."""
    row = db().get(UnmetNeed, record_of(RECORD, request.args.get("token", "")))
    area = dict(area_choices(db(), reader_language())).get(row.area_code or "", "") if row else ""
    return render_template(
        "unmet/recorded.html",
        row=row,
        what=label(row.need_code or row.service_type or "") if row else "",
        area=area,
        when=part_of_day_name(row.part_of_day) if row and row.part_of_day else "",
        token=request.args.get("token", ""),
        minutes=MINUTES,
        back=request.args.get("back", ""),
    )


@unmet.post("/unmet-needs/take-back")
@permit("record unmet need")
def undo() -> Any:
    """Remove a record that the same person made by mistake in the last ten minutes."""
    token = request.form.get("token", "")
    take_back(db(), UnmetNeed, record_of(RECORD, token))
    return redirect(url_for("unmet.recorded", token=token, back=request.form.get("back", "")[:2000]), 303)


@unmet.get("/unmet-needs")
@permit("read gaps")
def listing() -> str:
    """Show how often nobody was found, by need or type and area; few cases are not told exactly."""
    kind = request.args.get("type", "")
    kind = kind if kind in vocabulary().service_types else ""
    every, areas = queries.unmet_by_place(db()), dict(area_choices(db(), reader_language()))
    rows = [row for row in every if not kind or _answers(kind, row)]
    rows.sort(key=lambda row: (-guarded(row.times), *_names(row, areas)))
    page = page_number(request.args)
    return render_template(
        "unmet/listing.html",
        rows=rows[(page - 1) * PAGE : page * PAGE],
        areas=areas,
        shown=shown,
        summaries=_summaries(every),
        page=page,
        pages=-(-len(rows) // PAGE),
        kind=kind,
        address=lambda page: url_for("unmet.listing", page=page, type=kind or None),
    )


def _names(row: queries.UnmetRow, areas: Mapping[str, str]) -> tuple[str, str]:
    """Return by which words rows are put in order that tell the same number."""
    return label(row.need or row.service_type or "").casefold(), areas.get(row.area or "", "")


def _answers(kind: str, row: queries.UnmetRow) -> bool:
    """Return whether a kind of service would have met what was recorded."""
    needs = vocabulary().needs
    known = needs[row.need].service_types if row.need and row.need in needs else ()
    return row.service_type == kind or (row.service_type is None and kind in known)
