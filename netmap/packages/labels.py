"""Words that make a person the same as a trouble: found, and refused where a client may read them. Pure."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from netmap.i18n import gettext as _
from netmap.packages.fields import Fields
from netmap.packages.substitutes import Texts


def doubtful_labels(text: str, language: str) -> list[str]:
    """Return the words of a text that label a person, as they stand there, each once.

    Only whole words count, in any of their forms; what names the trouble and not the person is left alone.

    Parameters
    ----------
    text : str
    language : str
        "en", "ru", "uk" or "lt"; a text in another language gives nothing.

    Examples
    --------
    >>> doubtful_labels("Plan for a drug addict with debts", "en"), doubtful_labels("Alcohol and debts", "en")
    (['addict'], [])
    >>> doubtful_labels("Помощь должникам", "ru"), doubtful_labels("Помощь с долгами", "ru")
    (['должникам'], [])
    """
    pattern = _patterns().get(language)
    if pattern is None:
        return []
    folded = text.replace("’", "'").replace("ʼ", "'").replace("ё", "е").replace("Ё", "Е")
    return list(dict.fromkeys(found[0] for found in pattern.finditer(folded)))


def refuse_labels(paper_name: Texts, goals: Sequence[Texts], top: Fields) -> None:
    """Note labels in what a client may read: the name on papers, and the goal of every line."""
    for number, texts in enumerate((paper_name, *goals)):
        start = f"lines.{number - 1}.goal" if number else "paper_name"
        place = _("Line %(number)s: ", number=number) if number else ""
        for language, text in texts.items():
            if found := doubtful_labels(text, language):
                Fields({}, top.errors, f"{start}.", place).wrong(
                    language,
                    _("“%(word)s” labels a person. Write what happens, not what somebody is.", word=found[0]),
                )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return one pattern for each language; ``labels.toml`` says how it is built."""
    raw = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))
    return {language: _pattern(list(groups.values())) for language, groups in raw.items()}


def _pattern(groups: Sequence[dict[str, list[str]]]) -> re.Pattern[str]:
    kinds = []
    for group in groups:
        words, endings = (_either(group[name]) for name in ("words", "endings"))
        harmless = rf"(?!\s+{_either(group['unless'])}\b)" if "unless" in group else ""
        kinds.append(rf"{words}{endings}(?![\w-]){harmless}")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(kinds)})", re.IGNORECASE)


def _either(parts: Sequence[str]) -> str:
    """Return a pattern for any of the parts; a longer one is tried first."""
    ordered = sorted(parts, key=lambda part: (-len(part), part))
    return "(?:" + "|".join(re.escape(part).replace(r"\ ", r"\s+") for part in ordered) + ")"
