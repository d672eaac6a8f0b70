"""Patterns of unit codes."""

import pytest

from feedesk.rules.unit_patterns import is_pattern, matches, nearness


@pytest.mark.parametrize(
    ("pattern", "code", "fits"),
    [
        ("3-1-502", "3-1-502", True),
        ("3-1-502", "3-1-5021", False),
        ("3-*", "3-1-502", True),
        ("3-*", "13-1-502", False),
        ("*-*-1??", "3-1-102", True),
        ("*-*-1??", "3-1-1102", False),
        ("*-*-*", "B1-087", False),
        ("B1-*", "B1-087", True),
        ("*", "anything-at all", True),
        ("A.1-?", "A.1-2", True),
        ("A.1-?", "AX1-2", False),
    ],
)
def test_matches(pattern: str, code: str, fits: bool) -> None:
    assert matches(pattern, code) is fits


def test_what_is_a_pattern() -> None:
    assert [is_pattern(text) for text in ("3-*", "3-1-50?", "3-1-502")] == [True, True, False]


def test_the_nearest_names_most_of_the_code_from_its_beginning() -> None:
    from_near_to_far = ("3-1-502", "3-1-5*", "3-1-*", "3-*1", "3-*", "*-*-1??", "*")
    found = [nearness(pattern) for pattern in from_near_to_far]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
    assert nearness("*") == nearness("*-*") == nearness("?-*")
    assert nearness("S*") == nearness("*-*-1??")
