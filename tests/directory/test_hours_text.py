"""Opening hours in running text: read whole, or not at all."""

import json
from pathlib import Path

import pytest

from netmap.directory.hours_text import read_hours_text

WEEK = "MO,TU,WE,TH,FR"
ALWAYS = "MO,TU,WE,TH,FR,SA,SU"

READ = [
    ("Monday - Friday 8:30AM-5PM", [(WEEK, "08:30", "17:00")]),
    ("Mon-Fri 9-5pm", [(WEEK, "09:00", "17:00")]),
    ("Mon-Fri 9am-5", [(WEEK, "09:00", "17:00")]),
    ("Mon-Fri 1-5pm", [(WEEK, "13:00", "17:00")]),
    ("M-F 9:00am - 5:00pm; Sat 10am-2pm", [(WEEK, "09:00", "17:00"), ("SA", "10:00", "14:00")]),
    (
        "Monday through Thursday, 8 a.m. to 4:30 p.m., Friday 8 a.m. to noon",
        [("MO,TU,WE,TH", "08:00", "16:30"), ("FR", "08:00", "12:00")],
    ),
    ("Tues & Thurs 10am-12pm, 1pm-3pm", [("TU,TH", "10:00", "12:00"), ("TU,TH", "13:00", "15:00")]),
    ("24 hours a day, 7 days a week", [(ALWAYS, "00:00", "23:59")]),
    ("24/7", [(ALWAYS, "00:00", "23:59")]),
    ("24h/24 - 7j/7", [(ALWAYS, "00:00", "23:59")]),
    ("Daily 7am-midnight", [(ALWAYS, "07:00", "00:00")]),
    ("Daily, 24 hours", [(ALWAYS, "00:00", "23:59")]),
    ("Friday 10pm-2am", [("FR", "22:00", "02:00")]),
    ("Sun 12-3pm", [("SU", "12:00", "15:00")]),
    ("Sun 11-1pm", [("SU", "11:00", "13:00")]),
    ("Wed 5:30-7:30 pm", [("WE", "17:30", "19:30")]),
    ("Mon-Fri 8:00 - 17:00", [(WEEK, "08:00", "17:00")]),
    ("9am-5pm Monday to Friday, 10am-2pm Saturday", [(WEEK, "09:00", "17:00"), ("SA", "10:00", "14:00")]),
    ("between 9am and 5pm on weekdays", [(WEEK, "09:00", "17:00")]),
    ("Open Mon-Fri 9am-5pm, closed Wednesday", [("MO,TU,TH,FR", "09:00", "17:00")]),
    ("Mon, Wed 9am-noon; Mon 2pm-4pm", [("MO,WE", "09:00", "12:00"), ("MO", "14:00", "16:00")]),
    ("First Thursday of the month", [("1TH", None, None)]),
    ("1st and 3rd Monday of each month, 6pm-8pm", [("1MO,3MO", "18:00", "20:00")]),
    ("Last Friday of the month 10:00-12:00", [("-1FR", "10:00", "12:00")]),
    ("Monday to Friday", [(WEEK, None, None)]),
    ("Les mardi et jeudi de 15h00 à 19h00", [("TU,TH", "15:00", "19:00")]),
    (
        "Les mardi et jeudi de 15h00 à 19h00 - Les mercredi et vendredi de 9h30 à 13h30",
        [("TU,TH", "15:00", "19:00"), ("WE,FR", "09:30", "13:30")],
    ),
    ("Du lundi au vendredi : 9h-12h / 14h/17h", [(WEEK, "09:00", "12:00"), (WEEK, "14:00", "17:00")]),
    ("lundi matin : 8h15/12h, vendredi 9h/12h", [("MO", "08:15", "12:00"), ("FR", "09:00", "12:00")]),
    ("mar-mer-jeu 10h-12h et le sam 10h-12h30", [("TU,WE,TH", "10:00", "12:00"), ("SA", "10:00", "12:30")]),
    ("2ème et 4ème jeudi du mois de 10h à 13h", [("2TH,4TH", "10:00", "13:00")]),
    ("Tous les 1er vendredis du mois de 9h30 à 12h30", [("1FR", "09:30", "12:30")]),
    ("Lundi : FERMÉ  Mardi : 9h - 12h30", [("TU", "09:00", "12:30")]),
    ("Jeudi 10h30-12h-14h-17h", [("TH", "10:30", "12:00"), ("TH", "14:00", "17:00")]),
    ("lundi : 9h-17", [("MO", "09:00", "17:00")]),
    ("Mardi 16 h 18 h", [("TU", "16:00", "18:00")]),
    ("samedi de 9h à midi", [("SA", "09:00", "12:00")]),
    ("lundi matin 9h-12h, mardi après-midi 14h-17h", [("MO", "09:00", "12:00"), ("TU", "14:00", "17:00")]),
    ("samedi de 20h à minuit", [("SA", "20:00", "00:00")]),
    ("Sat noon-5", [("SA", "12:00", "17:00")]),
    ("Every first and third Monday 9am-noon", [("1MO,3MO", "09:00", "12:00")]),
    ("Every second Monday of the month 9am-noon", [("2MO", "09:00", "12:00")]),
    ("Mon-Fri 9am-5pm (closed holidays), Sat 10am-2pm", [(WEEK, "09:00", "17:00"), ("SA", "10:00", "14:00")]),
    ("Mon 9am-noon, first Monday 2pm-4pm", [("MO", "09:00", "12:00"), ("1MO", "14:00", "16:00")]),
]

