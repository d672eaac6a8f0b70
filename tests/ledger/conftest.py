"""A ledger in which everything has happened, made once; whoever alters it rolls back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedesk.db import Database
from tests.databases import Server, copied
from tests.ledger.attacking import Attacker, attacking
from tests.ledger.whole_ledger import build


@pytest.fixture(scope="session")
def whole_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = copied(sqlite_template, tmp_path_factory.mktemp("whole") / "ledger.sqlite")
    build(database)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def whole_postgres(postgres_server: Server) -> Iterator[Database]:
    with postgres_server.copied() as database:
        build(database)
        yield database


@pytest.fixture(params=["sqlite", "postgres"])
def whole_database(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(f"whole_{request.param}")
    return database


@pytest.fixture
def attacker(whole_sqlite: Database) -> Iterator[Attacker]:
    with attacking(whole_sqlite) as someone:
        yield someone


@pytest.fixture
def server_attacker(whole_postgres: Database) -> Iterator[Attacker]:
    with attacking(whole_postgres) as someone:
        yield someone
