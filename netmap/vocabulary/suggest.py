"""Needs and circumstances that a note seems to speak of, each with the words that say so.

Suggestions are for a person to confirm or reject. They are no safety net: less than half of the grave matters
are found in free text, so the questions about safety are asked in any case.
"""

from dataclasses import dataclass
from typing import Any

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.vocabulary import words
from netmap.vocabulary.blend import blend
from netmap.vocabulary.calibration import calibration, confidence, least
from netmap.vocabulary.circumstances import Found, circumstances
from netmap.vocabulary.note_scores import note_scores
from netmap.vocabulary.terms import LANGUAGES, vocabulary

__all__ = ["Found", "Suggestion", "Suggestions", "as_dict", "suggest"]

LONGEST_TEXT = 20_000
LONGEST_QUOTE = 120
LEAST = 0.02  # below this a suggestion is noise
FOREIGN_WORDS = 3  # words in another script from which a text is read in its languages as well
IMPLIES = {"emp.long_term": "emp.unemployed"}  # by the definition of the first


@dataclass(frozen=True)
class Suggestion:
    """A need, how probable the text makes it (0..1), and the words that say so."""

    code: str
    confidence: float
    accepted: bool
    evidence: str


@dataclass(frozen=True)
class Suggestions:
    """What a text suggests; ``languages`` are those that it was read in, none if it is in another."""

    needs: tuple[Suggestion, ...]
    circumstances: tuple[Found, ...]
    languages: tuple[str, ...] = ()


def suggest(text: str, language: str | None = None, limit: int = 8) -> Suggestions:
    """Return the needs and circumstances that ``text`` speaks of.

    Parameters
    ----------
    text : str
        A note of at most 20,000 letters.
    language : str, optional
        Its language; told from the text where not given.
    limit : int
        The most needs returned. Those accepted come first, among them the ones about safety.

    Raises
    ------
    Invalid
        If the text is empty or too long, or netmap has no phrases in the language.
    """
    _check(text, language)
    languages = (language,) if language else _languages(text)
    needs = _needs(text, languages) if any(map(words.is_real, words.split(text))) else ()
    return Suggestions(needs[: max(limit, 0)], circumstances(text, languages), languages)


def as_dict(found: Suggestions) -> dict[str, Any]:
    """Return what programs get; with a message where the text is in a language that netmap does not read."""
    message = {} if found.languages else {"message": unread()}
    return {
        "needs": [
            {
                "code": one.code,
                "confidence": round(one.confidence, 3),
                "accepted": one.accepted,
                "evidence": one.evidence,
            }
            for one in found.needs
        ],
        "circumstances": [{"code": one.code, "evidence": one.evidence} for one in found.circumstances],
        "languages": list(found.languages),
        **message,
    }


def unread() -> str:
    """Return the sentence about a text in a language without phrases."""
    return _(
        "The text is in none of the languages that needs are read from (%(known)s): choose them by hand.",
        known=", ".join(LANGUAGES),
    )


def confidences(text: str, languages: tuple[str, ...]) -> dict[str, tuple[float, float, str]]:
    """Return need -> (confidence 0..1, from where it is accepted, evidence), the best language for each."""
    found: dict[str, tuple[float, float, str]] = {}
    for language in languages:
        model, common = blend(language), calibration()["accepted_from"][language]
        read = note_scores(model, text)
        sure = confidence(read.signs)
        for code, value, (start, end) in zip(model.codes, sure, read.places, strict=True):
            limit = least(code, common)
            if code not in found or value - limit > found[code][0] - found[code][1]:
                found[code] = (float(value), limit, _quote(text[start:end]))
    for cause, implied in IMPLIES.items():
        if cause in found and found[cause][0] > found[implied][0]:
            found[implied] = found[cause]
    return found


def _languages(text: str) -> tuple[str, ...]:
    """Return the languages of a text that netmap reads, those of a few words in another script included."""
    found = list(words.languages_of(text, keep=False))
    for script in (words.LATIN, words.CYRILLIC):
        own = [word for word in words.split(text) if words.script(word) == script]
        if len(own) >= FOREIGN_WORDS and not set(script) & set(found):
            found.extend(words.languages_of(" ".join(own), keep=False))
    return tuple(language for language in dict.fromkeys(found) if language in LANGUAGES)


def _needs(text: str, languages: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """Return every need above the noise, in the order of showing."""
    needs = vocabulary().needs
    found = [
        Suggestion(code, round(value, 3), value >= limit, evidence)
        for code, (value, limit, evidence) in confidences(text, languages).items()
        if value >= LEAST
    ]

    def place(one: Suggestion) -> tuple[bool, bool, float, str]:
        return not one.accepted, not (one.accepted and needs[one.code].safety), -one.confidence, one.code

    return tuple(sorted(found, key=place))


def _quote(piece: str) -> str:
    """Return the piece as it stands, cut at a word if it is long."""
    if len(piece) <= LONGEST_QUOTE:
        return piece
    cut = piece[:LONGEST_QUOTE]
    return cut.rsplit(None, 1)[0] if " " in cut else cut


def _check(text: str, language: str | None) -> None:
    """Refuse what cannot be read."""
    if not text.strip():
        raise Invalid(
            _("There is no text to read needs from: write a sentence about the situation."),
            {"text": _("Write a sentence about the situation.")},
        )
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            _(
                "The text has %(length)s letters and the most is %(most)s: shorten it or send it in parts.",
                length=len(text),
                most=LONGEST_TEXT,
            ),
            {"text": _("Shorten the text.")},
        )
    if language is not None and language not in LANGUAGES:
        raise Invalid(
            _(
                "Needs cannot be read from a text in '%(language)s': the languages are %(known)s.",
                language=language,
                known=", ".join(LANGUAGES),
            ),
            {"language": _("Choose one of the languages.")},
        )
