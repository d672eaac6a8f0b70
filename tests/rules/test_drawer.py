"""What goes back to 备用金 when a drawer is emptied: by hand, and for any float and movements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.drawer import imprest_returned


@pytest.mark.parametrize(
    ("opening_float", "moved", "counted", "returned"),
    [
        (50000, 0, 82950, 50000),
        (50000, 2950, 82950, 52950),  # change fetched
        (50000, -30000, 30000, 20000),  # a refund of 300.00 came out of it
        (50000, -60000, 40000, 0),  # more than the float: the rest was borrowed from takings
        (50000, 0, 30000, 30000),  # short: no more than lies there
    ],
)
def test_by_hand(opening_float: int, moved: int, counted: int, returned: int) -> None:
    assert imprest_returned(opening_float, moved, counted) == returned


@given(st.integers(0, 10**6), st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_what_goes_back_is_never_more_than_lies_there(opening_float: int, moved: int, counted: int) -> None:
    back = imprest_returned(opening_float, moved, counted)
    assert 0 <= back <= counted
    assert back <= max(opening_float + moved, 0)
