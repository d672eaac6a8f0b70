"""A command looks for cyclic garbage rarely; whoever runs it in a longer life gets the usual pace back."""

import gc

import pytest

from feedesk.cli.garbage import collected_rarely


def test_the_pace_is_given_back_whatever_happens() -> None:
    usual = gc.get_threshold()
    seen = []

    def work() -> None:
        with collected_rarely():
            seen.append(gc.get_threshold())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert seen == [(usual[0] * 100, *usual[1:])]
    assert gc.get_threshold() == usual
