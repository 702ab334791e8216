"""The names of the ways of working. Pure."""

from netmap.i18n import gettext as _


def level_name(level: str) -> str:
    """Return the name of a way of working in the reader's language.

    Examples
    --------
    >>> level_name("case management")
    'case management'
    """
    names = {
        "referral": _("referral"),
        "case management": _("case management"),
        "coordination team": _("coordination team"),
    }
    return names.get(level, level)
