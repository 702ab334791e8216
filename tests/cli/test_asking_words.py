"""What the terminal prints of an answer."""

import pytest

from netmap.cli.asking_words import print_answer
from netmap.directory.answers import Answer, LeftOut


def test_who_is_left_out_is_named_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    out = LeftOut("s", "Night desk", None, "House", "Closed until spring")
    print_answer(Answer("debts", (), (), 0, (), left_out=(out,)))
    told = capsys.readouterr().out
    assert "Left out by a coordinator: Night desk. Closed until spring\n" in told
    print_answer(Answer("debts", (), (), 0, ()))
    assert "Left out" not in capsys.readouterr().out
