"""What can be chosen in the form of a package, in the reader's words."""

from netmap.i18n import gettext as _
from netmap.packages.care_models import care_models, model_name
from netmap.packages.document import NEVER_TYPICAL
from netmap.packages.standard import TRACKS, track_name
from netmap.packages.substitutes import OCCASIONS, occasion_name
from netmap.vocabulary.terms import label, vocabulary

Choices = list[tuple[str, str]]


def need_choices() -> list[tuple[str, Choices]]:
    """Return the needs by part of life."""
    words = vocabulary()
    return [
        (label(domain), [(code, label(code)) for code, need in words.needs.items() if need.domain == domain])
        for domain in words.domains
    ]


def type_choices() -> Choices:
    """Return the kinds of service by name."""
    choices = [(code, label(code)) for code in vocabulary().service_types]
    return sorted(choices, key=lambda choice: (choice[1].casefold(), choice[0]))


def text_groups() -> list[tuple[str, str, str]]:
    """Return name, label and hint of the texts of a package."""
    return [
        ("name", _("Name for staff"), _("Internal; clients never see it.")),
        (
            "paper_name",
            _("Name on papers"),
            _("A client, or somebody at home, may read it: name no problem."),
        ),
        ("description", _("Description"), _("One or two sentences for staff: whom it suits, what to mind.")),
    ]


def role_choices(fact: str) -> Choices:
    """Return what a circumstance may do in a package; some facts may never count as typical."""
    choices = [
        ("", _("does not matter")),
        ("optional", _("typical")),
        ("required", _("must hold")),
        ("excluded", _("must not hold")),
    ]
    return [choice for choice in choices if not (choice[0] == "optional" and fact in NEVER_TYPICAL)]


def duration_name(duration: str) -> str:
    """Return the words for how long a service is wished."""
    names = {"": _("no wish"), "once": _("once"), "long": _("over a longer time")}
    return names.get(duration, duration)


def share_choices() -> Choices:
    """Return how far a line can deal with a problem."""
    return [
        ("1", _("resolves it")),
        ("0.75", _("resolves most of it")),
        ("0.5", _("contributes")),
        ("0.25", _("contributes a little")),
    ]


def stand_in_choices() -> Choices:
    """Return how much of a line a substitute takes over."""
    return [
        ("1", _("all of it")),
        ("0.75", _("most of it")),
        ("0.5", _("half of it")),
        ("0.25", _("a little of it")),
    ]


def occasion_choices() -> Choices:
    """Return when a substitute comes in."""
    return [(occasion, occasion_name(occasion)) for occasion in OCCASIONS]


def fact_choices() -> list[tuple[str, Choices]]:
    """Return what an add-on may depend on: circumstances, then needs by part of life."""
    facts = [(code, label(code)) for code in vocabulary().circumstances]
    return [(_("Circumstances"), facts), *need_choices()]


def track_choices() -> Choices:
    """Return the tracks."""
    return [(track, track_name(track)) for track in TRACKS]


def model_choices() -> Choices:
    """Return the ways of managing a case, with how many cases a worker carries."""
    return [
        ("", _("not chosen")),
        *(
            (code, f"{model_name(code)} ({_('%(number)s cases for one worker', number=model.caseload)})")
            for code, model in care_models().items()
        ),
    ]


def period_choices() -> Choices:
    """Return what a dose counts by."""
    return [("week", _("times a week")), ("month", _("times a month")), ("once", _("times in all"))]


def line_weight_choices() -> Choices:
    """Return how much a line matters inside a package."""
    return [("1", _("fully")), ("0.75", _("much")), ("0.5", _("half")), ("0.25", _("a little"))]


def with_chosen(offered: Choices, chosen: str) -> Choices:
    """Return the choices with the chosen one among them, whatever was typed or stored."""
    return offered if chosen in dict(offered) else [*offered, (chosen, chosen)]