LOCAL = [
    ("de", "Mo-Do 9-12 u. 14-16 Uhr", [("MO,TU,WE,TH", "09:00", "12:00"), ("MO,TU,WE,TH", "14:00", "16:00")]),
    ("de", "Mo-Fr 8-12 Uhr, Do auch 14-18 Uhr", [(WEEK, "08:00", "12:00"), ("TH", "14:00", "18:00")]),
    ("de", "Mo, Mi, Fr 9.00-12.00 Uhr", [("MO,WE,FR", "09:00", "12:00")]),
    ("de", "Montag bis Freitag von 9:00 bis 12:00 Uhr", [(WEEK, "09:00", "12:00")]),
    ("de", "Mo 9-12, Di 13-17, Mi geschl.", [("MO", "09:00", "12:00"), ("TU", "13:00", "17:00")]),
    ("de", "täglich 0-24 Uhr", [(ALWAYS, "00:00", "23:59")]),
    ("de", "Mo-So 20:00-8:00", [(ALWAYS, "20:00", "08:00")]),
    ("lt", "I-V 8.00-17.00 val.", [(WEEK, "08:00", "17:00")]),
    ("lt", "nuo pirmadienio iki penktadienio 8-17 val.", [(WEEK, "08:00", "17:00")]),
    ("lt", "Pr-Pn 8-17, pietų pertrauka 12-12:45", [(WEEK, "08:00", "12:00"), (WEEK, "12:45", "17:00")]),
    ("lt", "VI-VII nedirba; I-V 9-18", [(WEEK, "09:00", "18:00")]),
    ("lt", "visą parą", [(ALWAYS, "00:00", "23:59")]),
    (
        "ru",
        "пн.-пт. с 9.00 до 18.00, перерыв 13.00-14.00",
        [(WEEK, "09:00", "13:00"), (WEEK, "14:00", "18:00")],
    ),
    ("ru", "Пн-Пт 9-18 (обед с 13 до 14)", [(WEEK, "09:00", "13:00"), (WEEK, "14:00", "18:00")]),
    (
        "ru",
        "Пн-Пт: 09:00–18:00; Сб: 10:00–14:00; Вс: выходной",
        [(WEEK, "09:00", "18:00"), ("SA", "10:00", "14:00")],
    ),
    ("ru", "с понедельника по пятницу с 9 до 18", [(WEEK, "09:00", "18:00")]),
    ("ru", "по вторникам с 14 до 16 часов", [("TU", "14:00", "16:00")]),
    ("ru", "Ежедневно, круглосуточно", [(ALWAYS, "00:00", "23:59")]),
    (None, "Пн-Пт 9-18", [(WEEK, "09:00", "18:00")]),
    ("uk", "з понеділка по п’ятницю з 9 до 18", [(WEEK, "09:00", "18:00")]),
    ("uk", "Сб, Нд - вихідний; Пн-Пт 9-17", [(WEEK, "09:00", "17:00")]),
    ("uk", "цілодобово", [(ALWAYS, "00:00", "23:59")]),
    ("en", "M-F 8a-8p, Sat 9:30a-12p", [(WEEK, "08:00", "20:00"), ("SA", "09:30", "12:00")]),
]

LOCAL_UNREAD = [
    ("de", "Mo 9-5 Uhr"),
    ("de", "Di 2-4"),
    ("de", "Mo bis Fr ab 9 Uhr"),
    ("de", "jeden 2. Dienstag 15-17 Uhr"),
    ("de", "Mi 14–18 Uhr (nicht in den Schulferien)"),
    ("de", "Mo-Fr 9-12 Uhr und nach Vereinbarung"),
    ("en", "Mon 9h30 am - 11h"),
    ("en", "Do 9-12"),
    ("en", "Mon-Fri 9-12"),
    ("lt", "I-V 8-17, pagal susitarimą"),
    ("ru", "Пн с 9 до 6"),
    ("ru", "каждый второй вторник 18:00"),
    ("ru", "Пн-Чт 9-18, Пт 9-17, перерыв 13-14"),
    ("ru", "Пн-Пт 9-18, обед 18-19"),
    ("ru", "Пн-Пт 9-13, 14-18, перерыв 13-14"),
    ("ru", "Пн-Пт 9-18, перерыв"),
    ("ru", "Пн-Пт 9-18, выходные 10-15"),
    ("ru", "понедельник по записи"),
    ("uk", "Пн-Пт до 18"),
    ("fr", "lundi 9:00-5:00"),
]

