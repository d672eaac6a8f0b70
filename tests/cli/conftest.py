"""The command line on ledgers of its own: an empty training one, a real one, and a day at the desk."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from feedesk.db import Database
from feedesk.exchange.workbook_template import write_template
from feedesk.money import Fen
from tests.command_line import Feedesk, NoWindow, Outcome, command_line
from tests.community import TODAY, PictureHome, open_desk, picture_home, small_community
from tests.databases import copied


@pytest.fixture
def window() -> NoWindow:
    return NoWindow()


@pytest.fixture
def feedesk(capsys: pytest.CaptureFixture[str], window: NoWindow) -> Feedesk:
    """``feedesk("search", "x")`` runs a command."""
    return command_line(capsys, window)


@pytest.fixture
def training(sqlite_ledger: Database) -> Path:
    """The file of a training ledger."""
    assert sqlite_ledger.path is not None
    return sqlite_ledger.path


@pytest.fixture
def real(feedesk: Feedesk, tmp_path: Path) -> Path:
    """The file of a real ledger whose administrator has no password."""
    path = tmp_path / "real.sqlite"
    assert feedesk("init", "--database", path).status == 0
    return path


@dataclass(frozen=True)
class DeskDay:
    """A day at the desk: a ledger, and commands run on it on that day, answered as JSON."""

    home: PictureHome
    path: Path
    run_feedesk: Feedesk

    def __call__(self, *arguments: object) -> Outcome:
        return self.run_feedesk(*arguments, "--json", "--database", self.path, "--today", TODAY)

    def shown(self, *arguments: object) -> Outcome:
        """The same for people."""
        return self.run_feedesk("--database", self.path, "--today", TODAY, *arguments)


@pytest.fixture(scope="session")
def day_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PictureHome]:
    """The home of the design's picture, owing 1,979.48, and a shift open with a float of 500.00; to be copied."""
    path = tmp_path_factory.mktemp("day") / "day.sqlite"
    database = copied(sqlite_template, path)
    community = small_community(database)
    home = picture_home(community)
    open_desk(community, Fen(50000))
    database.dispose()
    return path, home


@pytest.fixture
def day(day_template: tuple[Path, PictureHome], tmp_path: Path, feedesk: Feedesk) -> DeskDay:
    """A day at the desk of this test's own."""
    template, home = day_template
    path = tmp_path / "day.sqlite"
    copied(template, path).dispose()
    return DeskDay(home, path, feedesk)


@pytest.fixture(scope="session")
def workbook_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty workbook with its examples; make no changes."""
    path = tmp_path_factory.mktemp("workbook") / "资料簿.xlsx"
    write_template(path)
    return path
