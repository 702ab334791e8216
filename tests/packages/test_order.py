from netmap.packages.order import circle, too_early


def test_a_chain_has_no_circle() -> None:
    assert circle({"a": [], "b": ["a"], "c": ["b", "a"], "d": ["c", "a"]}) == ()


def test_a_circle_behind_a_chain_is_found_and_named() -> None:
    assert circle({"a": [], "b": ["a", "d"], "c": ["b"], "d": ["c"]}) == ("b", "d", "c", "b")


def test_a_circle_is_found_from_a_line_that_is_not_in_it() -> None:
    assert circle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    after = {str(n): [str(n + 1)] for n in range(5000)}
    assert circle(after | {"5000": ["0"]})[0] == "0"


def test_lines_that_stand_before_what_they_wait_for_are_found() -> None:
    assert too_early({"c": ["a", "b"], "a": [], "b": ["a"]}) == [("c", "a"), ("c", "b")]
