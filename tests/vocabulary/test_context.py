"""What stands around a mention changes what it says."""

import pytest

from netmap.vocabulary.context import context
from netmap.vocabulary.denial import content
from netmap.vocabulary.passages import clauses, passages
from netmap.vocabulary.suggest import suggest


@pytest.mark.parametrize(
    ("clause", "language"),
    [
        ("he does not drink", "en"),
        ("he doesn't drink", "en"),
        ("алкоголь не употребляет", "ru"),
        ("алкоголю в домі немає", "uk"),
        ("alkoholio negeria", "lt"),
        ("skolų nebeturi", "lt"),
    ],
)
def test_a_denial_is_seen(clause: str, language: str) -> None:
    assert context(clause, language).denied


@pytest.mark.parametrize(
    ("clause", "language"),
    [
        ("not only drinks", "en"),
        ("не может ходить", "ru"),
        ("не вміє читати", "uk"),
        ("nemoka skaityti", "lt"),
        ("patyrė nelaimę", "lt"),
        ("ieško nemokamo maisto", "lt"),
        ("turi negalią", "lt"),
    ],
)
def test_what_a_person_cannot_do_and_words_in_ne_are_no_denial(clause: str, language: str) -> None:
    assert not context(clause, language).denied


def test_a_lithuanian_denial_is_split_off_its_word() -> None:
    assert content("neturi darbo", "lt") == (["turi", "darbo"], True)


@pytest.mark.parametrize(
    ("clause", "language"),
    [("sober for three years", "en"), ("трезвенник", "ru"), ("тверезий", "uk"), ("jau metai blaivus", "lt")],
)
def test_being_sober_cancels_addiction_and_nothing_else(clause: str, language: str) -> None:
    said = context(clause, language)
    assert said.factor("add.alcohol") < 0.2
    assert said.factor("men.grief") == 1


def test_another_persons_trouble_cancels_troubles_of_ones_own_only() -> None:
    said = context("her husband drinks", "en")
    assert said.factor("add.alcohol") < 1
    assert said.factor("add.relative") == 1
    assert said.factor("vio.domestic") == 1


def test_the_past_cancels_what_can_be_over_and_keeps_what_stays() -> None:
    said = context("раньше пил", "ru")
    assert said.factor("add.alcohol") < 1
    assert said.factor("men.trauma") == 1


def test_what_is_only_feared_counts_little() -> None:
    assert context("jei netektų buto", "lt").factor("hou.eviction") <= 0.2


def test_what_goes_well_counts_little() -> None:
    assert context("sees and hears well", "en").factor("dis.sensory") < 1


@pytest.mark.parametrize(
    ("clause", "language"), [("на лекарства не хватает", "ru"), ("на ліки не вистачає", "uk")]
)
def test_what_does_not_suffice_does_not_go_well(clause: str, language: str) -> None:
    assert not context(clause, language).well
    assert context(clause.replace("не ", ""), language).well


def test_a_language_without_cues_denies_nothing() -> None:
    assert not context("տուն չունի", "hy").denied


def test_a_decimal_comma_does_not_end_a_clause() -> None:
    text = "Owes 1,5 thousand, pays"
    assert [[text[a:b] for a, b in one] for one in clauses(text)] == [["Owes 1,5 thousand", "pays"]]


def test_a_long_text_comes_in_blocks_that_hold_all_its_clauses() -> None:
    text = "one, two, three, four. " * 100
    blocks = list(passages(text))
    assert len(blocks) > 1
    assert sum(len(places) for places, _ in blocks) == 400


def test_passages_are_clauses_neighbours_and_sentences() -> None:
    text = "One, two, three."
    ((_, pieces),) = passages(text)
    found = {text[one.start : one.end] for one in pieces}
    assert found == {"One", "two", "three", "One, two", "two, three", "One, two, three"}


@pytest.mark.parametrize(
    ("clause", "language", "code"),
    [
        ("a colleague is off with depression", "en", "men.depression"),
        ("сосед пьёт", "ru", "add.alcohol"),
        ("у подруги депресія", "uk", "men.depression"),
        ("kaimynas geria", "lt", "add.alcohol"),
        ("used to be homeless", "en", "hou.homeless"),
        ("борг погашено", "uk", "fin.rent_arrears"),
        ("переводчик не нужен", "ru", "mig.language"),
        ("domisi slauga", "lt", "hlt.palliative"),
    ],
)
def test_what_is_not_the_clients_trouble_now_counts_little(clause: str, language: str, code: str) -> None:
    assert context(clause, language).factor(code) <= 0.2


@pytest.mark.parametrize(
    ("clause", "language", "code"),
    [
        ("sleeps on a friend's sofa", "en", "hou.unstable"),
        ("соседи угрожают", "ru", "vio.bullying"),
        ("начальник не заплатил", "ru", "emp.labour_rights"),
        ("used to be a soldier, nightmares", "en", "men.trauma"),
    ],
)
def test_people_and_times_that_belong_to_the_need_change_nothing(
    clause: str, language: str, code: str
) -> None:
    assert context(clause, language).factor(code) == 1.0


def test_what_the_next_clause_ends_is_over() -> None:
    first, second = context("was behind with the rent", "en"), context("but cleared it all", "en")
    assert first.factor("fin.rent_arrears") == 1.0
    assert first.factor("fin.rent_arrears", after=second) <= 0.2


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("Psychiatrist was clear: neither psychosis nor bipolar.", "en", "men.severe"),
        ("Психиатр исключил и психоз, и биполярку.", "ru", "men.severe"),
        ("Slept at the station two winters, years ago.", "en", "hou.homeless"),
        ("Проблем с долгами нет, кредит платит вовремя.", "ru", "fin.consumer_debt"),
        ("Computers are no problem, does all her banking online.", "en", "skl.digital"),
        ("Племінник після фронту ніяк не приживеться в цивільному.", "uk", "mig.veteran"),
        ("Antstoliai ieško jos sesers.", "lt", "fin.enforcement"),
        ("No signs of neglect, the children are fed and clean.", "en", "fam.neglect"),
    ],
)
def test_what_a_sentence_takes_back_is_not_accepted(text: str, language: str, code: str) -> None:
    assert code not in {one.code for one in suggest(text, language).needs if one.accepted}


def test_what_is_said_before_a_but_leaves_what_follows_alone() -> None:
    found = suggest("Rent is paid on time, but she owes four months of electricity.", "en").needs
    assert "fin.utility_debt" in {one.code for one in found if one.accepted}


def test_a_saying_with_its_own_no_goes_well_in_any_clause() -> None:
    assert context("no complaints from the school", "en").well
    assert not context("does not cope", "en").well


def test_who_does_it_is_told_from_whom_it_is_done_with() -> None:
    assert context("her sister cannot pay the fine", "en").factor("fin.enforcement") <= 0.2
    assert context("sleeps at her sister's", "en").factor("hou.unstable") == 1.0
    assert context("сусіди кажуть, що п'є", "uk").factor("hou.eviction") == 1.0


def test_what_was_not_confirmed_is_void_but_not_where_that_is_the_need() -> None:
    assert context("диагноз не подтвердился", "ru").factor("men.severe") <= 0.2
    assert context("диплом не подтвердили", "ru").factor("mig.recognition") == 1.0