UNREAD = [
    "Fri 8:00-midnight",
    "Fri 10 - midnight",
    "Mon 09:00-5",
    "Mon 13:00-5",
    "Every second Tuesday 9am-noon",
    "chaque 2e mardi 9h-12h",
    "Closed holidays and Mondays, Tue 9am-5pm",
    "sauf jours fériés et lundi, mardi 9h-12h",
    "Daily 9am-5pm, Sunday 10am-4pm",
    "Mon-Fri 9am-5pm, Friday 9am-1pm",
    "1st Saturday 9am-noon, Saturday 10am-4pm",
    "Fourth Friday 9am-noon, last Friday 10am-4pm",
    "M-V 9h-17h",
    "Mon-Fri 9-5",
    "M-F 9:00-5:00",
    "Tue 2:00 - 4:00",
    "Every other Tuesday 9am-12pm",
    "By appointment",
    "Call for hours",
    "9am-5pm",
    "9h-12h / 14h-17h",
    "Sat & Sun: Closed",
    "Tuesday at 10am and 2pm",
    "mardi à 9h et 14h",
    "Monday, Tuesday 9am-5pm, Wednesday",
    "Monday\nTuesday 9am-5pm",
    "Saturdays 9am to 1pm (March to October)",
    "Mon-Fri 8:30AM-5PM (closed 12-1 for lunch)",
    "Closed Monday, Tuesday 9am-5pm",
    "Un lundi sur deux de 9h à 12h",
    "En période scolaire : mercredi de 14h à 18h",
    "Sur RDV : 02.47.74.56.08",
    "lundi au vendredi 9h-12h30 (sur rendez-vous le mercredi)",
    "Mercredi : 14H-16H (semaine paire)",
    "vendredi 15h18h",
    "du lundi au vendredi, fermé les mardi après-midi",
    "Lundi matin : 14h-17h",
    "Mon 25:00-26:00",
    "Mon 9am-9am",
    "Mon 13pm-15pm",
    "Tue 10am-1pm, 12pm-3pm",
    "Monday 9am-5pm 31 December",
    "1st Thursday and Friday 9am-5pm",
    "Monday of the month 9am-5pm",
    "9am-5pm Monday, 10am-2pm",
    "\x00",
    "9" * 5000,
    "Monday " * 3000 + "9am",
]


@pytest.mark.parametrize(("text", "rows"), READ)
def test_what_leaves_no_doubt_is_read(text: str, rows: list[tuple[str, str | None, str | None]]) -> None:
    found = read_hours_text(text)

    assert found.unread is None
    assert [(row.byday, row.opens_at, row.closes_at) for row in found.rows] == rows
    assert all(row.freq == ("MONTHLY" if row.byday[0] in "-12345" else "WEEKLY") for row in found.rows)


@pytest.mark.parametrize("text", UNREAD, ids=lambda text: text[:40])
def test_what_leaves_a_doubt_keeps_its_words(text: str) -> None:
    found = read_hours_text(text)

    assert (found.rows, found.unread) == ((), text.strip())


@pytest.mark.parametrize(("language", "text", "rows"), LOCAL)
def test_other_languages_are_read_by_twenty_four_hours(
    language: str | None, text: str, rows: list[tuple[str, str, str]]
) -> None:
    found = read_hours_text(text, language)

    assert found.unread is None
    assert [(row.byday, row.opens_at, row.closes_at) for row in found.rows] == rows


@pytest.mark.parametrize(("language", "text"), LOCAL_UNREAD)
def test_a_doubt_in_another_language_keeps_its_words(language: str, text: str) -> None:
    found = read_hours_text(text, language)

    assert (found.rows, found.unread) == ((), text)


def test_a_text_that_only_says_closed_says_so() -> None:
    assert read_hours_text("Saturday Closed-Closed").closed
    assert not read_hours_text("Saturday by appointment").closed


def test_a_remark_that_no_row_can_hold_is_kept_beside_the_rows() -> None:
    found = read_hours_text("Mon-Fri 9am-5pm. Closed on public holidays")

    assert [row.byday for row in found.rows] == [WEEK]
    assert found.note == "Mon-Fri 9am-5pm. Closed on public holidays"


def test_french_times_are_told_by_twenty_four_hours() -> None:
    assert read_hours_text("mardi 2:00 - 4:00").unread
    assert read_hours_text("mardi 2:00 - 4:00", "fr").rows[0].opens_at == "02:00"


@pytest.mark.parametrize("text", ["M 9h-12h", "lundi de 9:00 à 5:00", "lundi de 8h à 5h"])
def test_french_words_that_may_mean_something_else_are_not_read(text: str) -> None:
    assert read_hours_text(text, "fr").unread == text


def test_an_empty_text_says_nothing() -> None:
    found = read_hours_text("  ")

    assert (found.rows, found.unread, found.note) == ((), None, None)


def test_the_hours_of_a_real_french_directory(shared: Path) -> None:
    places = json.loads((shared / "data" / "fr_mednum" / "hub-lo.json").read_text(encoding="utf-8"))
    texts = [place["c_horaire_ouverture"] for place in places]
    texts = [text for text in texts if text and text not in {"True", "False"}]
    read = [text for text in texts if read_hours_text(text, "fr").rows]

    assert (len(texts), len(read)) == (118, 60)
    assert not any(
        word in text.casefold() for text in read for word in ("rdv :", "vacances", "paire", "sauf")
    )
