"""The cue words of ``cues.toml`` as patterns: words that say how something is meant."""

import re
import tomllib
from functools import cache
from pathlib import Path

_NEVER = re.compile(r"(?!)")


@cache
def cue(kind: str, language: str) -> re.Pattern[str]:
    """Return a pattern for the cue words of one kind in one language.

    Examples
    --------
    >>> bool(cue("past", "en").search("used to drink")), bool(cue("past", "en").search("drinks"))
    (True, False)
    """
    listed = _cues()[kind].get(language)
    if not listed:
        return _NEVER
    either = "|".join(re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+") for word in listed.split())
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


@cache
def _cues() -> dict[str, dict[str, str]]:
    """Return kind -> language -> words."""
    with Path(__file__).with_name("cues.toml").open("rb") as file:
        return tomllib.load(file)
