"""What is open and yet not enough, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.cells.kinds import BROKEN_LINK, CAPACITY, EVIDENCE, PACKAGE, SINGLE_PROVIDER
from netmap.network.gaps.cards import Card
from netmap.network.gaps.too_few import TooFew
from netmap.network.gaps.words import few_of, names_of, people
from netmap.vocabulary.terms import label


@dataclass(frozen=True)
class Told:
    """What a sentence needs beside the card, in the reader's language.

    ``providers`` are those of the cells that have just one; ``giving`` and ``taking`` those who would hand
    over; ``clients`` as they may be told, None where nobody counted; ``missing`` areas have no figures;
    ``failed`` of ``asked`` tries went wrong there; ``half_life`` and ``target``, the days that people may
    wait, as the settings have it. ``few`` says why there is not enough, ``short`` and ``slow`` what the areas
    with too few places and with too long a wait are called.
    """

    profile: str
    areas: Sequence[str]
    providers: Sequence[str]
    giving: Sequence[str]
    taking: Sequence[str]
    clients: str | None
    missing: int
    failed: str
    asked: str
    half_life: float
    target: float = 0
    few: TooFew | None = None
    short: Sequence[str] = ()
    slow: Sequence[str] = ()


def risk_sentence(card: Card, told: Told) -> str:
    """Return a cell that is open and yet not enough in plain words."""
    kinds = {
        SINGLE_PROVIDER: _single,
        CAPACITY: _capacity,
        BROKEN_LINK: _broken,
        PACKAGE: _package,
        EVIDENCE: _evidence,
    }
    return f"{kinds.get(card.kind, _stale)(card, told)} {people(told.clients, told.missing)}"


def _values(card: Card, told: Told) -> dict[str, str]:
    return {"service": label(card.service_type), "profile": told.profile, "areas": names_of(told.areas)}


def _single(card: Card, told: Told) -> str:
    few = few_of(card)
    if few > 1:
        words = (
            _("%(service)s for “%(profile)s” has %(number)s providers or fewer in %(areas)s.",
              number=few, **_values(card, told))
        )  # fmt: skip
    else:
        words = _(
            "%(service)s for “%(profile)s” hangs on one provider in %(areas)s: %(providers)s.",
            providers=names_of(told.providers),
            **_values(card, told),
        )
    if not card.ask:
        return words
    more = _("That is what is known: others may be there too, of whom something is not known. Ask first.")
    return f"{words} {more}"


def _stale(card: Card, told: Told) -> str:
    if card.share is None:
        return _(
            "%(service)s for “%(profile)s” in %(areas)s: no recent check, "
            "and nobody ever checked some records.",
            **_values(card, told),
        )
    return _(
        "%(service)s for “%(profile)s” in %(areas)s: no recent check. Nothing of it may be true any more "
        "with a probability of %(share)s per cent, if half of all records change in %(days)s days.",
        share=round(100 * card.share),
        days=round(told.half_life),
        **_values(card, told),
    )


def _capacity(card: Card, told: Told) -> str:
    values = _values(card, told)
    words = []
    if told.few is not None and told.few.places is not None:
        words.append(
            _(
                "%(service)s for “%(profile)s” is there in %(areas)s, but with places for only about "
                "%(places)s of 100 clients of all packages that need it.",
                places=told.few.places,
                **{**values, "areas": names_of(told.short)},
            )
        )
    if told.few is not None and told.few.wait is not None:
        words.append(
            _(
                "%(service)s for “%(profile)s” is there in %(areas)s, but people wait %(days)s days or "
                "longer; the target is %(target)s.",
                days=number(told.few.wait),
                target=number(told.target),
                **{**values, "areas": names_of(told.slow)},
            )
        )
    return " ".join(words)


def _broken(card: Card, told: Told) -> str:
    return _(
        "Nobody hands people of “%(profile)s” over from %(before)s (%(giving)s) to %(service)s (%(taking)s) "
        "in %(areas)s: no agreement and no contact is recorded.",
        before=label(card.before),
        giving=names_of(told.giving),
        taking=names_of(told.taking),
        **_values(card, told),
    )


def _package(card: Card, told: Told) -> str:
    kinds = list(dict.fromkeys(label(line.service_type) for line in card.lines))
    values = {"profile": told.profile, "areas": names_of(told.areas), "kinds": names_of(kinds)}
    if card.doubtful:
        return _("“%(profile)s” may not get all help in %(areas)s: ask about %(kinds)s.", **values)
    return _("“%(profile)s” cannot get all help in %(areas)s. Missing: %(kinds)s.", **values)


def _evidence(card: Card, told: Told) -> str:
    return _(
        "%(service)s for “%(profile)s” is recorded in %(areas)s, yet people do not get it: %(failed)s of "
        "%(asked)s recorded tries failed. The directory is wrong, or a condition is missing in it.",
        failed=told.failed,
        asked=told.asked,
        **_values(card, told),
    )
