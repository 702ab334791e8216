"""Words that stand nowhere are read as words that do; what stands somewhere is no mistake."""

from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.asking import LONGEST
from netmap.directory.documents import index_documents
from netmap.directory.find import Question, find
from netmap.directory.indexing import rebuild
from netmap.search.memory_backend import MemoryBackend
from netmap.search.whoosh_backend import WhooshBackend
from tests.directory.test_find import Ask, ask, found, service

__all__ = ["ask"]  # a fixture


def test_a_word_that_a_filter_leaves_without_answers_is_no_mistake(session: Session, ask: Ask) -> None:
    service(session, "a", "Zibalvek choir")
    service(session, "b", "Zibulvek choir")  # spelt like the other: each would be read as the other for ever
    answer = ask("zibalvek", checked_days=30)
    assert (answer.total, answer.read_as, answer.suggestion) == (0, "", "")
    assert [miss.service_id for miss in answer.misses] == ["a"]


def test_a_guess_that_finds_nothing_is_only_offered(session: Session, ask: Ask) -> None:
    service(session, "a", "Zibalvek choir")
    answer = ask("zibavlek", checked_days=30)
    assert (answer.total, answer.read_as, answer.suggestion) == (0, "", "zibalvek")


def test_no_page_takes_a_word_of_another_page_for_a_mistake(session: Session, ask: Ask) -> None:
    for number in range(3):
        service(session, f"a{number}", "Zibalvek choir")
    service(session, "b", "Zibulvek choir")
    for offset in (0, 1, 50):
        assert ask("zibalvek", limit=1, offset=offset).suggestion == ""


def test_only_whole_words_are_mended(session: Session, ask: Ask) -> None:
    service(session, "a", "Zibalvek choir")
    service(session, "b", "Zibalxekoviri choir")
    assert ask("zibalxekoviri zibalxek").suggestion == "zibalxekoviri zibalvek"


def test_a_question_that_would_grow_too_long_is_not_mended(
    session: Session, settings: Settings, ask: Ask
) -> None:
    service(session, "a", "Zibalvotrikas")
    filling = " ".join(["qx"] * 100)
    text = f"zibavotrikas {filling}"[:LONGEST]
    answer: Any = ask(text)
    assert (len(text), answer.suggestion, found(answer)) == (LONGEST, "", [])
    rebuild(session, settings)
    shorter = find(session, WhooshBackend(settings.index_dir()), settings, Question(text=text[:60]))
    assert shorter.read_as.startswith("zibalvotrikas")


class Speechless(MemoryBackend):
    """An engine whose files of words cannot be read."""

    def similar_words(self, word: str, limit: int = 3) -> tuple[str, ...]:
        raise OSError("too many open files")


def test_an_answer_does_not_fail_because_nothing_can_be_spelt(session: Session, settings: Settings) -> None:
    service(session, "a", "Zibalvek choir")
    backend = Speechless()
    backend.put(index_documents(session, ["a"], settings))
    answer = find(session, backend, settings, Question("zibavlek choir"))
    assert (found(answer), answer.suggestion, answer.degraded) == (["a"], "", False)
