"""The command's own arguments."""

from pathlib import Path

import pytest

from tests.command_line import Feedesk, NoWindow, command_line


@pytest.fixture
def feedesk(capsys: pytest.CaptureFixture[str]) -> Feedesk:
    return command_line(capsys, NoWindow())


def test_arguments_reach_the_demo(feedesk: Feedesk, tmp_path: Path) -> None:
    done = feedesk("demo", "--out", tmp_path, "--households", "100", "--date", "2026-11-24", "--json")
    assert done.document == {"out": str(tmp_path), "households": 100, "date": "2026-11-24"}
    assert done.err == "played\n"


def test_without_arguments_it_is_the_whole_sample(feedesk: Feedesk) -> None:
    assert feedesk("demo", "--json").document == {"out": "demo-out", "households": 1152, "date": "2026-11-23"}


@pytest.mark.parametrize("households", ["79", "0", "many"])
def test_too_small_a_community_is_wrong_usage(feedesk: Feedesk, households: str) -> None:
    done = feedesk("demo", "--households", households, "--json")
    assert done.status == 2
    assert "80" in done.error["message"]
