"""Passwords: which can be used, how they are kept, and never more than a few slow hashes at once."""

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from zxcvbn import zxcvbn

from netmap.errors import Unavailable
from netmap.i18n import gettext as _

MIN_PASSWORD, MAX_PASSWORD = 12, 128
HASHES_AT_ONCE, PATIENCE = 4, 10.0  # each hash takes 19 MiB and a core for 25 ms; seconds to wait for a turn
DEMO_PASSWORD = "green-river-bridge"  # noqa: S105 - of demo accounts on made-up data only
JUDGED = 40  # characters that are judged: the time grows with the square, and 40 good ones are enough
STRONG_ENOUGH = 3  # of 0 to 4: more than 100 million guesses
WORDS = (
    "netmap", "socialservices", "social", "services", "service", "casemanager", "coordinator", "planner",
    "office", "partner", "network", "directory", "package", "slaptazodis", "slaptažodis", "parolis",
    "tarnyba", "socialinis", "parol", "sluzhba", "пароль", "служба", "социальный", "соціальний", "каталог",
)  # fmt: skip
# "пароль" is "gfhjkm" on the keys of an English keyboard, and so it stands in the lists of common passwords.
_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюіїє", "qwertyuiop[]asdfghjkl;'zxcvbnm,.s]'")

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP minimum for argon2id
_turns = threading.BoundedSemaphore(HASHES_AT_ONCE)
_DUMMY = _hasher.hash(secrets.token_hex(16))  # verified for unknown accounts, so that they take as long


def password_problem(password: str, email: str = "", *, demo: bool = False) -> str | None:
    """Return why a password cannot be used, or None.

    The length counts, and that nobody guesses it in a hundred million tries; there are no rules about
    capitals and digits. ``demo`` lets the one password through that everybody knows.

    Examples
    --------
    >>> password_problem("a quiet winter evening", "ona@office.example") is None
    True
    >>> password_problem("password1234")
    'This password is too easy to guess; choose a sentence of your own.'
    """
    if len(password) < MIN_PASSWORD:
        return _("Choose a password of at least %(number)s characters.", number=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        return _("Choose a password of at most %(number)s characters.", number=MAX_PASSWORD)
    if password == DEMO_PASSWORD:
        return None if demo else _("This is the password of the demo, which everybody knows; choose another.")
    if _strength(password, email) < STRONG_ENOUGH:
        return _("This password is too easy to guess; choose a sentence of your own.")
    return None


def _strength(password: str, email: str) -> int:
    """Return the worse mark of what was typed and of the same keys on an English keyboard."""
    parts = [part for part in re.split(r"[\W_]+", email.lower()) if len(part) > 2]
    known = [*WORDS, *parts, re.sub(r"[\W_]+", "", email.lower().partition("@")[0]), email.lower()]
    judged = password[:JUDGED]
    shapes = {judged, judged.lower().translate(_KEYS)}
    return min(int(zxcvbn(shape, user_inputs=known)["score"]) for shape in shapes)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _turn():
        return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Return whether a password belongs to a hash; without a hash it takes as long and is False.

    What is longer than any password may be is refused before a hash is computed, whoever asks.
    """
    if len(password) > MAX_PASSWORD:
        return False
    try:
        with _turn():
            return _hasher.verify(kept or _DUMMY, password) and kept is not None
    except VerificationError:
        return False


def outdated(kept: str) -> bool:
    """Return whether a hash was made with other costs than are asked for now."""
    return _hasher.check_needs_rehash(kept)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Unavailable(_("Too many people are signing in at this moment. Try again in a minute."))
    try:
        yield
    finally:
        _turns.release()
