"""Wishes in a question: free, low thresholds, languages, ways of access; and what only sounds so."""

import pytest

from netmap.vocabulary.question import Understood, understand


def codes(query: str, kind: str) -> list[str]:
    return [part.code for part in understand(query).parts if part.kind == kind]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("doctor without an appointment", "no_appointment"),
        ("drop in advice", "no_appointment"),
        ("врач без записи", "no_appointment"),
        ("лікар без запису", "no_appointment"),
        ("gydytojas be išankstinės registracijos", "no_appointment"),
        ("shelter without papers", "no_documents"),
        ("приют без документов", "no_documents"),
        ("притулок без документів", "no_documents"),
        ("nakvynė be dokumentų", "no_documents"),
        ("dentist no waiting list", "no_queue"),
        ("психолог без очереди", "no_queue"),
        ("психолог без черги", "no_queue"),
        ("psichologas be eilės", "no_queue"),
        ("anonymous help with drugs", "anonymous"),
        ("анонимно провериться на ВИЧ", "anonymous"),
        ("анонімний тест на ВІЛ", "anonymous"),
        ("anonimiškai pasitikrinti dėl ŽIV", "anonymous"),
        ("street team for homeless", "outreach"),
        ("низкопороговый центр", "soft_entry"),
        ("низькопороговий центр", "soft_entry"),
        ("žemo slenksčio kabinetas", "soft_entry"),
    ],
)
def test_a_low_threshold_is_understood(query: str, code: str) -> None:
    assert code in codes(query, "threshold")


@pytest.mark.parametrize(
    "query",
    [
        "Alcoholics Anonymous",
        "анонимные алкоголики",
        "анонімні алкоголіки",
        "anoniminiai alkoholikai",
        "lost papers",
    ],
)
def test_the_name_of_a_group_is_no_threshold(query: str) -> None:
    assert codes(query, "threshold") == []


@pytest.mark.parametrize(
    "query", ["free lawyer", "юрист бесплатно", "безкоштовний юрист", "nemokamas teisininkas"]
)
def test_free_of_charge_is_understood_and_its_word_is_not_looked_for(query: str) -> None:
    found = understand(query)
    assert codes(query, "cost") == ["free"]
    assert next(iter(found.types)) == "legal_aid"
    assert len(found.typed.values()) >= 1
    assert not {"free", "бесплатно", "безкоштовний", "nemokamas"} & set(found.typed.values())


@pytest.mark.parametrize(
    "query",
    ["free time for teenagers", "debt free", "works for free", "бесплатный труд", "nemokamos atostogos"],
)
def test_what_is_not_about_a_price_is_not_free_of_charge(query: str) -> None:
    assert codes(query, "cost") == []


@pytest.mark.parametrize("query", ["free food", "бесплатная еда", "безкоштовна їжа", "nemokamas maistas"])
def test_free_food_still_finds_food(query: str) -> None:
    assert next(iter(understand(query).types)) == "food_aid"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("debt advice in Russian", "ru"),
        ("Ukrainian speaking psychologist", "uk"),
        ("who speaks Lithuanian there, lawyer", "lt"),
        ("psychologist with an interpreter", "*"),
        ("психолог по-русски", "ru"),
        ("юрист на украинском языке", "uk"),
        ("русскоязычный психолог", "ru"),
        ("психолог русский язык", "ru"),
        ("юрист с переводчиком", "*"),
        ("психолог українською", "uk"),
        ("україномовний юрист", "uk"),
        ("лікар російською мовою", "ru"),
        ("юрист з перекладачем", "*"),
        ("psichologas rusų kalba", "ru"),
        ("teisininkas kalbantis ukrainietiškai", "uk"),
        ("gydytojas lietuviškai", "lt"),
        ("konsultacija su vertėju dėl skolų", "*"),
        ("lawyer in Arabic", "ar"),
    ],
)
def test_the_language_of_a_service_is_understood(query: str, code: str) -> None:
    assert codes(query, "language") == [code]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("Russian language course", "language_course"),
        ("English classes", "language_course"),
        ("курсы литовского языка", "language_course"),
        ("вивчити литовську", "language_course"),
        ("lietuvių kalbos kursai", "language_course"),
        ("nekalba lietuviškai", "language_course"),
        ("interpreter", "interpreter"),
        ("нужен переводчик", "interpreter"),
        ("потрібен перекладач", "interpreter"),
        ("reikia vertėjo", "interpreter"),
    ],
)
def test_a_course_or_an_interpreter_is_a_service_and_no_wish(query: str, kind: str) -> None:
    assert codes(query, "language") == []
    assert kind in list(understand(query).types)[:2]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("wheelchair accessible dentist", "wheelchair"),
        ("dentist wheelchair", "wheelchair"),
        ("стоматолог на инвалидной коляске", "wheelchair"),
        ("стоматолог для візочників", "wheelchair"),
        ("odontologas su vežimėliu", "wheelchair"),
        ("online psychologist", "remote"),
        ("психолог по телефону", "remote"),
        ("психолог онлайн", "remote"),
        ("psichologas nuotoliniu būdu", "remote"),
        ("nurse comes home", "comes_to_you"),
        ("врач на дом", "comes_to_you"),
        ("лікар додому", "comes_to_you"),
        ("gydytojas į namus", "comes_to_you"),
    ],
)
def test_a_way_of_access_is_understood(query: str, code: str) -> None:
    assert code in codes(query, "access")


@pytest.mark.parametrize(
    "query",
    ["wheelchair", "online casino", "ставки онлайн", "казино онлайн програв", "lošimai internetu",
     "violence at home", "smurtas namuose", "vaikų globos namuose", "звонит и угрожает по телефону"],
)  # fmt: skip
def test_what_is_the_matter_itself_is_no_way_of_access(query: str) -> None:
    assert codes(query, "access") == []


def test_a_wheelchair_by_itself_is_what_is_looked_for() -> None:
    assert next(iter(understand("wheelchair").types)) == "assistive_devices"


@pytest.mark.parametrize("query", ["without documents", "без документов", "без документів", "be dokumentų"])
def test_no_documents_by_itself_is_a_need(query: str) -> None:
    found = understand(query)
    assert "leg.identity" in found.needs
    assert "threshold" in {part.kind for part in found.parts}
    assert found.terms


@pytest.mark.parametrize("taken", ["cost:free", "threshold:anonymous", "language:ru"])
def test_a_wish_that_was_taken_away_leaves_plain_words(taken: str) -> None:
    query = "free anonymous lawyer in Russian"
    assert taken in {f"{part.kind}:{part.code}" for part in understand(query).parts}
    found: Understood = understand(query, without=(taken,))
    assert taken not in {f"{part.kind}:{part.code}" for part in found.parts}
    assert {"free": "free", "anonymous": "anonym", "ru": "russian"}[taken.split(":")[1]] in found.terms
