"""``feedesk report``: listed, written in each form, and what is wrong told in one line."""

from pathlib import Path

import pytest

from tests.cli.conftest import DeskDay
from tests.command_line import Feedesk


def test_every_report_is_listed_with_what_it_tells(feedesk: Feedesk) -> None:
    listed = feedesk("report", "--list", "--json").document
    assert listed[0]["name"] == "收费公示"
    assert all(one["purpose"] for one in listed)
    assert "收费公示" in feedesk("report", "--list").out


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "csv"])
def test_a_report_becomes_a_file_and_names_what_it_lacks(day: DeskDay, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "out" / f"公示.{ending}"
    done = day("report", "收费公示", "--out", path)
    assert done.status == 0
    assert done.document["file"] == str(path)
    assert done.document["report"] == "收费公示"
    assert path.stat().st_size > 100
    assert any("没有生效的收费标准" in sentence for sentence in done.document["missing"])
    assert "没有生效的收费标准" in done.err
    assert f"文件夹 {path.parent} 原来没有，已新建" in done.err
    assert "已新建" not in day("report", "收费公示", "--out", path).err


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("收费公示",), 2, "no_report_named"),
        ((), 2, "no_report_named"),
        (("欠费表", "--out", "x.pdf"), 2, "unknown_report"),
        (("收费公示", "--out", "x.doc"), 2, "unknown_file_kind"),
        (("收费公示", "--out", "/proc/x.pdf"), 4, "report_not_written"),
        (("收费公示", "--out", "x.pdf", "--to", "昨天"), 2, "not_a_date"),
    ],
)
def test_what_is_wrong_is_told(
    day: DeskDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], status: int, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = day("report", *arguments)
    assert (refused.status, refused.error["code"]) == (status, code)
    assert not list(tmp_path.glob("x.*"))
