"""An office on SQLite, and once more on PostgreSQL where there is a server."""

from pathlib import Path

import pytest

from feedesk.db import Database
from tests.ops.importing.office import Office


@pytest.fixture
def office(ledger_database: Database, tmp_path: Path) -> Office:
    return Office(ledger_database, tmp_path)
