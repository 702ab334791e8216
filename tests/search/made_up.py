"""Small documents and questions for the tests of search engines."""

import random
from datetime import date, timedelta

from netmap.search.backend import Document, Facet, Filter, Preference, Query

DAY = date(2026, 5, 1)


def service(
    one: str, name: str = "", text: str = "", *, organisation: str = "", place: str = "", contact: str = "",
    **facts: object,
) -> Document:  # fmt: skip
    """A document whose words are its terms."""
    written = {"name": name, "organisation": organisation, "text": text, "place": place, "contact": contact}
    terms = {key: words.split() for key, words in written.items()}
    fields = {"name": name, "organisation": organisation}
    words = tuple(f"{name} {text}".split())
    return Document(one, fields, terms, words, **facts)  # type: ignore[arg-type]


def corpus(count: int, seed: int = 1, first: int = 0) -> list[Document]:
    """Documents with everything that a filter, a facet or a preference can ask for."""
    chance = random.Random(f"{seed} {first}")
    words = [f"w{n}" for n in range(200)]

    def some(prefix: str, most: int, kinds: int) -> tuple[str, ...]:
        return tuple({f"{prefix}{chance.randrange(kinds)}": None for _ in range(chance.randrange(most + 1))})

    return [
        service(
            str(n),
            " ".join(chance.choices(words, k=3)),
            " ".join(chance.choices(words, k=30)),
            organisation=f"firm{n % 40}",
            contact=f"+{n:04}",
            types=some("t", 2, 9),
            suggested=some("t", 1, 9),
            codes={"area": some("a", 2, 5), "language": some("l", 3, 6), "hours": some("h", 1, 90)},
            unsure=tuple(one for one in ("area", "language", "hours") if chance.random() < 0.2),
            points=tuple(
                (55 + chance.random(), 24 + chance.random()) for _ in range(chance.choice((0, 1, 1, 2)))
            ),
            group=f"g{n % 40}" if n % 5 else "",
            standing=chance.choice((0, 0, 0, 0, 1, 2)),
            checked=DAY - timedelta(days=chance.randrange(900)) if chance.random() < 0.7 else None,
        )
        for n in range(first, first + count)
    ]


def questions(count: int, seed: int = 2) -> list[Query]:
    """Questions of every kind: words, types, filters, facets, preferences, near misses, pins."""
    chance = random.Random(seed)

    def codes(prefix: str, kinds: int) -> frozenset[str]:
        return frozenset(f"{prefix}{chance.randrange(kinds)}" for _ in range(chance.randrange(1, 4)))

    def perhaps(share: float = 0.5) -> bool:
        return chance.random() < share

    made = []
    for _ in range(count):
        kinds = [
            ("type", "t", 9),
            ("area", "a", 5),
            ("language", "l", 6),
            ("hours", "h", 90),
            ("never", "x", 2),
        ]
        only = tuple(
            Filter(field, codes(prefix, number))
            for field, prefix, number in chance.choices(
                kinds, weights=(3, 4, 4, 2, 0.3), k=chance.randrange(4)
            )
        )
        facets = (
            Facet("types", "type"), Facet("areas", "area"), Facet("hours", "hours"), Facet("none", "never"),
            Facet("language", "language", {"few": codes("l", 6), "any": frozenset({"l1", "l2", "*"})}),
        )  # fmt: skip
        made.append(
            Query(
                terms=tuple(f"w{chance.randrange(200)}" for _ in range(chance.randrange(4))),
                kin=tuple(f"w{chance.randrange(200)}" for _ in range(chance.randrange(3))),
                types={f"t{chance.randrange(9)}": 0.8} if perhaps() else {},
                only=only,
                only_ids=frozenset(str(n) for n in range(0, 400, 2)) if perhaps(0.1) else None,
                not_ids=frozenset(str(n) for n in range(0, 400, 7)) if perhaps(0.2) else frozenset(),
                first_ids=("11", "4", "never") if perhaps(0.2) else (),
                near=(55.5, 24.5) if perhaps() else None,
                within_km=chance.choice((5, 20, 40)) if perhaps() else None,
                checked_since=DAY - timedelta(days=400) if perhaps(0.2) else None,
                today=DAY,
                prefer=(
                    Preference("open", "hours", codes("h", 90), codes("h", 90), perhaps()),
                    Preference("language", "language", codes("l", 6)),
                ),
                facets=facets,
                misses=chance.choice((0, 5)),
                sort=chance.choice(("best", "best", "near", "name", "checked")),
                limit=chance.choice((10, None)),
            )
        )
    return made
