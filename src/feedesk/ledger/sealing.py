"""How rows and entries are turned into the digests that make tampering evident.

A row's canonical form is the ``repr`` of the tuple of its frozen columns as stored (dates as ISO text, truth as 0/1),
in the order of the table; an entry's digest is SHA-256 over its documents' rows, its hash covers all its columns, its
postings and the hash of the entry before it in its chain.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from typing import Any

from sqlalchemy import Table

from feedesk import models
from feedesk.models import table_of
from feedesk.models.types import moment_text

GENESIS = "0" * 64
"""The hash before a chain's first entry."""

MOVING: Mapping[str, frozenset[str]] = {
    "charge": frozenset({"paid", "waived", "late_fee_paid", "late_fee_waived", "status", "cancelled_by"}),
    "shift": frozenset({"is_open"}),
    "receipt": frozenset({"form_number"}),
}
"""Columns that later acts may move; `feedesk.ledger.verify` recomputes them instead."""

# Keys given by the database and links to the entry: a row is known by the entry it is found under and its place there.
# Charges and requests keep theirs, since statements, allocations, disputes and decisions name them by their number.
_LINKS: Mapping[str, frozenset[str]] = {
    "payment": frozenset({"id", "entry_id"}),
    "payment_tender": frozenset({"id", "payment_id"}),
    "allocation": frozenset({"id", "payment_id"}),
    "allocation_basis": frozenset({"id", "payment_id"}),
    "payment_line": frozenset({"id", "payment_id"}),
    "receipt": frozenset({"id", "entry_id", "payment_id"}),
    "billing_run": frozenset({"id", "entry_id"}),
    "charge": frozenset({"entry_id"}),
    "charge_usage": frozenset({"id"}),
    "opening": frozenset({"id", "entry_id"}),
    "charge_replacement": frozenset({"id", "entry_id"}),
    "waiver": frozenset({"id", "entry_id"}),
    "charge_freeze": frozenset({"id", "entry_id"}),
    "charge_cancellation": frozenset({"id", "entry_id"}),
    "revenue_release": frozenset({"id", "entry_id"}),
    "bank_deposit": frozenset({"id", "entry_id"}),
    "cash_movement": frozenset({"id", "entry_id"}),
    "late_fee_stop": frozenset({"id", "entry_id"}),
    "correction": frozenset({"id", "entry_id"}),
    "change_of_hands": frozenset({"id", "entry_id"}),
    "carried_balance": frozenset({"id", "entry_id"}),
    "shift_sign_off": frozenset({"id", "entry_id"}),
    "approval_request": frozenset({"entry_id"}),
    "approval_decision": frozenset({"id", "entry_id"}),
    "unclaimed_money": frozenset({"id", "entry_id"}),
    "sale": frozenset({"id", "entry_id"}),
    "added_reference": frozenset({"id", "entry_id"}),
    "shift": frozenset({"entry_id"}),
    "shift_close": frozenset({"id", "entry_id"}),
    "day_close": frozenset({"id", "entry_id"}),
}

DOCUMENTS: tuple[Table, ...] = tuple(
    table_of(model)
    for model in (
        models.BillingRun,
        models.Charge,
        models.ChargeUsage,
        models.Opening,
        models.Shift,
        models.ShiftClose,
        models.Payment,
        models.PaymentTender,
        models.Allocation,
        models.PaymentLine,
        models.Receipt,
        models.DayClose,
        models.ChargeReplacement,
        models.Waiver,
        models.ChargeFreeze,
        models.RevenueRelease,
        models.BankDeposit,
        models.CashMovement,
        models.LateFeeStop,
        models.Correction,
        models.ChangeOfHands,
        models.CarriedBalance,
        models.ShiftSignOff,
        models.ChargeCancellation,
        models.ApprovalRequest,
        models.ApprovalDecision,
        models.AllocationBasis,
        models.UnclaimedMoney,
        models.Sale,
        models.AddedReference,
    )
)
"""The tables whose rows an entry's digest covers, in the order in which they are digested."""


def sealed_columns(table: Table) -> tuple[str, ...]:
    """The columns of a document table that its entry's digest covers, in the order of the table."""
    left_out = MOVING.get(table.name, frozenset()) | _LINKS.get(table.name, frozenset())
    return tuple(column.name for column in table.columns if column.name not in left_out)


SEALED: Mapping[str, tuple[str, ...]] = {table.name: sealed_columns(table) for table in DOCUMENTS}


def stored(value: Any) -> Any:
    """A value as the database keeps it: ISO text for days and moments, 0/1 for truth, text for exact numbers."""
    if value is None or type(value) in (int, str):
        return value
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        raise TypeError("rows with scaled numbers are digested as stored; pass the scaled integer")
    return str(value)


class DocumentDigest:
    """Collects rows table by table and yields one digest, independent of the order in which tables were fed."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] = {}

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Feeds rows that hold just the `SEALED` columns of their table, already as stored; no rows leave no trace."""
        stream = iter(rows)
        while text := "".join([repr(row if type(row) is tuple else tuple(row)) for row in islice(stream, 500)]):
            if table not in self._tables:
                self._tables[table] = hashlib.sha256()
            self._tables[table].update(text.encode())

    def add_written(self, table: str, forms: Sequence[str]) -> None:
        """Feeds rows that are in their canonical form already."""
        for start in range(0, len(forms), 500):
            self._tables.setdefault(table, hashlib.sha256()).update("".join(forms[start : start + 500]).encode())

    def hexdigest(self) -> str:
        whole = hashlib.sha256()
        for table in DOCUMENTS:
            if table.name in self._tables:
                whole.update(f"{table.name}:{self._tables[table.name].hexdigest()};".encode())
        return whole.hexdigest()


def entry_hash(entry: Mapping[str, Any], postings: Iterable[tuple[int, str, int | None, int]]) -> str:
    """The hash of an entry with all its columns but ``hash``; postings are (sequence, code, account, fen)."""
    columns = tuple(stored(entry[column.name]) for column in _entry.columns if column.name != "hash")
    return hashlib.sha256(repr((columns, tuple(postings))).encode()).hexdigest()


_entry = table_of(models.Entry)
