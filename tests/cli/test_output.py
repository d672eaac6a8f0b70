"""Tables line up although Chinese characters are twice as wide."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.cli.output import Answer, detail_lines, pairs, table, width, write_now, yuan
from feedesk.money import Fen


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("3-1-502", 7),
        ("样例住户", 8),
        ("（样）", 6),
        ("e\u0301", 1),  # an accent of its own stands above the letter
        ("𠮷", 2),
        ("￥12.00", 7),
    ],
)
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_table_aligns_chinese_and_figures() -> None:
    lines = table(["收费项目", "金额"], [["物业费", "1,104.32"], ["水", "3.00"]], right=".r")
    assert lines == [
        "收费项目      金额",
        "物业费    1,104.32",
        "水            3.00",
    ]


@given(st.lists(st.lists(st.text("样例ab1-", max_size=9), min_size=3, max_size=3), max_size=5))
def test_columns_begin_at_the_same_place(rows: list[list[str]]) -> None:
    lines = table(["h", "项", "x"], [[a, b, c + "|"] for a, b, c in rows])
    assert len(lines) == len(rows) + 1
    last = max([1, *(width(c) + 1 for _a, _b, c in rows)])
    assert max(map(width, lines)) >= last
    ends = {width(line) - width(row[2]) - 1 for line, row in zip(lines[1:], rows, strict=True)}
    assert len(ends) <= 1


def test_pairs_line_up() -> None:
    assert pairs({"票据": "SJ-1", "实收金额": "2.00"}) == ["票据      SJ-1", "实收金额  2.00"]
    assert pairs({}) == []


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (160000, "1600.00"), (-5, "-0.05"), (99, "0.99")])
def test_yuan_has_two_decimals_and_no_commas(fen: int, text: str) -> None:
    assert yuan(Fen(fen)) == text


def test_details_are_listed_up_to_a_limit() -> None:
    details = [{"sheet": "房屋", "row": n, "value": None} for n in range(30)]
    lines = detail_lines(details, limit=3)
    assert [line.split() for line in lines] == [
        ["工作表", "行", "填写的内容"], ["房屋", "0"], ["房屋", "1"], ["房屋", "2"], ["…"],
    ]  # fmt: skip
    assert detail_lines([]) == []


def test_json_is_one_line_with_readable_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    write_now(Answer({"resident": "样例"}, ["for people"]), True)
    assert capsys.readouterr().out == '{"resident": "样例"}\n'
    write_now(Answer({"resident": "样例"}, ["for people"]), False)
    assert capsys.readouterr().out == "for people\n"
    write_now(Answer(None, ["for people"]), True)
    assert capsys.readouterr().out == ""


class _Refusing(io.StringIO):
    """A standard output that cannot be written: a full disk, or a pipe nobody reads."""

    def __init__(self, error: OSError, descriptor: int) -> None:
        super().__init__()
        self._error = error
        self._descriptor = descriptor

    def flush(self) -> None:
        raise self._error

    def fileno(self) -> int:
        return self._descriptor


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    with (tmp_path / "out").open("w") as file:
        yield file.fileno()


def test_reader_that_left_is_no_error(monkeypatch: pytest.MonkeyPatch, descriptor: int) -> None:
    monkeypatch.setattr(sys, "stdout", _Refusing(BrokenPipeError(32, "Broken pipe"), descriptor))
    write_now(Answer([1]), True)
    assert os.fstat(descriptor).st_rdev == os.stat(os.devnull).st_rdev


def test_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, descriptor: int) -> None:
    monkeypatch.setattr(sys, "stdout", _Refusing(OSError(28, "No space left on device"), descriptor))
    with pytest.raises(OSError, match="No space"):
        write_now(Answer([1]), True)
    assert os.fstat(descriptor).st_rdev == os.stat(os.devnull).st_rdev
