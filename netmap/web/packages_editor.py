"""The page of the form that makes a package or a new version of it."""

from typing import Any

from flask import render_template

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.packages import queries
from netmap.packages.difference import weight_name
from netmap.packages.document import WEIGHTS
from netmap.packages.lines import DURATIONS
from netmap.packages.standard import SLOTS, slot_hint, slot_name
from netmap.vocabulary.terms import LANGUAGES, vocabulary
from netmap.web import packages_choices as choices
from netmap.web.door import db
from netmap.web.packages_draft import EMPTY_NEEDS, Draft


def editor(draft: Draft, code: str | None, **notices: Any) -> str:
    """Return the page of the form; ``code`` is the package that gets a new version, None for a new one.

    ``errors`` maps fields to sentences, ``unsaved`` says that something is not saved yet, ``imported`` is the
    name of the file that the form comes from.
    """
    errors = notices.pop("errors", {})
    roles = dict(draft.circumstances)
    facts = [(fact, roles.get(fact, ""), choices.role_choices(fact)) for fact in vocabulary().circumstances]
    also = [row for row in draft.circumstances if row[0] not in vocabulary().circumstances]
    return render_template(
        "packages/edit.html",
        draft=draft,
        code=code,
        taken=code is None and draft.code in queries.codes(db()),
        errors=errors,
        facts=facts,
        also=[*also, ("", "")],
        blank_rows=(("", "0.5"),) * EMPTY_NEEDS,
        groups=choices.text_groups(),
        languages=sorted(LANGUAGES, key=lambda one: one != language()),
        slots=[(f"standard.{slot}", slot_name(slot), slot_hint(slot)) for slot in SLOTS],
        written=[slot for slot in SLOTS if any(_has_text(draft, f"standard.{slot}"))],
        **_offered(),
        **notices,
    )


def _offered() -> dict[str, Any]:
    """Return what can be chosen in the form."""
    return {
        "needs": choices.need_choices(),
        "types": choices.type_choices(),
        "weights": [(f"{weight:g}", weight_name(weight)) for weight in WEIGHTS],
        "roles": choices.role_choices(""),
        "durations": [(duration, choices.duration_name(duration)) for duration in DURATIONS],
        "shares": choices.share_choices(),
        "line_weights": choices.line_weight_choices(),
        "stand_ins": choices.stand_in_choices(),
        "occasions": choices.occasion_choices(),
        "addon_facts": choices.fact_choices(),
        "tracks": choices.track_choices(),
        "models": choices.model_choices(),
        "periods": choices.period_choices(),
        "with_chosen": choices.with_chosen,
        "nobody": _("– nothing –"),
    }


def _has_text(draft: Draft, group: str) -> list[bool]:
    return [bool(draft.texts.get(f"{group}.{one}", "").strip()) for one in LANGUAGES]
