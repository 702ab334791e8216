"""The page for two people who changed the same package: what each has done, field by field, in words."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from netmap.i18n import gettext as _
from netmap.merging import Merge
from netmap.packages import service
from netmap.packages.care_models import model_name
from netmap.packages.difference import weight_name
from netmap.packages.dose import Dose, dose_in_words
from netmap.packages.standard import SLOTS, slot_name, track_name
from netmap.packages.substitutes import occasion_name
from netmap.vocabulary.terms import label
from netmap.web import conflicts
from netmap.web import packages_choices as choices
from netmap.web import packages_draft as drafts
from netmap.web import packages_sent as sent
from netmap.web.door import db
from netmap.web.packages_draft import Draft, DraftLine, DraftSubstitute
from netmap.web.packages_merge import ORDER, draft_of, together
from netmap.web.show import language_name


def meet(draft: Draft, typed: Draft, newer: service.Version) -> tuple[Draft | None, str]:
    """Return the form that both changes make together, or None and the page that asks.

    Parameters
    ----------
    draft : Draft
        The form as it was sent.
    typed : Draft
        The form of the document that it makes: written as the other two versions are.
    newer : Version
        The version that somebody else has saved meanwhile.
    """
    known = 0 < draft.expected < newer.number
    before = service.get(db(), newer.code, draft.expected).document if known else None
    base = drafts.from_document(before, draft.expected) if before else None
    theirs = drafts.from_document(newer.document, newer.number)
    merge, mine = together(base, theirs, typed)
    settling = request.form.get("do", "") in (conflicts.SETTLE, conflicts.SETTLE_AND_EDIT)
    # Choices were made about the version that was shown; about a newer one the person is asked again.
    current = request.form.get("seen", "") == str(newer.number)
    chosen = conflicts.choices_of(request.form) if settling and current else {}
    missing = merge.open(chosen)
    if not missing:
        return draft_of(merge.settled(chosen), theirs, mine, newer.number), ""
    names = _Names((base, theirs, mine))
    errors = {conflicts.PREFIX + name: _("Choose for: %(what)s", what=names.label(name)) for name in missing}
    page = render_template(
        "packages/conflict.html",
        code=newer.code,
        newer=newer,
        since=[one for one in service.history(db(), newer.code) if one.number > draft.expected],
        asked=conflicts.asked_of(merge, names.label, names.words, chosen),
        known=known,
        taken=_taken(merge, names),
        hidden=sent.to_form(draft),
        errors=errors if settling and current else {},
        moved_on=settling and not current,
    )
    return None, page


def _taken(merge: Merge, names: "_Names") -> list[tuple[str, tuple[str, ...]]]:
    """Return what is taken over from the other person without asking."""
    return [(names.label(name), names.words(name, merge.agreed.get(name))) for name in merge.from_theirs]


class _Names:
    """Fields and values of packages in the reader's words."""

    def __init__(self, sides: tuple[Draft | None, ...]) -> None:
        self._lines = {line.key: line for side in sides if side for line in side.lines}
        self._texts = {name: heading for name, heading, _hint in choices.text_groups()} | {
            "reason": _("Why it is closed to some"),
            "crisis.text": _("In a crisis"),
            **{f"standard.{slot}": slot_name(slot) for slot in SLOTS},
        }

    def label(self, name: str) -> str:
        """Return what a field is called."""
        kind, _dot, rest = name.partition(".")
        if kind == "texts":
            group, _dot, language = rest.rpartition(".")
            return f"{self._texts[group]} ({language_name(language)})"
        if kind == "profile":
            return _("Problem of these people: %(what)s", what=label(rest))
        if kind == "circumstances":
            return _("Circumstance: %(what)s", what=label(rest))
        if kind == "crisis":
            return _("In a crisis: %(what)s", what=label(rest))
        if kind == "lines":
            key, _dot, part = rest.partition(".")
            line = _("Line “%(line)s”", line=self._line(key))
            return f"{line}: {self._part(part)}" if part else line
        names = {
            "languages": _("Languages"),
            "budget": _("Can pay per visit, at most"),
            "max_km": _("Can travel, at most, in kilometres"),
            "hours": _("Can come"),
            "track": _("Track"),
            "model": _("Way of working"),
            "cost": _("Cost of a case"),
            "owner": _("Owner"),
            "pilot": _("Being tried out"),
            ORDER: _("Order of the lines"),
        }
        return names[kind]

    def words(self, name: str, value: Any) -> tuple[str, ...]:
        """Return a value as lines of text, none where there is no value."""
        if value is None:
            return ()
        if isinstance(value, DraftLine):
            return self._whole(value)
        if name == ORDER:
            return tuple(f"{number}. {self._line(key)}" for number, key in enumerate(value, start=1))
        kind, part = name.partition(".")[0], name.split(".", 2)[-1]
        if kind == "profile":
            return (weight_name(float(value)),)
        if kind == "circumstances":
            return (dict(choices.role_choices("")).get(value, value),)
        if kind == "lines" and part == "substitutes":
            return tuple(_substitute(one) for one in value)
        if kind == "lines":
            return (self._of_line(part, value),)
        if kind in ("track", "model"):
            return ({"track": track_name, "model": model_name}[kind](value),)
        if kind in ("crisis", "pilot"):
            return (_("yes"),)
        return tuple(str(value).splitlines())

    def _line(self, key: str) -> str:
        line = self._lines.get(key)
        same = [one for one in self._lines.values() if line and one.service_type == line.service_type]
        name = label(line.service_type) if line and line.service_type else key
        return f"{name} ({key})" if len(same) > 1 else name

    def _part(self, part: str) -> str:
        kind, _dot, rest = part.partition(".")
        if kind in ("goal", "cause"):
            return f"{_('Goal') if kind == 'goal' else _('Cause')} ({language_name(rest)})"
        if kind == "when":
            return _("only if: %(what)s", what=label(rest))
        if kind == "addresses":
            return _("deals with “%(what)s”", what=label(rest))
        if kind == "after":
            return _("comes after “%(line)s”", line=self._line(rest))
        names = {
            "need": _("Problem"),
            "service_type": _("Kind of service"),
            "start_day": _("Starts on day"),
            "weight": _("Matters"),
            "duration": _("For how long"),
            "required": _("Needed (else: if it fits)"),
            "beside": _("Goes beside"),
            "dose": _("Dose"),
            "substitutes": _("What may stand in"),
        }
        return names[kind]

    def _of_line(self, part: str, value: Any) -> str:
        kind = part.partition(".")[0]
        if kind == "dose":
            return _dose(value)
        if kind == "beside":
            return self._line(value)
        if kind in ("need", "service_type"):
            return label(value)
        if kind in ("after", "when", "required"):
            return _("yes") if value == "yes" else _("no")
        tables: Mapping[str, Mapping[str, str]] = {
            "addresses": dict(choices.share_choices()),
            "weight": dict(choices.line_weight_choices()),
        }
        if kind == "duration":
            return choices.duration_name(value)
        return str(tables.get(kind, {}).get(value, value))

    def _whole(self, line: DraftLine) -> tuple[str, ...]:
        parts = {
            **{name: getattr(line, name) for name in ("need", "service_type")},
            **{f"cause.{language}": text for language, text in line.cause.items()},
            **{f"goal.{language}": text for language, text in line.goal.items()},
            **{f"addresses.{code}": share for code, share in line.addresses},
            **{f"after.{key}": "yes" for key in line.after},
            "start_day": line.start_day,
            "weight": line.weight,
            "required": "yes" if line.required else "no",
            "duration": line.duration,
            "beside": line.beside,
            **{f"when.{code}": "yes" for code in line.when},
            "dose": line.dose if any(line.dose[::2]) else (),
        }
        said = (f"{self._part(part)}: {self._of_line(part, text)}" for part, text in parts.items() if text)
        heading = self._part("substitutes")
        return (*said, *(f"{heading}: {_substitute(one)}" for one in line.substitutes))


def _dose(dose: tuple[str, str, str]) -> str:
    """Return a dose that a form holds in words, as typed where it is not made of numbers."""
    times, per, weeks = dose
    if times.isdecimal() and (not weeks or weeks.isdecimal()):
        return dose_in_words(Dose(int(times), per, int(weeks) if weeks else None))
    return " ".join(part for part in dose if part)


def _substitute(one: DraftSubstitute) -> str:
    share = dict(choices.stand_in_choices()).get(one.share, one.share)
    return f"{label(one.service_type)}, {share}, {occasion_name(one.when)}"
