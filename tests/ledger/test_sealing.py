"""Digests and hashes: the same rows give the same seal, any other rows give another."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.ledger.sealing import DOCUMENTS, MOVING, SEALED, DocumentDigest, entry_hash, sealed_columns, stored
from feedesk.models import Entry, table_of

CELLS = st.one_of(st.none(), st.integers(), st.text(max_size=8))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6)
ENTRY: dict[str, Any] = {
    "id": 7,
    "chain_id": 1,
    "sequence": 3,
    "kind": "payment",
    "business_date": "2026-11-23",
    "recorded_at": "2026-11-23T10:42:05+08:00",
    "actor_id": 2,
    "approver_id": None,
    "shift_id": 1,
    "reverses_id": None,
    "reason": "",
    "digest": "d",
    "previous": "p",
    "hash": "not covered by itself",
}
POSTINGS = [(0, "1001.T1", None, 100), (1, "1122.物业费", 5, -100)]


class Word(StrEnum):
    OPEN = "open"


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (5, 5),
        (True, 1),
        (False, 0),
        (Number.ONE, 1),
        ("物业费", "物业费"),
        (Word.OPEN, "open"),
        (date(2026, 11, 3), "2026-11-03"),
        (datetime(2026, 11, 3, 9, 5, 7, 999, tzinfo=timezone(timedelta(hours=8))), "2026-11-03T09:05:07+08:00"),
        (datetime(2026, 11, 3, 9, 5, 7, tzinfo=UTC), "2026-11-03T09:05:07+00:00"),
    ],
)
def test_values_are_sealed_as_the_database_keeps_them(value: object, kept: object) -> None:
    assert stored(value) == kept
    assert type(stored(value)) is type(kept)


def test_a_scaled_number_or_a_moment_without_offset_is_a_bug() -> None:
    with pytest.raises(TypeError):
        stored(Fraction(1, 3))
    with pytest.raises(ValueError, match="offset"):
        stored(datetime(2026, 11, 3, 9, 5))  # noqa: DTZ001 (that is the point)


def digest(**tables: list[tuple[Any, ...]]) -> str:
    collected = DocumentDigest()
    for table, rows in tables.items():
        collected.add(table, rows)
    return collected.hexdigest()


@given(ROWS, ROWS)
def test_rows_fed_in_parts_in_any_order_of_tables_make_one_digest(
    charges: list[tuple[Any, ...]], receipts: list[tuple[Any, ...]]
) -> None:
    parts = DocumentDigest()
    parts.add("receipt", receipts[:2])
    for row in charges:
        parts.add("charge", [list(row)])
    parts.add("receipt", receipts[2:])
    parts.add("payment", [])
    assert parts.hexdigest() == digest(charge=charges, receipt=receipts)


@given(ROWS, ROWS)
def test_other_rows_make_another_digest(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> None:
    assert (digest(charge=rows) == digest(charge=others)) == (rows == others)


def test_the_table_and_the_place_of_a_row_count() -> None:
    one, other = (1, "a"), (2, "b")
    assert digest(charge=[one]) != digest(payment=[one])
    assert digest(charge=[one, other]) != digest(charge=[other, one])
    assert digest(charge=[one], payment=[other]) != digest(charge=[one, other])
    assert digest(charge=[("1",)]) != digest(charge=[(1,)])


def test_many_rows_are_fed_in_little_memory() -> None:
    count = 1201  # more than one batch, and not a multiple of it
    rows = [(n, "x") for n in range(count)]
    assert digest(charge=rows) == digest(charge=rows[:700] + rows[700:])
    assert digest(charge=rows) != digest(charge=rows[:-1])


def test_every_column_of_an_entry_but_its_hash_is_hashed() -> None:
    before = entry_hash(ENTRY, POSTINGS)
    assert set(ENTRY) == {column.name for column in table_of(Entry).columns}
    for column in ENTRY:
        altered = {**ENTRY, column: "another"}
        assert (entry_hash(altered, POSTINGS) == before) == (column == "hash"), column


@pytest.mark.parametrize("place", range(4))
def test_every_part_of_a_posting_is_hashed(place: int) -> None:
    altered = [list(posting) for posting in POSTINGS]
    altered[1][place] = "another"
    assert entry_hash(ENTRY, [tuple(posting) for posting in altered]) != entry_hash(ENTRY, POSTINGS)  # type: ignore[misc]


def test_the_order_of_postings_is_hashed() -> None:
    assert entry_hash(ENTRY, POSTINGS[::-1]) != entry_hash(ENTRY, POSTINGS)


@pytest.mark.parametrize("table", DOCUMENTS, ids=lambda table: table.name)
def test_only_links_and_moving_columns_are_left_out_of_a_digest(table: Any) -> None:
    left_out = {column.name for column in table.columns} - set(SEALED[table.name])
    links = {"id", "entry_id", "payment_id"}
    assert left_out <= MOVING.get(table.name, frozenset()) | links
    assert sealed_columns(table) == SEALED[table.name]
