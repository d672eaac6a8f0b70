"""A small community with a shift open at till 1."""

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from tests.community import SmallCommunity, open_desk, small_community


@pytest.fixture
def community(ledger_database: Database) -> SmallCommunity:
    """A ledger without units yet; the shift has a float of 500.00."""
    community = small_community(ledger_database)
    open_desk(community, Fen(50000))
    return community
