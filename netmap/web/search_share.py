"""Links of a search to pass on: one of codes only, and one with the words as they were typed."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import request

from netmap.directory.answers import Answer
from netmap.i18n import gettext as _
from netmap.web.search_address import CHOSEN, Typed, address

# What was understood and can be asked for as a filter. Circumstances are a person's: they stay here.
PASSED_ON = {
    "need": "need", "place": "area", "language": "language", "cost": "cost", "access": "access",
    "threshold": "threshold",
}  # fmt: skip
LONGEST_WORDS = 8  # a longer question is a story, and a story is somebody's
_NUMBER = re.compile(r"\d(?:[\s().+-]*\d){3,}")


@dataclass(frozen=True, slots=True)
class Share:
    """Addresses to pass on; empty where there is nothing to say in codes, or where words may be personal."""

    codes: str
    words: str
    mail_codes: str
    mail_words: str


def share_of(typed: Typed, answer: Answer) -> Share:
    """Return the links of a search."""
    codes = codes_only(typed, answer)
    first = replace(typed, page=1, single={**typed.single, "near": _coarse(typed.single["near"])})
    by_codes = _absolute(codes) if codes.asks else ""
    by_words = _absolute(first) if typed.words and not may_be_personal(typed.words) else ""
    return Share(by_codes, by_words, _mail(by_codes), _mail(by_words))


def codes_only(typed: Typed, answer: Answer) -> Typed:
    """Return the search in codes: its filters and what was understood of the words, not the words."""
    chosen = dict(typed.chosen)
    kinds = {chip.kind for chip in answer.understood}
    for chip in answer.understood:
        field = "type" if chip.kind == "type" and "need" not in kinds else PASSED_ON.get(chip.kind)
        if field and not typed.chosen[field]:
            chosen[field] = (*chosen[field], chip.code)
    chosen["target"] = ()
    single = {**typed.single, "q": "", "near": _coarse(typed.single["near"])}
    return Typed(single, {field: chosen[field] for field in CHOSEN})


def may_be_personal(words: str) -> bool:
    """Return whether typed words may tell who a person is: a number, an address, or a whole story.

    Examples
    --------
    >>> may_be_personal("who helps with mortgage debt"), may_be_personal("call 8 600 12345")
    (False, True)
    >>> may_be_personal("ona@mail.example"), may_be_personal(" ".join("abcdefghi"))
    (True, True)
    """
    return "@" in words or _NUMBER.search(words) is not None or len(words.split()) > LONGEST_WORDS


def _coarse(point: str) -> str:
    """Return a point to about a kilometre: a nearer one may be somebody's door.

    Examples
    --------
    >>> _coarse("55.523456, 25.104321"), _coarse("nowhere"), _coarse("")
    ('55.52,25.10', 'nowhere', '')
    """
    try:
        latitude, longitude = (float(part) for part in point.split(","))
    except ValueError:
        return point
    return f"{latitude:.2f},{longitude:.2f}"


def _absolute(typed: Typed) -> str:
    return request.host_url.rstrip("/") + address(typed)


def _mail(link: str) -> str:
    if not link:
        return ""
    return f"mailto:?subject={quote(_('Who helps with what'))}&body={quote(link)}"
