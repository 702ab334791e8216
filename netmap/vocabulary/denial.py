"""What is denied in a clause: whether anything is, and which words.

A "no" before what a person cannot do is no denial, because that is itself the trouble. Lithuanian denies with
a prefix, which is split off so that the word itself can be compared.
"""

from netmap.vocabulary import words
from netmap.vocabulary.cues import cue

NEAR = 2  # words on either side that "there is no" denies
AFTER_NOT = {"en": 3}  # words that a plain "not" denies, where it stands before more than its verb


def content(text: str, language: str) -> tuple[list[str], bool]:
    """Return the words of a clause or phrase without its denials, and whether it had any.

    Examples
    --------
    >>> content("has no job", "en"), content("neturi darbo", "lt")
    ((['has', 'job'], True), (['turi', 'darbo'], True))
    >>> content("не может платить", "ru"), content("nemoka skaityti", "lt")
    ((['может', 'платить'], False), (['nemoka', 'skaityti'], False))
    """
    denial, unable = cue("denial", language), cue("unable", language)
    kept, denied = [], False
    found = words.split(text)
    for word, following in zip(found, [*found[1:], ""], strict=False):
        if denial.fullmatch(word):
            denied = denied or not unable.fullmatch(following)
        elif language == "lt" and (positive := _without_prefix(word)):
            kept.append(positive)
            denied = True
        else:
            kept.append(word)
    return kept, denied


def denied_words(text: str, language: str) -> frozenset[str]:
    """Return the words of a clause or phrase that are denied, as written.

    Examples
    --------
    >>> sorted(denied_words("не хочет ночевать на улице", "ru")), sorted(denied_words("долгов нет", "ru"))
    (['хочет'], ['долгов'])
    >>> sorted(denied_words("skolų nebeturi", "lt"))
    ['skolų', 'turi']
    """
    denial, unable, exists = (cue(kind, language) for kind in ("denial", "unable", "exists"))
    found = words.split(text)
    denied: set[str] = set()
    for place, word in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else ""
        positive = _without_prefix(word) if language == "lt" and not denial.fullmatch(word) else ""
        if positive:
            denied.add(positive)
            around = NEAR if exists.fullmatch(positive) else 0
        elif denial.fullmatch(word) and not unable.fullmatch(following):
            around = NEAR if exists.fullmatch(word) or exists.fullmatch(following) else 0
            denied.update(found[place + 1 : place + 1 + AFTER_NOT.get(language, 1)])
        else:
            continue
        denied.update(found[max(0, place - around) : place] + found[place + 1 : place + 1 + around])
    return frozenset(word for word in denied if not denial.fullmatch(word))


def _without_prefix(word: str) -> str:
    """Return a Lithuanian word without its denying ne- or nebe-, or nothing where it has none."""
    small = word.casefold()
    if not small.startswith("ne") or len(small) < 5 or cue("whole", "lt").fullmatch(small):
        return ""
    for prefix in ("nebe", "ne"):
        rest = small.removeprefix(prefix)
        if rest != small and len(rest) > 2 and words.is_known(rest, "lt"):
            return "" if cue("unable", "lt").fullmatch(rest) else rest
    return ""
