"""template and import: the community workbook from the command line."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.ops.importing import import_community
from feedesk.ops.run import Workplace
from tests.command_line import Feedesk, Outcome
from tests.community import TODAY
from tests.databases import copied


@pytest.fixture
def workbook(workbook_template: Path, tmp_path: Path) -> Path:
    """The template, with its examples."""
    return Path(shutil.copy(workbook_template, tmp_path))


def test_template(feedesk: Feedesk, tmp_path: Path) -> None:
    path = tmp_path / "资料簿.xlsx"
    assert feedesk("template", path, "--json").document == {"workbook": str(path)}
    book = load_workbook(path, read_only=True)
    assert book.sheetnames[:4] == ["小区", "房屋", "住户", "收费标准"]
    book.close()


def test_template_overwrites_nothing(feedesk: Feedesk, workbook: Path) -> None:
    before = workbook.read_bytes()
    outcome = feedesk("template", workbook, "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "file_is_there")
    assert workbook.read_bytes() == before


def test_template_where_there_is_no_folder(feedesk: Feedesk, tmp_path: Path) -> None:
    outcome = feedesk("template", tmp_path / "none" / "book.xlsx", "--json")
    assert (outcome.status, outcome.error["code"]) == (4, "workbook_not_written")


@pytest.fixture
def on(feedesk: Feedesk, training: Path) -> Feedesk:
    """Commands on a training ledger, answered as JSON."""

    def run(*arguments: object) -> Outcome:
        return feedesk(*arguments, "--database", training, "--today", "2026-11-23", "--json")

    return run


def _changed(workbook: Path, target: Path, sheet: str, **cells: str) -> Path:
    """A copy of a workbook with other values in some cells."""
    book = load_workbook(workbook)
    for place, value in cells.items():
        book[sheet][place] = value
    book.save(target)
    return target


def test_import(on: Feedesk, workbook: Path) -> None:
    document = on("import", workbook).document
    assert set(document) == {"sheets", "warnings"}
    assert document["sheets"]["房屋"] == {"added": 1, "changed": 0, "unchanged": 0}
    assert on("search", "1-1-101").document[0]["resident"] == "张样例"
    again = on("import", workbook).document["sheets"]
    assert {(tally["added"], tally["changed"]) for tally in again.values()} == {(0, 0)}


def test_dry_run_stores_nothing(on: Feedesk, workbook: Path) -> None:
    assert on("import", workbook, "--dry-run").document["sheets"]["房屋"]["added"] == 1
    assert on("search", "1-1-101").document == []


def test_import_shown(feedesk: Feedesk, training: Path, workbook: Path, tmp_path: Path) -> None:
    odd = _changed(workbook, tmp_path / "另有一列.xlsx", "房屋", Z1="朝向")
    lines = feedesk("import", odd, "--dry-run", "--database", training).out.splitlines()
    assert lines[0].split() == ["工作表", "新增", "变更", "未变"]
    assert lines[2].split() == ["房屋", "1", "0", "0"]
    assert "这是检查：未保存任何内容。" in lines
    assert any(line.startswith("提示：") for line in lines)


def test_bad_cells_are_told_and_marked(on: Feedesk, workbook: Path, tmp_path: Path) -> None:
    bad = _changed(workbook, tmp_path / "坏.xlsx", "房屋", D2="九十八", B2="城堡")
    outcome = on("import", bad)
    assert (outcome.status, outcome.error["code"]) == (1, "workbook_refused")
    details = outcome.error["details"]
    assert len(details) == 2
    for detail in details:
        assert set(detail) == {"sheet", "row", "column", "value", "reason"}
        assert (detail["sheet"], detail["row"]) == ("房屋", 2)
        assert detail["reason"]
    assert {detail["value"] for detail in details} == {"九十八", "城堡"}
    copy = tmp_path / "坏-导入错误.xlsx"
    assert str(copy) in outcome.error["message"]
    headers = [cell.value for cell in load_workbook(copy)["房屋"][1]]
    assert "导入错误" in headers
    assert on("search", "1-1-101").document == []


def test_bad_cells_shown(feedesk: Feedesk, training: Path, workbook: Path, tmp_path: Path) -> None:
    bad = _changed(workbook, tmp_path / "bad.xlsx", "房屋", D2="九十八")
    outcome = feedesk("import", bad, "--errors", tmp_path / "marked.xlsx", "--database", training)
    assert outcome.status == 1
    assert outcome.out.splitlines()[0].split() == ["工作表", "行", "列", "填写的内容", "原因"]
    assert outcome.out.splitlines()[1].split()[:4] == ["房屋", "2", "建筑面积", "九十八"]
    assert len(outcome.err.splitlines()) == 1
    assert (tmp_path / "marked.xlsx").exists()
    assert not (tmp_path / "bad-导入错误.xlsx").exists()


def test_marked_copy_that_cannot_be_written(feedesk: Feedesk, training: Path, workbook: Path, tmp_path: Path) -> None:
    bad = _changed(workbook, tmp_path / "bad.xlsx", "房屋", D2="九十八")
    outcome = feedesk("import", bad, "--errors", tmp_path / "none" / "x.xlsx", "--database", training, "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "workbook_refused")
    assert len(outcome.error["details"]) == 1
    assert "x.xlsx" in outcome.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "workbook_missing"),
        (b"Dear residents", "not_a_workbook"),
        (b"PK\x03\x04 cut off", "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "old_workbook"),
    ],
)
def test_file_that_is_no_workbook(on: Feedesk, tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "book.xlsx"
    if content is not None:
        file.write_bytes(content)
    outcome = on("import", file)
    assert (outcome.status, outcome.error["code"]) == (1, code)
    assert "book.xlsx" in outcome.error["message"]


def test_who_may_not_import(on: Feedesk, workbook: Path) -> None:
    outcome = on("import", workbook, "--actor", "样例收费员")
    assert (outcome.status, outcome.error["code"]) == (1, "not_permitted")


@pytest.fixture(scope="session")
def billable_template(sqlite_template: Path, workbook_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training ledger into which the template's examples were imported; to be copied."""
    path = tmp_path_factory.mktemp("billable") / "billable.sqlite"
    database = copied(sqlite_template, path)
    workplace = Workplace(database, "样例主管", today=TODAY)
    workplace.run_op(import_community, book=read_community_workbook(workbook_template))
    database.dispose()
    return path


