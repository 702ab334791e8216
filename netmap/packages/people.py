"""Who a package is for: its profile, its circumstances and the languages of these people, read. Pure."""

from netmap.i18n import gettext as _
from netmap.packages.fields import LONGEST_DESCRIPTION, Fields
from netmap.packages.substitutes import Texts
from netmap.vocabulary.terms import vocabulary

DEFINING, TYPICAL, OCCASIONAL = 1.0, 0.5, 0.25
WEIGHTS = (DEFINING, TYPICAL, OCCASIONAL)
# Facts that must never lift or lower a score: they may only open or close a package, with a reason.
NEVER_TYPICAL = frozenset(
    {"age_under_18", "age_18_29", "age_55_64", "age_65_plus", "displaced", "foreign_national"}
)


def read_circumstances(
    part: Fields,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], Texts]:
    """Return required, optional and excluded codes, and the reason for shutting anybody out."""
    part.only(("required", "optional", "excluded", "reason"))
    known = (*vocabulary().circumstances, *vocabulary().needs)
    required, optional, excluded = (part.codes(name, known) for name in ("required", "optional", "excluded"))
    reason = part.texts("reason", longest=LONGEST_DESCRIPTION)
    for code in sorted(set(required) & set(excluded)):
        part.wrong("excluded", _("'%(code)s' cannot be both required and excluded.", code=code))
    for code in optional:
        if code in NEVER_TYPICAL:
            part.wrong(
                "optional",
                _("'%(code)s' may not count as typical: age and origin never move a score.", code=code),
            )
    if (required or excluded) and not reason:
        part.wrong("reason", _("Say why the package is closed to some people."))
    return required, optional, excluded, reason


def read_profile(top: Fields) -> dict[str, float]:
    """Return need code -> weight, the heaviest first, in the order of the document."""
    part = top.part("profile")
    if part.values and all(value == 0 for value in part.values.values()):
        top.wrong("profile", _("All weights are zero, so the package is for nobody. Give one problem the 1."))
        return {}
    profile = {}
    for code in part.values:
        if part.check(code, code, vocabulary().needs):
            weight = part.number(code, 0, 1)
            if weight is not None and weight in WEIGHTS:
                profile[code] = weight
            else:
                part.wrong(code, _("the weight must be 1 (defining), 0.5 (typical) or 0.25 (occasional)."))
    if not part.values:
        top.wrong("profile", _("Choose at least one problem of these people."))
    return dict(sorted(profile.items(), key=lambda item: -item[1]))


def read_languages(top: Fields) -> tuple[str, ...]:
    """Return language codes in the way of ISO 639: two or three small letters."""
    found = []
    for value in top.sequence("languages"):
        if (
            isinstance(value, str)
            and value.isascii()
            and value.isalpha()
            and value.islower()
            and len(value) in (2, 3)
        ):
            found.append(value)
        else:
            top.wrong("languages", _("A language is written as its code, such as 'uk' or 'ru'."))
    return tuple(dict.fromkeys(found))
