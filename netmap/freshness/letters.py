"""What is said to a provider, in its own language: the words on the telephone and a short letter. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from netmap.i18n import gettext as _
from netmap.i18n import speaking

LANGUAGES = ("en", "ru", "uk", "lt")


def language_of(languages: Iterable[str | None], otherwise: str) -> str:
    """Return the language to speak with a provider: that of most of its records, else that of the reader.

    Examples
    --------
    >>> language_of(["lt", "ru", "lt", None], "en"), language_of([None, "de"], "en")
    ('lt', 'en')
    """
    known = Counter(one for one in languages if one in LANGUAGES)
    return known.most_common(1)[0][0] if known else otherwise


def script(language: str, provider: str, services: Sequence[str]) -> list[str]:
    """Return what to read out, sentence by sentence, in the language of the provider."""
    named = {"provider": provider}
    with speaking(language):
        return [
            _("Good day. I am calling from the office that keeps the list of help in the region."),
            _("%(provider)s stands in it, and people are sent to you by what we wrote there.", **named),
            _("May I read it out in two minutes, so that you can tell me what is no longer right?"),
            *(
                [_("Is this still offered: %(service)s?", service=services[0])]
                if len(services) == 1
                else [
                    _("These are still offered?"),
                    *(f"{place}. {name}" for place, name in enumerate(services, start=1)),
                ]
            ),
            _("When are you open, and are there days soon on which you are closed?"),
            _("Who may come, what does it cost, and what should people bring?"),
            _("Is this telephone number the right one for people who need help?"),
            _("If something has changed: since when?"),
            _("Thank you. If anything changes later, please tell us; then nobody comes to a closed door."),
        ]


def letter(language: str, address: str, provider: str, services: Sequence[str]) -> str:
    """Return the address of a ready letter (mailto) that asks whether records are still right.

    It opens in the mail program of the person; netmap sends nothing.
    """
    named = {"provider": provider}
    with speaking(language):
        subject = _("Is what we tell people about you still right?")
        body = "\n".join(
            [
                _("Good day,"),
                "",
                _("people in need of help are sent to %(provider)s by what stands in our list:", **named),
                *(f"- {name}" for name in services),
                "",
                _("Please tell us whether this is still offered, when you are open, and what has changed."),
                _("A line is enough. Thank you."),
            ]
        )
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
