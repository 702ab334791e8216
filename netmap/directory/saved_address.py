"""The address of a search as it may be kept: known parts, one order, no sign of a person. Pure."""

import re
import unicodedata
from urllib.parse import parse_qsl, urlencode

from netmap.errors import Invalid
from netmap.i18n import gettext as _

# In this order they are kept, so that one search has one address. Pages of results are no part of a search.
PARAMETERS = (
    "q", "need", "type", "area", "near", "from", "within", "open", "day", "time", "checked", "takes",
    "language", "cost", "access", "target", "threshold", "layer", "relation", "without", "sort",
)  # fmt: skip
SHAPED = {  # what cannot hold words
    "near": re.compile(r"-?\d{1,3}(?:\.\d{1,15})?\s*,\s*-?\d{1,3}(?:\.\d{1,15})?"),
    "within": re.compile(r"\d{1,4}(?:[.,]\d{1,6})?"),
    "open": re.compile(r"[a-z]{1,20}"),
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d"),
    "checked": re.compile(r"\d{1,5}"),
}
POINT_DIGITS = 2  # of a degree: about a kilometre, so that no home can be read from a point
MOST_PARTS, LONGEST_PART, LONGEST = 100, 200, 2000
MOST_DIGITS = 5

_MAIL = re.compile(r"\S@\S")
_NUMBER = re.compile(r"\d(?:[\s().+/–-]*\d)*")


def personal_problem(text: str) -> str:
    """Return a sentence where words hold an e-mail address or a number like that of a telephone; else "".

    Names of people cannot be known by their look; the page asks not to type them.

    Examples
    --------
    >>> personal_problem("shelter for women, room 12, open 24/7 at 18:00-20:30"), personal_problem("LT-28241")
    ('', '')
    >>> personal_problem("call +370 (612) 34-567")[:32]
    'A long number is not kept: it co'
    >>> personal_problem("anna@mail.example")[:33]
    'An e-mail address is not kept: ta'
    """
    plain = unicodedata.normalize("NFKC", text)
    if _MAIL.search(plain):
        return _("An e-mail address is not kept: take it out of the words, then save.")
    if any(sum(sign.isdigit() for sign in found) > MOST_DIGITS for found in _NUMBER.findall(plain)):
        return _(
            "A long number is not kept: it could be a client's telephone, birthday or personal code. Take it "
            "out of the words, then save."
        )
    return ""


def canonical(address: str) -> str:
    """Return the address of a search (what follows the "?") in its one form.

    Unknown parts are left out, so nothing else can be hidden in what is kept; a point is made coarse.

    Raises
    ------
    Invalid
        If nothing is searched for, or a part could tell who a client is.

    Examples
    --------
    >>> canonical("area=north&q=debt++advice&page=3&language=uk&language=lt&who=Anna")
    'q=debt+advice&area=north&language=lt&language=uk'
    >>> canonical("within=5&near=55.523456,25.101234")
    'near=55.52%2C25.1&within=5'
    """
    try:
        pairs = parse_qsl(address.lstrip("?"), max_num_fields=MOST_PARTS)
    except ValueError as error:
        raise _wrong(_("This search has too many filters to be saved.")) from error
    parts = {(name, _part(name, value)) for name, value in pairs if name in PARAMETERS}
    kept = sorted((pair for pair in parts if pair[1]), key=lambda pair: (PARAMETERS.index(pair[0]), pair[1]))
    if all(name in ("sort", "without") for name, _value in kept):
        raise _wrong(_("There is no search to save: type words or choose a filter first."))
    found = urlencode(kept)
    if len(found) > LONGEST:
        raise _wrong(_("This search is too long to be saved: use fewer words or filters."))
    return found


def _part(name: str, value: str) -> str:
    """Return one value as it is kept; empty where it says nothing."""
    value = " ".join(value.split())
    if name in SHAPED:
        if not SHAPED[name].fullmatch(value):
            return ""
        return _coarse(value) if name == "near" else value
    if not value.isprintable():
        raise _wrong(_("This search holds signs that cannot be shown: type its words again."))
    if len(value) > LONGEST_PART:
        raise _wrong(_("This search is too long to be saved: use fewer words or filters."))
    if problem := personal_problem(value):
        raise _wrong(problem)
    return value


def _coarse(point: str) -> str:
    """Return a point to about a kilometre.

    Examples
    --------
    >>> _coarse("55.523456, -25.1")
    '55.52,-25.1'
    """
    return ",".join(f"{round(float(part), POINT_DIGITS):g}" for part in point.split(","))


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"name": sentence})
