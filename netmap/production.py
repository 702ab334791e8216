"""What has to be true before netmap may serve an office: checked at the start, refused in a sentence."""

import stat

from netmap.config import SHORTEST_KEY, Settings
from netmap.errors import Invalid

FEWEST_SIGNS = 10  # different characters of a key; one made by chance has more
KNOWN_KEYS = (  # pieces of keys that stand in documentations and examples
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf", "_5#y2l", "django-insecure",
    "secret", "change", "insecure", "example", "default", "password", "netmap", "0123456789", "12345678",
    "abcdefgh", "qwerty",
)  # fmt: skip
HERE = ("localhost", "::1")


def require_ready(settings: Settings, *, debug: bool = False) -> None:
    """Return if the settings are safe enough for production, or if this is no production.

    Raises
    ------
    Invalid
        If they are not; the sentence names every setting that has to be changed.
    """
    if not settings.production:
        return
    problems = [*_key_problems(settings), *_other_problems(settings, debug)]
    if problems:
        raise Invalid("netmap does not start in production: " + " ".join(problems))


def require_told(settings: Settings, host: str) -> None:
    """Raise Invalid if other machines shall reach this one, and it is neither production nor the demo."""
    if not (settings.production or settings.demo or host in HERE or host.startswith("127.")):
        raise Invalid(
            f"netmap does not listen on {host} without NETMAP_PRODUCTION=1: passwords would cross the "
            "network in clear. Set it, or listen on 127.0.0.1 behind a proxy."
        )


def _key_problems(settings: Settings) -> list[str]:
    try:
        key = settings.key()
    except Invalid as error:
        return [error.message]
    path = settings.key_file()
    name = "NETMAP_SECRET_KEY" if settings.secret_key else f"NETMAP_SECRET_KEY is not set, and {path}"
    found = []
    if not settings.secret_key and stat.S_IMODE(path.stat().st_mode) & 0o077:
        found.append(f"{name} can be read by others: run `chmod 600 {path}`.")
    if weak(key):
        found.append(f"{name} is too short or too well known: use a new one of 64 random characters.")
    if any(weak(old) for old in settings.fallback_keys()):
        found.append("NETMAP_SECRET_KEY_FALLBACKS holds a key that is short or well known: remove it.")
    return found


def _other_problems(settings: Settings, debug: bool) -> list[str]:
    found = []
    hosts = settings.hosts()
    if not hosts or any(sign in host for host in hosts for sign in "*/ "):
        found.append("Set NETMAP_TRUSTED_HOSTS to the names under which people come: netmap.office.example.")
    if not settings.secure_cookies:
        found.append("Set NETMAP_SECURE_COOKIES=1 and serve over HTTPS.")
    if settings.demo:
        found.append("NETMAP_DEMO shows passwords on the sign-in page: set it to 0.")
    if debug:
        found.append("FLASK_DEBUG shows the insides of every error: remove it.")
    return found


def weak(key: str) -> bool:
    """Return whether a key is short, monotonous or one that stands in an example.

    Examples
    --------
    >>> weak("k" * 64), weak("changeme-changeme-changeme-changeme-1")
    (True, True)
    >>> weak("f3a9c1d7e5b80246a1c3e5f7092b4d6f8e0a2c4b6d8f1a3c5e7092b4d6f8e0a2")
    False
    """
    plain = key.lower()
    known = any(one in plain for one in KNOWN_KEYS)
    return known or len(key) < SHORTEST_KEY or len(set(plain)) < FEWEST_SIGNS
