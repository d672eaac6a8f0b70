"""What holds for every test: no display, a home of its own, and no log record that nobody expected."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from feedesk.db import Database
    from tests.databases import Server

# In CI the same few examples each time, so that a red run can be run again; elsewhere new and more, which find more.
# Both without a deadline: the machine may be busy, and no test measures time.
settings.register_profile("desk", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, max_examples=30)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything of feedesk is imported: no window on the screen, and nobody's own ledger within reach."""
    home = tempfile.TemporaryDirectory(prefix="feedesk-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ["FEEDESK_HOME"] = home.name
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("FEEDESK_DATABASE", "FEEDESK_ACTOR", "FEEDESK_PASSWORD", "FEEDESK_APPROVER_PASSWORD"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A record of level WARNING or above fails the test, unless it is marked ``logs_expected``."""
    yield
    if request.node.get_closest_marker("logs_expected"):
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    loud = [f"{record.name}: {record.getMessage()}" for record in records if record.levelno >= logging.WARNING]
    assert not loud, f"unexpected log records: {loud}"


@pytest.fixture
def program() -> Callable[[str], str]:
    """``program("pdftotext")`` is its path; where it is not installed the test is skipped, but in CI it fails."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None and os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return find


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training ledger as a file to copy; make no changes."""
    from tests.databases import make_template

    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["Server"]:
    """The server that ``FEEDESK_TEST_POSTGRES`` names; without it the test is skipped."""
    from tests.databases import SERVER, Server

    if not SERVER:
        pytest.skip("FEEDESK_TEST_POSTGRES names no server")
    server = Server()
    server.make_template()
    yield server
    server.close()


@pytest.fixture
def sqlite_ledger(sqlite_template: Path, tmp_path: Path) -> Iterator["Database"]:
    """A training ledger of this test's own, in ``tmp_path / "ledger.sqlite"``."""
    from tests.databases import copied

    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    yield database
    database.dispose()


@pytest.fixture
def postgres_ledger(postgres_server: "Server") -> Iterator["Database"]:
    """A training ledger on PostgreSQL, as fresh; a test that alters tables themselves rolls back or takes a copy."""
    with postgres_server.refreshed() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_database(request: pytest.FixtureRequest) -> "Database":
    """A training ledger of this test's own, on SQLite and once more on PostgreSQL where there is a server."""
    database: Database = request.getfixturevalue(f"{request.param}_ledger")
    return database


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Database"]:
    """A database in which there is nothing yet, on SQLite and once more on PostgreSQL where there is a server."""
    from feedesk.db import Database
    from tests.databases import sqlite_url

    if request.param == "postgres":
        with request.getfixturevalue("postgres_server").empty() as database:
            yield database
    else:
        database = Database(sqlite_url(tmp_path / "empty.sqlite"))
        yield database
        database.dispose()
