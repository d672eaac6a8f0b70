"""A small community with a shift open at till 1."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.community import SmallCommunity, small_community
from tests.databases import copied


@pytest.fixture
def community(sqlite_template: Path, tmp_path: Path) -> Iterator[SmallCommunity]:
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    yield small_community(database)
    database.dispose()