@pytest.fixture
def billable(billable_template: Path, training: Path, on: Feedesk) -> Feedesk:
    """Commands on a ledger with the template's examples."""
    copied(billable_template, training).dispose()
    return on


def test_bill(billable: Feedesk) -> None:
    preview = billable("bill", "2026-12", "--preview").document
    assert set(preview) == {"period", "posted", "already", "total", "discount", "skipped"}
    assert (preview["period"], preview["posted"], preview["already"]) == ("2026-12", 1, 0)
    assert preview["total"] == "276.08"
    assert billable("bill", "2026年12月").document == preview
    again = billable("bill", "2026-12").document
    assert (again["posted"], again["already"], again["total"]) == (0, 1, "0.00")
    charges = billable("statement", "1-1-101", "--all").document["charges"]
    assert [charge["item"] for charge in charges if charge["period"] == "2026-12"] == ["物业费"]


def test_bill_shown(feedesk: Feedesk, training: Path, billable: Feedesk) -> None:
    def shown(*arguments: str) -> list[str]:
        return feedesk("bill", "2026-12", *arguments, "--database", training).out.splitlines()

    assert shown("--preview")[0] == "2026-12：将出账 1 笔应收，尚未入账。"
    assert shown()[0] == "2026-12：已出账 1 笔应收。"
    assert shown()[0] == "2026-12：没有遗漏，未新增应收。"
    undone = shown("--undo", "--reason", "单价有误")
    assert [line.split()[-1] for line in undone] == ["2026-12", "1", "276.08"]


def test_units_not_billed_are_named(billable: Feedesk, feedesk: Feedesk, training: Path) -> None:
    skipped = billable("bill", "2024-06", "--preview").document["skipped"]
    assert skipped
    for one in skipped:
        assert set(one) == {"unit", "item", "reason"}
        assert one["unit"] == "1-1-101"
        assert one["reason"]
    lines = feedesk("bill", "2024-06", "--preview", "--database", training).out.splitlines()
    assert lines[5].split() == ["收费项目", "数量", "原因", "房屋"]


def test_one_item(billable: Feedesk) -> None:
    assert billable("bill", "2026-12", "--item", "物业费").document["posted"] == 1
    outcome = billable("bill", "2026-12", "--item", "屋顶费")
    assert (outcome.status, outcome.error["code"]) == (1, "unknown_fee_item")


def test_undo(billable: Feedesk) -> None:
    assert billable("bill", "2026-12").status == 0
    document = billable("bill", "2026-12", "--undo", "--reason", "单价有误").document
    assert len(document.pop("entries")) == 1
    assert document == {"period": "2026-12", "cancelled": 1, "total": "276.08"}
    assert billable("bill", "2026-12").document["posted"] == 1


def test_undo_of_what_is_paid(billable: Feedesk) -> None:
    assert billable("bill", "2026-11").status == 0
    assert billable("shift", "open").status == 0
    assert billable("collect", "1-1-101", "--part", "--tender", "cash=1000").status == 0
    outcome = billable("bill", "2026-11", "--undo", "--reason", "单价有误")
    assert (outcome.status, outcome.error["code"]) == (1, "run_already_paid")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["2026-13"], 2, "not_a_period"),
        (["November"], 2, "not_a_period"),
        ([], 2, "usage_error"),
        (["2026-12", "--undo"], 2, "usage_error"),
        (["2026-12", "--reason", "R"], 2, "usage_error"),
        (["2026-12", "--undo", "--reason", "R", "--item", "物业费"], 2, "usage_error"),
        (["2026-12", "--undo", "--reason", "R"], 1, "nothing_to_undo"),
        (["2026-12", "--undo", "--reason", " "], 1, "undo_reason_missing"),
        (["2026-12", "--actor", "样例收费员"], 1, "not_permitted"),
    ],
)
def test_bill_refused(on: Feedesk, arguments: list[str], status: int, code: str) -> None:
    outcome = on("bill", *arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)
