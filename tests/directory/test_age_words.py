"""Ages that stand in the words of a service."""

import pytest

from netmap.directory.age_words import age_phrase

PHRASES = [
    ("Mentoring for youth, ages 11-17, after school.", "ages 11-17"),
    ("Trips for adults 60 and older.", "60 and older"),
    ("You must be 18 or over to apply.", "18 or over"),
    ("Residents age 55+ may join", "Residents age 55+"),
    ("Open to young people aged 16 to 24 years", "aged 16 to 24"),
    ("between the ages of 14 and 21", "ages of 14 and 21"),
    ("Care for children under 5", "children under 5"),
    ("Women over the age of 18", "over the age of 18"),
    ("Classes for 6-12 year olds", "6-12 year olds"),
    ("For persons 18 years of age and older.", "18 years of age and older"),
    ("Seniors (60+) eat at noon", "Seniors (60+"),
    ("Youth up to age 26", "up to age 26"),
    ("Applicants must be at least 18 years old.", "at least 18 years old"),
    ("Приём граждан от 18 лет", "граждан от 18 лет"),
    ("Клуб для молодёжи с 14 до 35 лет", "с 14 до 35 лет"),
    ("Помощь людям 60 лет и старше", "60 лет и старше"),
    ("Кружки для детей 7-12 лет", "7-12 лет"),
    ("Послуги для осіб від 60 років", "від 60 років"),
    ("Табір для підлітків 12–17 років", "12–17 років"),
    ("Priimami asmenys nuo 18 metų", "nuo 18 metų"),
    ("Užsiėmimai 14–29 m. jaunimui", "14–29 m."),
    ("Skirta vyresniems nei 65 metų žmonėms", "vyresniems nei 65 metų"),
    ("Помощь женщинам старше 55 лет", "старше 55 лет"),
]
TRAPS = [
    "Open since 18 March.",
    "A house with 18 beds.",
    "Open 9-17, Monday to Friday.",
    "Transitional housing for 12-18 months.",
    "Treatment lasts 24 to 48 hours.",
    "Serving the city for over 60 years.",
    "The charity is over 60 years old.",
    "Groups of 10 and over 20 volunteers.",
    "Fees of $18 and up.",
    "Grades 6 to 12 are taught.",
    "From 18 to 20 December at 16 Old Street.",
    "Call 11-17-60.",
    "Работаем более 18 лет.",
    "Работаем с 9 до 18 часов, 12 мест.",
    "Заём на 3-5 лет.",
    "Працюємо понад 20 років.",
    "Programa vyksta nuo 2018 metų, 18 vietų.",
    "Dirbame nuo 8 iki 18 val.",
    "",
]


@pytest.mark.parametrize(("text", "phrase"), PHRASES)
def test_a_plain_age_phrase_is_quoted(text: str, phrase: str) -> None:
    assert age_phrase(text) == phrase


@pytest.mark.parametrize("text", TRAPS)
def test_other_numbers_are_no_ages(text: str) -> None:
    assert age_phrase(text) == ""


def test_a_missing_text_names_no_age() -> None:
    assert age_phrase(None) == ""
