"""Postings that take entries back: the same ones with the opposite sign, since nothing posted is ever changed."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from feedesk.ledger.chart import AccountKind, is_till_cash, till_cash
from feedesk.ledger.posting import PostingLine
from feedesk.models import LedgerAccount, Posting, table_of
from feedesk.money import Fen

_posting, _ledger_account = table_of(Posting), table_of(LedgerAccount)
_POSTINGS = (
    select(
        _ledger_account.c.code, _ledger_account.c.name, _ledger_account.c.kind, _posting.c.account_id, _posting.c.amount
    )
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(_posting.c.entry_id.in_(bindparam("entries", expanding=True)))
    .order_by(_posting.c.entry_id, _posting.c.sequence)
)


def mirrored_postings(connection: Connection, entries: Sequence[int], till_number: int = 0) -> Sequence[PostingLine]:
    """The postings of entries with the opposite sign; cash goes out of the drawer it is paid from."""
    lines = []
    for row in connection.execute(_POSTINGS, {"entries": list(entries)}):
        account = AccountKind(row.code, row.name, row.kind)
        if is_till_cash(row.code):
            account = till_cash(till_number)
        lines.append(PostingLine(account, Fen(-row.amount), row.account_id))
    return lines
