"""Words are split, folded and brought together in one way."""

import csv
import time
from itertools import combinations
from pathlib import Path

import pytest

from netmap.vocabulary import words

FORMS = Path(__file__).with_name("word_forms.csv")
LEAST_TOGETHER = {"en": 0.90, "ru": 0.97, "uk": 0.93, "lt": 0.97, "hy": 0.95}


def groups(language: str) -> list[list[str]]:
    with FORMS.open(encoding="utf-8", newline="") as file:
        return [row["forms"].split() for row in csv.DictReader(file) if row["lang"] == language]


def term(word: str, language: str) -> str:
    (found,) = words.word_terms(word, (language,))
    return found


@pytest.mark.parametrize(("language", "least"), LEAST_TOGETHER.items())
def test_the_forms_of_a_word_come_together(language: str, least: float) -> None:
    pairs = [
        (term(base, language), term(form, language)) for base, *rest in groups(language) for form in rest
    ]
    together = sum(one == other for one, other in pairs) / len(pairs)
    assert together >= least, f"{language}: {together:.3f} of {len(pairs)} forms meet their word"


@pytest.mark.parametrize("language", LEAST_TOGETHER)
def test_different_words_stay_apart(language: str) -> None:
    bases = [group[0] for group in groups(language)]
    merged = [(one, two) for one, two in combinations(bases, 2) if term(one, language) == term(two, language)]
    assert merged == []


@pytest.mark.parametrize("language", ["en", "ru", "uk", "lt"])
def test_the_table_of_forms_is_large_enough_to_mean_something(language: str) -> None:
    assert len(groups(language)) >= 25


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The landlord has not answered", ("en",)),
        ("Он потерял работу и не платит", ("ru",)),
        ("Вона втратила роботу, дітей троє", ("uk",)),
        ("Neturi darbo, augina du vaikus", ("lt",)),
        ("տուն չունի", ("hy",)),
        ("отвезти в поликлинику", ("ru",)),
        ("akla moteris viena i miesta", ("lt",)),
        ("", ()),
        ("123", ()),
    ],
)
def test_the_language_of_a_text_is_told(text: str, expected: tuple[str, ...]) -> None:
    assert words.languages_of(text) == expected


def test_letters_of_one_language_only_tell_it_though_small_words_are_shared() -> None:
    text = "Сама не пьёт, а муж уходит в запои и бил её при детях, за свет накопились долги"
    assert words.languages_of(text) == ("ru",)


def test_an_unclear_word_belongs_to_all_languages_of_its_script() -> None:
    assert set(words.languages_of("ипотека")) == {"ru", "uk"}


def test_a_text_in_two_scripts_has_the_languages_of_both() -> None:
    assert {"en", "ru"} <= set(words.languages_of("the detox centre, спросить про долги и кредит"))


def test_a_word_is_analysed_in_the_languages_of_its_own_script() -> None:
    assert words.terms("CV долги", ("ru",)) == ["cv", *words.terms("долг", ("ru",))]


def test_lithuanian_letters_without_their_marks_fold_to_the_same() -> None:
    assert words.fold("Žąsų") == words.fold("zasu")


def test_an_apostrophe_of_any_shape_is_no_difference() -> None:
    assert len({words.terms(word, ("uk",))[0] for word in ("сім'я", "сім’я", "сімʼя")}) == 1


def test_a_word_of_ten_thousand_letters_is_cut_and_quick() -> None:
    started = time.perf_counter()
    found = words.terms("ы" * 10_000 + " " + "z" * 10_000)
    assert max(map(len, found)) <= words.LONGEST_WORD
    assert time.perf_counter() - started < 8


def test_a_text_of_ten_thousand_letters_is_quick() -> None:
    words.terms("debt", ("en",))
    started = time.perf_counter()
    words.terms("rent arrears and other things " * 334, ("en",))
    assert time.perf_counter() - started < 1


def test_no_words_give_no_terms() -> None:
    assert words.terms(" … — !", ("en",)) == []
