"""template and import: the community workbook from the command line."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Feedesk


@pytest.fixture
def workbook(feedesk: Feedesk, tmp_path: Path) -> Path:
    """The template as it is written."""
    path = tmp_path / "资料簿.xlsx"
    assert feedesk("template", path, "--json").document == {"workbook": str(path)}
    return path


def test_template(workbook: Path) -> None:
    book = load_workbook(workbook, read_only=True)
    assert book.sheetnames[:4] == ["小区", "房屋", "住户", "收费标准"]
    book.close()


def test_template_overwrites_nothing(feedesk: Feedesk, workbook: Path) -> None:
    before = workbook.read_bytes()
    outcome = feedesk("template", workbook, "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "file_is_there")
    assert workbook.read_bytes() == before


def test_template_where_there_is_no_folder(feedesk: Feedesk, tmp_path: Path) -> None:
    outcome = feedesk("template", tmp_path / "none" / "book.xlsx", "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "workbook_not_written")
