"""How what residents owe, and what is held for them, changed in a day: read from the ledger's postings.

A closed day never changes, so the balances it was closed with carry the next day: only postings since are added up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, true

from feedesk.ledger import chart
from feedesk.models import Entry, LedgerAccount, Posting, table_of
from feedesk.money import ZERO, Fen
from feedesk.rules.day_summary import ArrearsChange, CashInTransit, HeldChange
from feedesk.rules.takings import Group, LineKind, PaidPayment, TenderKind

_entry, _ledger_account, _posting = (table_of(model) for model in (Entry, LedgerAccount, Posting))

RECEIVABLE = chart.receivable("").code
DEPOSITS = chart.deposits("").code
PREPAID = chart.PREPAYMENTS.code
TRANSIT = chart.CASH_IN_TRANSIT.code
_MONEY_ACTS = frozenset({"payment", "void", "reversal", "refund"})

_FOLLOWED = or_(
    _ledger_account.c.code.startswith(RECEIVABLE, autoescape=True),
    _ledger_account.c.code.startswith(DEPOSITS, autoescape=True),
    _ledger_account.c.code.in_((PREPAID, TRANSIT)),
)


def _sums(when: ColumnElement[bool], *by: ColumnElement[str]) -> "Select[Any]":
    return (
        select(_ledger_account.c.code, *by, func.sum(_posting.c.amount).label("amount"))
        .select_from(_entry)
        .join(_posting, _posting.c.entry_id == _entry.c.id)
        .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
        .where(_FOLLOWED, when)
        .group_by(_ledger_account.c.code, *by)
    )
