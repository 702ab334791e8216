"""Made-up documents in any number, without a database: the same for every search engine that is measured.

Texts of 40 to 120 words are whole phrases of providers in one of four languages, mostly of one service type;
names, streets, telephone numbers and addresses are made of syllables. What people know of a service (areas,
languages, cost, access ...) is drawn with gaps, since much of it is not known. A phrase is analysed once.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from benchmarks.made_up import AREAS, LANGUAGES, phrases
from netmap.search.backend import ANY_LANGUAGE, GONE, OFFERED, PAUSED, Document
from netmap.vocabulary import words

TODAY = date(2026, 11, 26)
FEWEST_WORDS, MOST_WORDS = 40, 120
COUNTY = 8  # areas of one county
COUNTED = ("type", "area", "language", "cost", "access", "target", "threshold", "layer", "takes", "relation")
SYLLABLES = re.findall(
    "[a-z]+", "va lo mi ren ta ku sel da vi no ras gu li mar do pe zha ke ul bor ne sti fa hro"
)
KINDS = {"en": "centre", "ru": "центр", "uk": "фонд", "lt": "namai"}


@dataclass(frozen=True, slots=True)
class Known:
    """What people know of one field: codes with how often each is drawn.

    ``fewest`` to ``most`` are drawn; of ``gap`` of all services nobody knows any, of a tenth as many not all.
    """

    codes: Mapping[str, int]
    fewest: int
    most: int
    gap: float


KNOWN = {
    "language": Known({"lt": 9, "ru": 8, "en": 5, "uk": 4, "pl": 2, "hy": 1, "fr": 1, "de": 1}, 1, 3, 0.2),
    "cost": Known({"free": 3, "fee": 1}, 1, 1, 0.15),
    "access": Known({"wheelchair": 3, "remote": 3, "comes_to_you": 1}, 1, 2, 0.5),
    "target": Known({f"group{n}": 12 - n for n in range(10)} | {"not:group3": 2, "not:group7": 1}, 0, 3, 0.1),
    "threshold": Known({f"threshold{n}": 6 - n for n in range(6)}, 0, 3, 0.4),
    "layer": Known({"state": 5, "ngo": 5, "community": 3, "circle": 1, "self": 1}, 1, 1, 0.0),
    "takes": Known({"yes": 6, "waiting": 2, "full": 1}, 1, 1, 0.5),
    "relation": Known({"contact": 6, "agreement": 3, "funding": 1, "joint_service": 1}, 0, 2, 0.0),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its words as written and as analysed."""

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]


@cache
def said(text: str, *languages: str) -> Said:
    """Return a text, analysed once."""
    small = tuple(word.casefold() for word in words.split(text))
    return Said(text, small, tuple(words.terms(text, languages or words.LANGUAGES)))


