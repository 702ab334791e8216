"""What the columns of a plain table mean: which can be chosen, what netmap guesses, what a person chose.

A plain table is one CSV or XLSX file whose name is none of HSDS's. Each of its rows speaks of one service:
who offers it, where, and how to reach it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netmap.directory.hsds_names import FILES, canonical
from netmap.directory.hsds_tables import SPECS
from netmap.directory.reading.apart import read_samples_apart
from netmap.errors import Invalid
from netmap.i18n import gettext as _

SAMPLES = 3
SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx"}
# Field -> words by which its column may be named; the first that fits, from the top, is the guess.
WORDS: Mapping[str, tuple[str, ...]] = {
    "service.id": ("id", "service id", "record id", "key", "nr", "no"),
    "service.name": (
        "service", "service name", "program", "program name", "programme", "title", "paslauga", "услуга",
        "послуга", "название", "назва", "pavadinimas", "name",
    ),
    "organization.name": (
        "organization", "organisation", "organization name", "organisation name", "agency", "agency name",
        "provider", "provider name", "organizacija", "организация", "організація", "įstaiga", "учреждение",
    ),
    "organization.description": ("organization description", "organisation description", "about"),
    "organization.website": ("organization website", "organisation website"),
    "organization.email": ("organization email", "organisation email"),
    "service.description": (
        "description", "service description", "details", "summary", "aprašymas", "описание", "опис",
    ),
    "service.url": ("url", "website", "web", "web site", "site", "homepage", "link", "svetainė", "сайт"),
    "service.email": ("email", "e mail", "mail", "el paštas", "почта", "пошта"),
    "service.eligibility_description": ("eligibility", "who", "for whom", "target group", "clients", "кому"),
    "service.minimum_age": ("minimum age", "min age", "age from"),
    "service.maximum_age": ("maximum age", "max age", "age to"),
    "service.fees_description": ("fees", "fee", "cost", "price", "kaina", "стоимость", "вартість", "цена"),
    "service.application_process": ("application process", "how to apply", "intake", "apply", "referral"),
    "service.wait_time": ("wait time", "waiting time", "wait"),
    "service.status": ("status",),
    "service.assured_date": ("assured date", "last checked", "checked", "verified", "last verified"),
    "location.id": ("location id", "place id"),
    "location.name": ("location", "location name", "place", "site name", "branch", "office"),
    "location.latitude": ("latitude", "lat", "y"),
    "location.longitude": ("longitude", "lon", "lng", "long", "x"),
    "location.transportation": ("transportation", "transport", "directions"),
    "address.address_1": (
        "address", "address 1", "street", "street address", "adresas", "адрес", "адреса", "gatvė", "улица",
    ),
    "address.address_2": ("address 2", "unit", "suite", "floor"),
    "address.city": ("city", "town", "municipality", "miestas", "город", "місто", "locality"),
    "address.state_province": ("state", "province", "county"),
    "address.region": ("region", "district"),
    "address.postal_code": (
        "postal code", "postcode", "zip", "zip code", "zipcode", "pašto kodas", "индекс", "індекс",
    ),
    "address.country": ("country",),
    "phone.number": ("phone", "telephone", "phone number", "tel", "telefonas", "телефон", "mobile"),
    "schedule.byday": ("byday", "days", "weekdays"),
    "schedule.opens_at": ("opens at", "opens", "open", "from"),
    "schedule.closes_at": ("closes at", "closes", "close", "until"),
    "schedule.description": ("hours", "opening hours", "schedule", "darbo laikas", "часы работы", "години"),
    "required_document.document": ("documents", "required documents", "document", "документы"),
    "service_area.name": ("service area", "area served", "coverage", "area"),
}  # fmt: skip
LEAST = ("service.name", "organization.name")  # one of them at least, or no row would say anything


@dataclass(frozen=True)
class Column:
    """One column of a plain table, what its first rows hold, and what netmap takes it for."""

    name: str
    samples: tuple[str, ...]
    guess: str  # "table.field", or "" to leave it out


def needs_columns(path: Path | None) -> bool:
    """Return whether a person must say what the columns of this file mean."""
    if path is None or path.suffix.casefold() not in SUFFIXES:
        return False
    try:
        tables = read_samples_apart(path).files
    except Invalid:  # the check says what is wrong with it
        return False
    names = {canonical(name) for table in tables for name in (path.stem, table.stem)}
    return len(tables) == 1 and not names & FILES.keys()


def columns(path: Path) -> list[Column]:
    """Return the columns of a plain table with some of their cells; raises Invalid if it cannot be read."""
    file = read_samples_apart(path).files[0]
    rows = [cells for _place, cells in file.rows()][:SAMPLES]
    named = [name for name in file.columns if name]
    guesses = guess(named)
    return [Column(name, tuple(row.get(name, "") for row in rows), guesses[name]) for name in named]


def guess(names: Sequence[str]) -> dict[str, str]:
    """Return what columns mean by their names; no field is guessed twice.

    Examples
    --------
    >>> guess(["provider", "name", "tel.", "x-ray"])
    {'provider': 'organization.name', 'name': 'service.name', 'tel.': 'phone.number', 'x-ray': ''}
    """
    plain = {name: " ".join(re.findall(r"\w+", name.casefold().replace("_", " "))) for name in names}
    found = dict.fromkeys(names, "")
    for target, words in WORDS.items():
        own = (target.replace(".", " ").replace("_", " "), target.partition(".")[2].replace("_", " "))
        for word in (own[0], *words, *(() if own[1] in {"id", "name", "description"} else own[1:])):
            column = next((name for name in names if plain[name] == word and not found[name]), None)
            if column is not None:
                found[column] = target
                break
    return found


def check_choices(choices: Mapping[str, str]) -> None:
    """Raise Invalid where choices cannot be used; ``fields`` names the columns.

    Examples
    --------
    >>> check_choices({"Name": "service.name", "Fax": ""})
    >>> check_choices({"Name": "user.role"})
    Traceback (most recent call last):
    netmap.errors.Invalid: These choices cannot be used.
    """
    wrong: dict[str, str] = {}
    twice = {target for target, times in Counter(choices.values()).items() if target and times > 1}
    for column, target in choices.items():
        if target and target not in WORDS:
            wrong[column] = _("Choose a field from the list.")
        elif target in twice:
            others = ", ".join(name for name, other in choices.items() if other == target and name != column)
            wrong[column] = _("%(others)s: the same is chosen there. Choose each once.", others=others[:200])
    if not any(target in choices.values() for target in LEAST):
        wrong[""] = _("Choose the column that holds the name of the service or of the organisation.")
    if wrong:
        raise Invalid(_("These choices cannot be used."), wrong)


def table_of(target: str) -> str:
    """Return the table of a field.

    Examples
    --------
    >>> table_of("service.name")
    'service'
    """
    table = target.partition(".")[0]
    assert table in SPECS
    return table
