"""Other keyboards, other letters and typing mistakes are no dead ends, and what is right is left alone."""

import random
import time

import pytest
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

from netmap.vocabulary.mending import Mended, candidates, mend
from netmap.vocabulary.question import Gazetteer, understand
from netmap.vocabulary.terms import LANGUAGES, vocabulary


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("руддщ", "hello"),
        ("ljkub", "долги"),
        ("gjvjom c ljkufvb", "помощь с долгами"),
        ("[kt,", "хлеб"),
        ("hf,jnf", "работа"),
        (";bkmt", "жилье"),
        ("yjxktu yf yjxm", "ночлег на ночь"),
        ("ылщдщы", "skolos"),
        ("skol7", "skolų"),
        ("b8stas", "būstas"),
        ("pomosch s dolgami", "помощь с долгами"),
        ("borhy", "борги"),
        ("zhytlo", "житло"),
        ("nuzhna rabota", "нужна работа"),
        ("muzh bjet", "муж бьет"),
        ("yurist dlya bezhentsev", "юрист для беженцев"),
        ("de pereno4uvaty", "де переночувати"),
        ("isejes is kalejimo", "išėjęs is kalėjimo"),
        ("дoлги", "долги"),
        ("dеbt", "debt"),
        ("сімя", "сім'я"),
        ("дыти", "діти"),
        ("ипатека", "ипотека"),
        ("alchohol problm", "alcohol problem"),
        ("lost my pasport", "lost my passport"),
        ("приют для женшин", "приют для женщин"),
        ("wheelchar", "wheelchair"),
    ],
)
def test_a_strange_word_is_read_as_it_was_meant(typed: str, read: str) -> None:
    assert understand(typed).read_as == read


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("pomosch s dolgami", "debt_advice"),
        ("borhy", "debt_advice"),
        ("ljkub", "debt_advice"),
        ("іпотека", "mortgage_restructuring"),
        ("ипатека", "mortgage_restructuring"),
        ("zhytlo", "housing_search"),
        ("psihologas", "psych_counselling"),
        ("nakvyne", "shelter"),
        ("prytulok", "shelter"),
    ],
)
def test_and_leads_to_its_service(typed: str, kind: str) -> None:
    assert kind in list(understand(typed).types)[:3]


@pytest.mark.parametrize("written", ["сім'я", "сім’я", "сімʼя", "сім`я", "сімя"])
def test_an_apostrophe_of_any_shape_or_none_is_one_word(written: str) -> None:
    assert set(understand("велика сім'я").terms) <= set(understand(f"велика {written}").terms)


@pytest.mark.parametrize("typed", ["psikologas", "юрист Алимнты"])
def test_a_guess_is_only_suggested(typed: str) -> None:
    found = understand(typed)
    assert found.read_as == ""
    assert found.suggestion not in {"", typed}


def test_a_known_word_that_says_nothing_is_questioned() -> None:
    assert understand("hosing").suggestion == "housing"
    assert understand("weather").suggestion == ""


def test_the_word_as_typed_is_looked_for_all_the_same() -> None:
    found = understand("ljkub")
    assert {"долг", "ljkub"} <= set(found.terms)
    assert set(found.typed.values()) == {"ljkub"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_of_the_vocabulary_is_mended(language: str) -> None:
    known = vocabulary()
    phrases = [
        phrase
        for group in (known.needs, known.service_types, known.circumstances)
        for one in group.values()
        for phrase in (one.labels[language], *one.phrases[language])
    ]
    assert [phrase for phrase in phrases if mend(phrase, _nothing) != Mended(phrase)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_dictionary_is_mended(language: str) -> None:
    listed = sorted(word for word in LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language) if word.isalpha())
    chosen = random.Random(7).sample(listed, 500)
    assert [word for word in chosen if mend(word, _nothing) != Mended(word)] == []


@pytest.mark.parametrize(
    "name", ["Trussell Trust", "Caritas", "info@namas.lt", "www.namas.lt", "VšĮ", "ADHD", "AA"]
)
def test_names_and_addresses_are_left_alone(name: str) -> None:
    assert understand(name).read_as == ""


def test_what_is_quoted_is_left_alone() -> None:
    assert understand('"alchohol problm"').read_as == ""


def test_names_of_areas_are_no_mistakes_and_mistakes_in_them_are_mended() -> None:
    places = Gazetteer([("a", ("Kregžmina", "Крегжмина"), "town")])
    assert understand("skolos Kregžminoje", places).read_as == ""
    assert understand("skolos Kregzmna", places).read_as == "skolos Kregžmina"
    assert [part.code for part in understand("skolos Kregzmna", places).parts if part.kind == "place"] == [
        "a"
    ]


def test_an_engine_gets_candidates_that_no_dictionary_holds() -> None:
    assert "caritas" in candidates("сфкшефы")
    assert "каритас" in candidates("karitas")
    assert candidates("") == ()


def test_many_strange_words_are_quick_and_stay() -> None:
    query = " ".join(f"qzx{chr(97 + number)}wvu" for number in range(40))
    started = time.perf_counter()
    assert understand(query).read_as == ""
    assert time.perf_counter() - started < 0.5


def _nothing(_start: int, _end: int) -> bool:
    return False
