"""How what residents owe, and what is held for them, changed in a day: read from the ledger's postings.

A closed day never changes, so the balances it was closed with carry the next one: only postings since are added up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.ledger import chart
from feedesk.models import Entry, LedgerAccount, Posting, table_of
from feedesk.money import Fen
from feedesk.rules.day_summary import ArrearsChange, CashInTransit, HeldChange
from feedesk.rules.takings import Group, LineKind, Paid

_entry, _ledger_account, _posting = (table_of(model) for model in (Entry, LedgerAccount, Posting))

_RECEIVABLE = chart.receivable("").code
_DEPOSITS = chart.deposits("").code
_PREPAID = chart.PREPAYMENTS.code
_UNCLAIMED = chart.UNCLAIMED.code
_TRANSIT = chart.CASH_IN_TRANSIT.code
_MONEY_ACTS = frozenset({"payment", "void", "reversal", "refund", "offset", "transfer_out", "bounce"})

_FOLLOWED = or_(
    _ledger_account.c.code.startswith(_RECEIVABLE, autoescape=True),
    _ledger_account.c.code.startswith(_DEPOSITS, autoescape=True),
    _ledger_account.c.code.in_((_PREPAID, _UNCLAIMED, _TRANSIT)),
)
_AMOUNT = func.sum(_posting.c.amount).label("amount")
_POSTED = (
    _entry.join(_posting, _posting.c.entry_id == _entry.c.id)
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
)  # fmt: skip
_BETWEEN = (
    select(_ledger_account.c.code, _AMOUNT)
    .select_from(_POSTED)
    .where(_FOLLOWED, _entry.c.business_date > bindparam("after"), _entry.c.business_date < bindparam("day"))
    .group_by(_ledger_account.c.code)
)
_ON_DAY = (
    select(_ledger_account.c.code, _entry.c.kind, _AMOUNT)
    .select_from(_POSTED)
    .where(_FOLLOWED, _entry.c.business_date == bindparam("day"))
    .group_by(_ledger_account.c.code, _entry.c.kind)
)


@dataclass(frozen=True, slots=True)
class Movements:
    """Balances of the followed ledger accounts when a day began, and what each kind of entry moved; debit positive."""

    opening: Mapping[str, int]
    moved: Mapping[str, Mapping[str, int]]

    def codes(self, prefix: str) -> list[str]:
        """The accounts that begin with a code, in order."""
        return sorted(code for code in {*self.opening, *self.moved} if code.startswith(prefix))

    def begins(self, code: str) -> int:
        return self.opening.get(code, 0)

    def change(self, code: str) -> int:
        return sum(self.moved.get(code, {}).values())

    def balances(self) -> dict[str, Fen]:
        """What stands on each account when the day ends; accounts at zero are left out."""
        ends = {code: Fen(self.begins(code) + self.change(code)) for code in self.codes("")}
        return {code: balance for code, balance in ends.items() if balance}


def movements(connection: Connection, day: date, *, closed: date | None, balances: Mapping[str, Fen]) -> Movements:
    """What moved on ``day``. ``balances`` are those the day ``closed`` ended with; None: the ledger from its start."""
    opening: dict[str, int] = dict(balances)
    facts = {"after": closed or date.min, "day": day}
    for code, amount in connection.execute(_BETWEEN, facts):
        opening[code] = opening.get(code, 0) + int(amount)
    moved: dict[str, dict[str, int]] = {}
    for code, kind, amount in connection.execute(_ON_DAY, {"day": day}):
        moved.setdefault(code, {})[kind] = int(amount)
    return Movements(opening, moved)


def arrears_changes(moves: Movements, payments: Sequence[Paid], order: Mapping[str, int]) -> tuple[ArrearsChange, ...]:
    """The principal owed by fee item. What a payment both bills and settles (an advance) is billed and collected."""
    collected = _sums(
        (line.item, line.amount) for payment in payments for line in payment.lines if line.kind is LineKind.PRINCIPAL
    )
    changes = []
    for code in moves.codes(_RECEIVABLE):
        item = code.removeprefix(_RECEIVABLE)
        kinds = moves.moved.get(code, {})
        at_the_desk = sum(amount for kind, amount in kinds.items() if kind in _MONEY_ACTS)
        others = [amount for kind, amount in kinds.items() if kind not in _MONEY_ACTS]
        billed = sum(amount for amount in others if amount > 0) + at_the_desk + collected.get(item, 0)
        conceded = -sum(amount for amount in others if amount < 0)
        change = ArrearsChange(item, Fen(moves.begins(code)), Fen(billed), Fen(conceded), Fen(collected.get(item, 0)))
        if any((change.opening, change.billed, change.conceded, change.collected)):
            changes.append(change)
    return tuple(sorted(changes, key=lambda change: (order.get(change.item, len(order)), change.item)))


def held_changes(
    moves: Movements, payments: Sequence[Paid], prepaid: frozenset[str], claimed: frozenset[str] = frozenset()
) -> tuple[HeldChange, ...]:
    """Prepayments, deposits and unclaimed money held; ``prepaid`` and ``claimed`` are the codes of tenders that pay out
    of the prepayment and of money that was claimed.
    """
    desk = [payment for payment in payments if not payment.returns]
    used, taken = (
        sum(tender.kept for payment in desk for tender in payment.tenders if tender.code in codes)
        for codes in (prepaid, claimed)
    )
    lines = [line for payment in desk for line in payment.lines]
    added = sum(line.amount for line in lines if line.kind is LineKind.PREPAYMENT)
    found = sum(line.amount for line in lines if line.kind is LineKind.UNCLAIMED)
    deposits = _sums((line.item, line.amount) for line in lines if line.kind is LineKind.DEPOSIT)
    changes = [_held(moves, _PREPAID, str(Group.PREPAYMENT), added, used)]
    for code in moves.codes(_DEPOSITS):
        name = code.removeprefix(_DEPOSITS)
        changes.append(_held(moves, code, name, deposits.get(name, 0), 0))
    changes.append(_held(moves, _UNCLAIMED, str(Group.UNCLAIMED), found, taken))
    return tuple(change for change in changes if any((change.opening, change.received, change.used, change.other)))


def cash_in_transit(moves: Movements) -> CashInTransit:
    """Cash taken but not yet paid into the bank."""
    added = moves.moved.get(_TRANSIT, {}).get("shift_close", 0)
    cleared = added - moves.change(_TRANSIT)
    return CashInTransit(Fen(moves.begins(_TRANSIT)), Fen(added), Fen(cleared))


def _held(moves: Movements, code: str, name: str, received: int, used: int) -> HeldChange:
    other = -moves.change(code) - received + used
    return HeldChange(name, Fen(-moves.begins(code)), Fen(received), Fen(used), Fen(other))


def _sums(amounts: Iterable[tuple[str, Fen]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, amount in amounts:
        sums[name] = sums.get(name, 0) + amount
    return sums
