"""The words of opening hours in German, Lithuanian, Russian and Ukrainian, which count the day by 24. Pure.

Each text is an alternative of a regular expression, to be matched in small letters up to the end of a word.
"""

import re

LANGUAGES = ("de", "lt", "ru", "uk")
EVERY_DAY = (
    "täglich|jeden tag|kasdien|ежедневно|каждый день|щоденно|щодня|кожного дня|кожен день"
)  # fmt: skip
WORKING_DAYS = (
    "darbo dienomis|по будням|в будни|в будние дни|будние дни|будни|"
    "у будні дні|у будні|в будні|по буднях|будні"
)
WEEKENDS = "savaitgaliais|по выходным|в выходные|у вихідні|по вихідних"
FILLERS = (
    "öffnungszeiten|sprechzeiten|sprechstunden?|geöffnet|jeweils|auch|von|uhr|"
    r"am(?=\s(?:mo|di|mi|do|fr|sa|so))|"  # elsewhere it is a half of the day
    "darbo laikas|darbo valandos|priėmimo laikas|dirba|nuo|val|"
    "режим работы|график работы|часы работы|время работы|часы при[её]ма|время при[её]ма|при[её]м|"
    "часов|часа|час|ч|со|с|во|в|"
    "режим роботи|графік роботи|години роботи|час роботи|години прийому|прийом|"
    "години|годин|год|із|з|від|у"
)
NOTED = (
    "durchgehend|(?:außer|nicht) an feiertagen|be pertraukos|be pietų pertraukos|"
    "без перерыва(?: на обед)?|без обеда|без выходных|кроме праздников|кроме праздничных дней|"
    "без перерви(?: на обід)?|без вихідних|крім свят|крім святкових днів"
)
CLOSED = (
    "geschlossen|geschl|ruhetag|nedirba|nedarbo diena|uždaryta|"
    "выходной день|выходной|выходные|закрыто|не работает|вихідний день|вихідний|вихідні|зачинено|не працює"
)
TO = "bis|iki|до|по"
AND = "und|u|sowie|ir|и|та|й|і"
PAUSE = (
    "mittagspause|pause|pietų pertrauka|pertrauka|pietūs|"
    "перерыв на обед|обеденный перерыв|перерыв|обед|перерва на обід|обідня перерва|перерва|обід"
)
ROUND_THE_CLOCK = "rund um die uhr|visą parą|круглосуточно|цілодобово"
_BY_LANGUAGE = {
    "de": (
        "mo montag montags", "di dienstag dienstags", "mi mittwoch mittwochs", "do donnerstag donnerstags",
        "fr freitag freitags", "sa samstag samstags sonnabend sonnabends", "so sonntag sonntags",
    ),
    "lt": (
        "pr pirmadienio", "an antradienio", "tr trečiadienio", "kt ketvirtadienio", "pn penktadienio",
        "št šeštadienio", "sk sekmadienio",
    ),
}  # fmt: skip
_CASES = (
    "понедельника понедельникам понеділка понеділкам понеділках",
    "вторника вторникам вівторка вівторкам вівторках",
    "среду среды средам середу середи середах",
    "четверга четвергам четвергах",
    "пятницу пятницы пятницам п'ятницю п'ятниці п'ятницях",
    "субботу субботы субботам суботу суботи суботах",
    "воскресенья воскресеньям неділю неділі неділях",
)
_DAYS: dict[str | None, dict[str, int]] = {
    language: {name: day for day, words in enumerate(days) for name in words.split()}
    for language, days in (*_BY_LANGUAGE.items(), (None, _CASES))
}
_CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)
_ROUND = re.compile(ROUND_THE_CLOCK)
_PAUSE_IN_BRACKETS = re.compile(rf"\(\s*((?:{PAUSE})\b[^()]*)\)")


def counts_by_24(text: str, language: str | None) -> bool:
    """Return whether numbers alone are hours of a day of 24: "Пн-Пт 9-18", but not "Mon-Fri 9-5".

    Examples
    --------
    >>> counts_by_24("Mo-Do 9-12", "de"), counts_by_24("Пн-Пт 9-18", None), counts_by_24("Mon 9-12", None)
    (True, True, False)
    """
    return language in LANGUAGES or _CYRILLIC.search(text) is not None


def local_day(word: str, language: str | None) -> int | None:
    """Return the weekday that a word names; words that are other words elsewhere only in their language.

    Examples
    --------
    >>> local_day("do", "de"), local_day("do", "en"), local_day("пятницу", None)
    (3, None, 4)
    """
    return _DAYS.get(language, {}).get(word, _DAYS[None].get(word))


def means_always(word: str) -> bool:
    """Return whether a word that stands alone means all days and all hours.

    Examples
    --------
    >>> means_always("круглосуточно"), means_always("24 hours")
    (True, False)
    """
    return _ROUND.fullmatch(word) is not None


def without_brackets(text: str) -> str:
    """Return a text with the brackets around a pause taken off.

    Examples
    --------
    >>> without_brackets("пн 9-18 (обед 13-14)")
    'пн 9-18 , обед 13-14'
    """
    return _PAUSE_IN_BRACKETS.sub(r", \1", text)
