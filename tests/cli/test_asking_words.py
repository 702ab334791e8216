"""What the terminal makes of options and of lines of a batch, and what it prints."""

import json
from typing import Any

import pytest

from netmap.cli.asking_words import print_answer, question_from
from netmap.cli.office import Office, read_object, show
from netmap.config import Settings
from netmap.directory.answers import Answer, LeftOut
from netmap.errors import Invalid


def test_who_is_left_out_is_named_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    out = LeftOut("s", "Night desk", None, "House", "Closed until spring")
    print_answer(Answer("debts", (), (), 0, (), left_out=(out,)))
    told = capsys.readouterr().out
    assert "Left out by a coordinator: Night desk. Closed until spring\n" in told
    print_answer(Answer("debts", (), (), 0, ()))
    assert "Left out" not in capsys.readouterr().out


@pytest.fixture
def bare_office(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Office:
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: settings))
    return Office()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"limit": "nan"}, "'limit' is nan, which is no whole number"),
        ({"limit": float("inf")}, "'limit' is inf, which is no whole number"),
        ({"limit": 2.7}, "'limit' is 2.7, which is no whole number"),
        ({"limit": [1]}, "'limit' is '\\[1\\]', which is no number"),
        ({"checked_within": "nan"}, "'checked_within' is nan, which is no whole number"),
        ({"checked_within": float("inf")}, "'checked_within' is inf, which is no whole number"),
        ({"within": 10**400}, "'within' is '1000"),
        ({"query": ["rent"]}, "The query is \\['rent'\\], which is no text"),
        ({"only": 5}, "'5' is not FIELD=CODE"),
    ],
)
def test_a_value_of_the_wrong_kind_gets_a_sentence(
    bare_office: Office, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        question_from({"query": "rent", **given}, bare_office)


def test_a_limit_of_zero_is_not_taken_for_none_given(bare_office: Office) -> None:
    assert question_from({"query": "rent", "limit": 0}, bare_office).limit == 0  # refused by `check`
    assert question_from({"query": "rent"}, bare_office).limit == 20


def test_half_a_surrogate_pair_is_printed_as_json_writes_it(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    show({"query": "долг \ud800"})
    out = capfdbinary.readouterr().out
    assert out == '{"query": "долг \\ud800"}\n'.encode()
    assert json.loads(out) == {"query": "долг \ud800"}


@pytest.mark.parametrize("line", ["[" * 5_000, '{"id": ' + "[" * 100_000, f'{{"limit": {"9" * 5_000}}}'])
def test_a_line_that_no_reader_can_take_gets_a_sentence_with_its_number(line: str) -> None:
    with pytest.raises(Invalid, match=r"q.jsonl, line 7: "):
        read_object(line, "q.jsonl", 7)
