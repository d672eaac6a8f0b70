"""An office on SQLite; where a test asks for ``either_office``, once more on PostgreSQL where there is a server."""

from pathlib import Path

import pytest

from feedesk.db import Database
from tests.ops.importing.office import Office


@pytest.fixture
def office(sqlite_ledger: Database, tmp_path: Path) -> Office:
    return Office(sqlite_ledger, tmp_path)


@pytest.fixture
def either_office(ledger_database: Database, tmp_path: Path) -> Office:
    """The same on SQLite and once more on PostgreSQL."""
    return Office(ledger_database, tmp_path)