class Maker:
    """Draws documents one after another."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.own = {key: [said(text, key[0]) for text in texts] for key, texts in sorted(phrases().items())}
        self.keys = list(self.own)
        self.any: dict[str, list[Said]] = {language: [] for language in LANGUAGES}
        for (language, _code), texts in self.own.items():
            self.any[language] += texts
        self.types = sorted({code for _language, code in self.keys})
        self.far = list(accumulate((n + 1) ** -0.5 for n in range(AREAS)))  # some areas are cities
        self.weights = {name: list(accumulate(one.codes.values())) for name, one in KNOWN.items()}
        self.codes = {name: list(one.codes) for name, one in KNOWN.items()}

    def document(self, number: int) -> Document:
        """Return one document."""
        chance = self.chance
        language, code = chance.choice(self.keys)
        name, text = self.name(language, code), self.text(language, code)
        organisation = self.organisation(number // 4, language)
        area = chance.choices(range(AREAS), cum_weights=self.far)[0]
        place, contact = self.place(area), self.contact(number)
        codes, unsure = self.known(area)
        confirmed = chance.random() < 0.5
        suggested = [] if confirmed else [code]
        if chance.random() < 0.3 and (further := chance.choice(self.types)) != code:
            suggested.append(further)
        return Document(
            id=f"s{number}",
            fields={"name": " ".join(map(words.fold, name.words)), "organisation": organisation.text},
            terms={
                "name": name.terms,
                "organisation": organisation.terms,
                "text": [term for part in text for term in part.terms],
                "place": place,
                "contact": contact,
            },
            words=(*name.words, *(word for part in text for word in part.words)),
            types=(code,) if confirmed else (),
            suggested=tuple(suggested),
            codes=codes,
            unsure=unsure,
            points=self.points(area),
            group=f"o{number // 4}",
            standing=chance.choices((OFFERED, PAUSED, GONE), (95, 3, 2))[0],
            checked=TODAY - timedelta(chance.randrange(900)) if chance.random() < 0.8 else None,
        )

    def name(self, language: str, code: str) -> Said:
        first = self.chance.choice(self.own[language, code]).text.split()[:5]
        return said(" ".join(first))

    def text(self, language: str, code: str) -> list[Said]:
        """Return phrases, three of five of the service's own type, until there are words enough."""
        wanted, found, length = self.chance.randint(FEWEST_WORDS, MOST_WORDS), list[Said](), 0
        while length < wanted:
            source = self.own[language, code] if self.chance.random() < 0.6 else self.any[language]
            phrase = self.chance.choice(source)
            length += len(phrase.words)
            if length > MOST_WORDS:
                break
            found.append(phrase)
        return found

    def organisation(self, number: int, language: str) -> Said:
        chance = random.Random(number)  # the same for all its services
        return said(f"{_made_up(chance, 3)} {_made_up(chance, 2)} {KINDS[language]}")

    def place(self, area: int) -> list[str]:
        street = _made_up(random.Random(1000 + self.chance.randrange(4000)), 3)
        return [_made_up(random.Random(area), 4), street, str(self.chance.randrange(1, 200))]

    def contact(self, number: int) -> list[str]:
        phone = str(60_000_000 + number * 37 % 40_000_000)
        return [phone, phone[-6:], _made_up(self.chance, 3), "example"]

    def known(self, area: int) -> tuple[dict[str, Sequence[str]], tuple[str, ...]]:
        """Return the codes of every field, and of which fields not everything is known."""
        chance = self.chance
        found: dict[str, Sequence[str]] = {"area": self.areas(area), "hours": (f"key{chance.randrange(60)}",)}
        unsure = [] if found["area"] else ["area"]
        if chance.random() < 0.15:
            found["hours"] = ()
            unsure.append("hours")
        for name, one in KNOWN.items():
            drawn = chance.random()
            wanted = 0 if drawn < one.gap else chance.randint(one.fewest, one.most)
            codes = chance.choices(self.codes[name], cum_weights=self.weights[name], k=wanted)
            found[name] = tuple(dict.fromkeys(codes))
            if drawn < one.gap * 1.1:
                unsure.append(name)
        if chance.random() < 0.1:
            found["language"] = (*found["language"], ANY_LANGUAGE)
        return found, tuple(unsure)

    def areas(self, area: int) -> tuple[str, ...]:
        drawn, own, around = self.chance.random(), f"a{area}", f"c{area // COUNTY}"
        if drawn < 0.1:
            return ()
        served = f"serves:{own}" if drawn < 0.5 else f"serves:{around}"
        return (own, around) if drawn > 0.6 else (own, around, served)

    def points(self, area: int) -> tuple[tuple[float, float], ...]:
        chance, middle = self.chance, random.Random(area)
        latitude, longitude = 54 + 2 * middle.random(), 23 + 3 * middle.random()
        return tuple(
            (round(chance.gauss(latitude, 0.05), 5), round(chance.gauss(longitude, 0.08), 5))
            for _place in range(chance.choices((0, 1, 2), (15, 75, 10))[0])
        )


def _made_up(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=syllables))


def documents(count: int, seed: int = 7) -> Iterator[Document]:
    """Yield that many documents, always the same ones."""
    maker = Maker(seed)
    for number in range(count):
        yield maker.document(number)


def changed(document: Document, word: str) -> Document:
    """Return the document with one more word in its text, so that the change can be seen."""
    terms: dict[str, Any] = {**document.terms, "text": [*document.terms["text"], word]}
    return replace(document, terms=terms, words=(*document.words, word))
