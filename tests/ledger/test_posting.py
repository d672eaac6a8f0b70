"""Entries: they sum to zero, follow each other in their chain, and are never booked on a closed day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from feedesk.db import Database
from feedesk.ledger import chart
from feedesk.ledger.posting import (
    OFFICE_CHAIN,
    DayIsClosed,
    EntryDoesNotBalance,
    EntryDraft,
    PostingLine,
    SealedEntry,
    begin_entry,
)
from feedesk.ledger.sealing import GENESIS
from feedesk.ledger.verify import verify_ledger
from feedesk.models import Chain, DayClose, Entry, Opening, Posting, table_of
from feedesk.money import Fen
from tests.community import small_community

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 42, 5, tzinfo=UTC)
_chain, _entry, _posting = (table_of(model) for model in (Chain, Entry, Posting))
FLOAT = [PostingLine(chart.IMPREST, Fen(500)), PostingLine(chart.OPENING, Fen(-500))]


def begin(connection: Connection, *, day: date = DAY, kind: str = "transfer", chain: int = OFFICE_CHAIN) -> EntryDraft:
    return begin_entry(connection, chain=chain, kind=kind, business_date=day, recorded_at=NOW, actor_id=1)


def post(database: Database, lines: list[PostingLine], **facts: Any) -> SealedEntry:
    with database.transaction() as connection:
        return begin(connection, **facts).seal(lines)


def rows(database: Database, statement: Any) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def test_entries_follow_each_other_and_the_head_follows_them(ledger_database: Database) -> None:
    first, second = post(ledger_database, FLOAT), post(ledger_database, FLOAT)
    assert (first.sequence, second.sequence) == (1, 2)
    assert rows(ledger_database, select(_entry.c.previous, _entry.c.hash).order_by(_entry.c.id)) == [
        (GENESIS, first.hash),
        (first.hash, second.hash),
    ]
    heads = rows(ledger_database, select(_chain.c.id, _chain.c.length, _chain.c.head))
    assert heads == [(OFFICE_CHAIN, 2, second.hash)]


def test_each_till_has_a_chain_of_its_own_from_its_first_entry(ledger_database: Database) -> None:
    office, till = post(ledger_database, FLOAT), post(ledger_database, FLOAT, chain=1)
    assert (office.sequence, till.sequence) == (1, 1)
    assert office.hash != till.hash
    assert rows(ledger_database, select(_chain.c.id, _chain.c.length).order_by(_chain.c.id)) == [(0, 1), (1, 1)]
    with ledger_database.reading() as connection:
        assert verify_ledger(connection).ok


@pytest.mark.parametrize("amounts", [(1,), (100, -99), (-5, -5), (2**53, -(2**53) + 1)])
def test_an_entry_that_does_not_balance_is_a_bug_and_leaves_nothing(
    ledger_database: Database, amounts: tuple[int, ...]
) -> None:
    with pytest.raises(EntryDoesNotBalance):
        post(ledger_database, [PostingLine(chart.OPENING, Fen(amount)) for amount in amounts])
    assert rows(ledger_database, select(_entry.c.id)) == []
    assert post(ledger_database, FLOAT).sequence == 1


def test_lines_of_zero_are_left_out_and_the_rest_is_numbered(ledger_database: Database) -> None:
    post(ledger_database, [PostingLine(chart.ROUNDING, Fen(0)), *FLOAT])
    assert rows(ledger_database, select(_posting.c.sequence, _posting.c.amount)) == [(0, 500), (1, -500)]


def test_an_entry_may_have_no_postings_at_all(ledger_database: Database) -> None:
    post(ledger_database, [])
    assert rows(ledger_database, select(_posting.c.id)) == []
    with ledger_database.reading() as connection:
        assert verify_ledger(connection).entries == 1


def test_documents_name_their_entry_and_are_sealed_with_it(ledger_database: Database) -> None:
    account = small_community(ledger_database).unit("1-1-101")
    with ledger_database.transaction() as connection:
        draft = begin(connection)
        row = {"kind": "prepayment", "account_id": account, "fee_item_id": None, "name": "", "amount": 700}
        key = draft.add(table_of(Opening), {**row, "paid_through": None, "note": ""})
        sealed = draft.seal([PostingLine(chart.OPENING, Fen(700)), PostingLine(chart.PREPAYMENTS, Fen(-700), account)])
    assert rows(ledger_database, select(Opening.id, Opening.entry_id)) == [(key, sealed.id)]
    with ledger_database.reading() as connection:
        assert verify_ledger(connection).ok


def test_a_document_without_its_entry_never_commits(ledger_database: Database) -> None:
    account = small_community(ledger_database).unit("1-1-101")

    def forget_to_seal(connection: Connection) -> None:
        row = {"kind": "prepayment", "account_id": account, "fee_item_id": None, "name": "", "amount": 700}
        begin(connection).add(table_of(Opening), {**row, "paid_through": None, "note": ""})

    with pytest.raises(DBAPIError):
        ledger_database.run(forget_to_seal)
    assert rows(ledger_database, select(Opening.id)) == []


def test_every_frozen_column_of_a_document_must_be_given(ledger_database: Database) -> None:
    account = small_community(ledger_database).unit("1-1-101")

    def forget_a_column(connection: Connection) -> None:
        begin(connection).add(table_of(Opening), {"kind": "prepayment", "account_id": account, "name": "", "amount": 7})

    with pytest.raises((KeyError, DBAPIError)):
        ledger_database.run(forget_a_column)
    assert rows(ledger_database, select(Opening.id)) == []


def close(connection: Connection) -> None:
    draft = begin(connection, kind="day_close")
    figures = {"business_date": DAY, "version": 1, "closed_at": NOW, "total": 0, "figures": "{}", "chain_heads": "[]"}
    draft.add(table_of(DayClose), figures)
    draft.seal([])


@pytest.mark.parametrize(("day", "refused"), [(date(2026, 11, 22), True), (DAY, True), (date(2026, 11, 24), False)])
def test_nothing_is_booked_on_a_closed_day_or_before_it(ledger_database: Database, day: date, refused: bool) -> None:
    ledger_database.run(close)
    if refused:
        with pytest.raises(DayIsClosed) as caught:
            post(ledger_database, FLOAT, day=day)
        assert caught.value.facts["day"] == "2026-11-23"
    else:
        assert post(ledger_database, FLOAT, day=day).sequence == 2


def test_closing_a_day_again_is_not_refused_here(ledger_database: Database) -> None:
    ledger_database.run(close)
    with ledger_database.transaction() as connection:
        assert begin(connection, kind="day_close").kind == "day_close"


def _update(connection: Connection) -> None:
    connection.execute(_posting.update().values(amount=0))


def _delete(connection: Connection) -> None:
    connection.execute(_entry.delete())


def _replace(connection: Connection) -> None:
    """SQLite deletes before it replaces; recursive triggers make the guard see that too."""
    if connection.dialect.name != "sqlite":
        raise DBAPIError("", {}, Exception("posted rows of posting are never changed"))
    connection.execute(insert(_posting).prefix_with("OR REPLACE"), {"id": 1, "entry_id": 1, "sequence": 0} | _REST)


_REST = {"ledger_account_id": 1, "account_id": None, "amount": 1}


@pytest.mark.parametrize("change", [_update, _delete, _replace])
def test_what_is_posted_is_never_changed(ledger_database: Database, change: Callable[[Connection], None]) -> None:
    post(ledger_database, FLOAT)
    with pytest.raises(DBAPIError, match="never changed"):
        ledger_database.run(change)
    assert rows(ledger_database, select(_posting.c.amount)) == [(500,), (-500,)]
