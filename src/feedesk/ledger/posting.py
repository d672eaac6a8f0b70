"""Writing an entry: `begin_entry`, add its documents, `seal` it with postings that sum to zero.

The documents are stored first, the entry last (foreign keys to it are checked at commit), so that the entry's digest
is made of the very rows that were written and nothing posted is ever updated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, exists, insert, select, update

from feedesk.db import next_ids
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.chart import AccountKind
from feedesk.ledger.clock import check_clock
from feedesk.ledger.prepared import Prepared
from feedesk.ledger.sealing import GENESIS, SEALED, DocumentDigest, entry_hash, stored
from feedesk.models import Chain, DayClose, Entry, Posting, table_of
from feedesk.money import Fen
from feedesk.texts import N_

OFFICE_CHAIN = 0
"""The chain of acts that belong to no till: imports, billing runs, day closes."""

_chain, _entry, _posting, _day_close = (table_of(model) for model in (Chain, Entry, Posting, DayClose))
_head = Prepared(select(_chain.c.length, _chain.c.head).where(_chain.c.id == bindparam("chain")).with_for_update())
_move_head = Prepared(
    update(_chain)
    .where(_chain.c.id == bindparam("chain"))
    .values(length=bindparam("new_length"), head=bindparam("new_head"))
)
_insert_chain, _insert_entry, _insert_posting = (Prepared(insert(table)) for table in (_chain, _entry, _posting))
_reopening = _entry.alias("reopening")
# The newest close that no reopening reverses; the index is read from its end, so that this is one row.
_last_close = Prepared(
    select(_day_close.c.business_date)
    .where(~exists().where(_reopening.c.reverses_id == _day_close.c.entry_id))
    .order_by(_day_close.c.business_date.desc())
    .limit(1)
)
_inserts: dict[str, Prepared] = {}


_OF_CLOSED_DAYS = frozenset({"day_close", "day_reopen"})


class DayIsClosed(UserError):
    message = N_("{day} is closed: nothing more can be booked on it. Work with a later business date.")


class EntryDoesNotBalance(Exception):
    """A bug: the postings of an entry do not sum to zero."""


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One line: an account of the chart, fen (debit positive, credit negative), the resident account concerned."""

    ledger_account: AccountKind
    amount: Fen
    account: int | None = None


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry that is in the ledger: its number and its place in its chain."""

    id: int
    chain: int
    sequence: int
    hash: str


@dataclass(slots=True)
class EntryDraft:
    """An entry being written; `seal` must be called in the same transaction."""

    connection: Connection
    id: int
    chain: int
    kind: str
    business_date: date
    recorded_at: datetime
    actor_id: int
    approver_id: int | None
    shift_id: int | None
    reverses_id: int | None
    reason: str
    _digest: DocumentDigest = field(default_factory=DocumentDigest)

    def add(self, table: Table, row: Mapping[str, Any]) -> int:
        """Stores one document row (all frozen columns given) and returns its key."""
        values = dict(row)
        if "entry_id" in table.columns:
            values["entry_id"] = self.id
        statement = _inserts.get(table.name)
        if statement is None:
            statement = _inserts[table.name] = Prepared(insert(table))
        key = statement.insert(self.connection, values)
        values.setdefault("id", key)
        self._digest.add(table.name, [[stored(values[column]) for column in SEALED[table.name]]])
        return key

    def digest_stored(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Covers rows that the caller stored in bulk: just the `SEALED` columns, as stored, in the order of keys."""
        self._digest.add(table.name, rows)

    def digest_written(self, table: Table, forms: Sequence[str]) -> None:
        """Covers such rows in their canonical form, where the caller can write it faster than `repr` does."""
        self._digest.add_written(table.name, forms)

    def seal(self, lines: Sequence[PostingLine]) -> SealedEntry:
        """Writes the entry and its postings; lines of zero are left out. Raises `EntryDoesNotBalance` on a bug."""
        if sum(line.amount for line in lines):
            raise EntryDoesNotBalance([(line.ledger_account.code, line.amount) for line in lines])
        length, head = self._lock_chain()
        entry = {
            "id": self.id,
            "chain_id": self.chain,
            "sequence": length + 1,
            "kind": self.kind,
            "business_date": self.business_date,
            "recorded_at": self.recorded_at,
            "actor_id": self.actor_id,
            "approver_id": self.approver_id,
            "shift_id": self.shift_id,
            "reverses_id": self.reverses_id,
            "reason": self.reason,
            "digest": self._digest.hexdigest(),
            "previous": head,
        }
        postings = [line for line in lines if line.amount]
        entry["hash"] = entry_hash(
            entry, [(n, line.ledger_account.code, line.account, line.amount) for n, line in enumerate(postings)]
        )
        _insert_entry.insert(self.connection, entry)
        if postings:
            _insert_posting.run_many(
                self.connection,
                [
                    {
                        "entry_id": self.id,
                        "sequence": n,
                        "ledger_account_id": chart.account_id(self.connection, line.ledger_account),
                        "account_id": line.account,
                        "amount": line.amount,
                    }
                    for n, line in enumerate(postings)
                ],
            )
        _move_head.run(self.connection, {"chain": self.chain, "new_length": length + 1, "new_head": entry["hash"]})
        return SealedEntry(self.id, self.chain, length + 1, str(entry["hash"]))

    def _lock_chain(self) -> tuple[int, str]:
        head = _head.one_or_none(self.connection, {"chain": self.chain})
        if head is not None:
            return head.length, head.head
        _insert_chain.insert(self.connection, {"id": self.chain, "length": 0, "head": GENESIS})
        return 0, GENESIS


def begin_entry(
    connection: Connection,
    *,
    chain: int,
    kind: str,
    business_date: date,
    recorded_at: datetime,
    actor_id: int,
    approver_id: int | None = None,
    shift_id: int | None = None,
    reverses_id: int | None = None,
    reason: str = "",
) -> EntryDraft:
    """Reserves the number of a new entry. Raises `DayIsClosed` when its business date is closed already.

    On a real ledger also `feedesk.ledger.clock.ClockSetBack`.
    """
    closed: date | None = _last_close.scalar(connection)
    if closed is not None and business_date <= closed and kind not in _OF_CLOSED_DAYS:
        raise DayIsClosed(day=closed.isoformat())
    check_clock(connection, chain=chain, kind=kind, now=recorded_at)
    return EntryDraft(
        connection,
        id=next(iter(next_ids(connection, _entry))),
        chain=chain,
        kind=kind,
        business_date=business_date,
        recorded_at=recorded_at,
        actor_id=actor_id,
        approver_id=approver_id,
        shift_id=shift_id,
        reverses_id=reverses_id,
        reason=reason,
    )
