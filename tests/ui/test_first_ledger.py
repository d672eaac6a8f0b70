"""What the first start makes: a ledger that is whole, or none at all."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.sample_community import write_sample_community
from feedesk.exchange.workbook_template import write_template
from feedesk.ops.importing import WorkbookRefused
from feedesk.ops.run import is_training
from feedesk.ops.signing_in import WrongPassword, sign_in
from feedesk.ops.staffing import NameMissing
from feedesk.queries.desk import community_name
from feedesk.queries.verification import verify_everything
from feedesk.ui import first_ledger
from feedesk.ui.first_ledger import welcome_functions
from feedesk.ui.pages.welcome import WelcomePage
from feedesk.ui.tasks import Progress, Worker


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.sqlite"


def check(where: Path, *, training: bool, community: str) -> None:
    assert [path.name for path in where.parent.iterdir() if path.name.startswith("ledger")] == [where.name]
    database = Database(f"sqlite:///{where.as_posix()}")
    with database.reading() as connection:
        assert is_training(connection) is training
        assert community_name(connection) == community
        assert verify_everything(connection).ok
    database.dispose()


def test_an_empty_ledger(qtbot: QtBot, where: Path) -> None:
    welcome_functions(f"sqlite:///{where.as_posix()}").empty(Progress())
    check(where, training=False, community="")


def test_its_administrator_has_a_password(qtbot: QtBot, where: Path) -> None:
    make = welcome_functions(f"sqlite:///{where.as_posix()}")
    assert make.administer is not None
    with pytest.raises(NameMissing):
        make.administer(" ", "secret")
    make.administer("样例站长", "secret")
    make.empty(Progress())
    database = Database(f"sqlite:///{where.as_posix()}")
    assert not sign_in(database, name="样例站长", password="secret").must_change
    with pytest.raises(WrongPassword):
        sign_in(database, name="样例站长", password="")
    database.dispose()


def test_the_sample_community_is_billed_and_ready(
    qtbot: QtBot, where: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small.xlsx"
    write_sample_community(small, households=20)
    monkeypatch.setattr(first_ledger, "sample_workbook_path", lambda: small)
    make = welcome_functions(f"sqlite:///{where.as_posix()}").sample
    assert make is not None
    make(Progress())
    check(where, training=True, community="锦绣江南小区")


def test_ones_own_workbook(qtbot: QtBot, where: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    write_template(book)
    make = welcome_functions(f"sqlite:///{where.as_posix()}").import_workbook
    assert make is not None
    make(book, Progress())
    database = Database(f"sqlite:///{where.as_posix()}")
    with database.reading() as connection:
        assert not is_training(connection)
        assert community_name(connection)
    database.dispose()


def test_a_workbook_with_faults_leaves_no_ledger_behind(qtbot: QtBot, where: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = tmp_path / "book.xlsx"
    write_template(book)
    workbook = load_workbook(book)
    sheet = workbook["房屋"]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(2, headers.index("建筑面积") + 1).value = "一百平"
    workbook.save(book)
    make = welcome_functions(f"sqlite:///{where.as_posix()}").import_workbook
    assert make is not None
    with pytest.raises(WorkbookRefused) as refused:
        make(book, Progress())
    assert str(tmp_path / "book-导入错误.xlsx") in str(refused.value)
    assert [path.name for path in where.parent.iterdir() if path.name.startswith("ledger")] == []
    assert (tmp_path / "book-导入错误.xlsx").exists()


def test_the_workbook_to_fill_in_is_there_before_a_ledger_is(qtbot: QtBot, where: Path, tmp_path: Path) -> None:
    worker = Worker()
    page = WelcomePage(welcome_functions(f"sqlite:///{where.as_posix()}"), worker)
    qtbot.addWidget(page)
    path = tmp_path / "资料簿.xlsx"
    page.write_template(path)
    assert read_community_workbook(path).units
    page.write_template(path)
    assert str(path) in page.problem()
    assert not where.exists()
    worker.stop()
