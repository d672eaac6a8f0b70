"""A small community with a shift open at till 1."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedesk.money import Fen
from tests.community import SmallCommunity, open_desk, small_community
from tests.databases import copied


@pytest.fixture
def community(sqlite_template: Path, tmp_path: Path) -> Iterator[SmallCommunity]:
    """A ledger without units yet; the shift has a float of 500.00."""
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    community = small_community(database)
    open_desk(community, Fen(50000))
    yield community
    database.dispose()
