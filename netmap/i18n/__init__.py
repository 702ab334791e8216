"""Messages in the languages of the people who read them."""

from netmap.i18n.messages import gettext, language, ngettext, set_language, speaking

__all__ = ["gettext", "language", "ngettext", "set_language", "speaking"]
