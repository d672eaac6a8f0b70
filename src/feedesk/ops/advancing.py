"""Paying ahead (预缴): months to come are billed and settled by one payment, in its own entry.

They are posted just as a billing run posts them (the run finds them standing and bills nothing again), but with our own
revenue as 待转收入 until it is served. Taking the payment back mirrors the entry, so the charges go with it.
The billing engine is imported where it is used: most payments pay nothing ahead, and the desk opens sooner without it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, select, update

from feedesk.db import next_ids
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.models import Charge, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.run import Act
from feedesk.queries.accounts import AccountRef, household_of
from feedesk.queries.statement import StatementCharge, open_charges
from feedesk.queries.whole_years import leaves_nothing, may_be_a_year
from feedesk.texts import N_

if TYPE_CHECKING:
    from feedesk.ops.billing_posting import StoredBill
    from feedesk.queries.advances import ItemAhead
    from feedesk.queries.paid_at_once import AtOnce

_charge = table_of(Charge)


class ItemInArrears(UserError):
    message = N_(
        "{item} of {unit} still owes {amount} up to {period}: pay that first, or in the same payment, "
        "before months ahead."
    )


class AdvanceNamedTwice(UserError):
    message = N_("{item} is paid ahead twice in one payment: name it once, with all its months.")


@dataclass(frozen=True, slots=True)
class AdvanceWish:
    """``months`` of an item to be paid ahead; of one ``account``, else of every account paid for that has the item."""

    item: str
    months: int
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Advances:
    """What a payment bills ahead: the items, their rows as they will be stored, the charges as a statement has them."""

    items: tuple["ItemAhead", ...] = ()
    stored: tuple["StoredBill", ...] = ()
    charges: tuple[StatementCharge, ...] = ()

    @property
    def total(self) -> Fen:
        """What they cost."""
        return Fen(sum(charge.principal for charge in self.charges))


NO_ADVANCES = Advances()


def plan_advances(
    connection: Connection,
    accounts: Sequence[AccountRef],
    wishes: Sequence[AdvanceWish],
    today: date,
    *,
    nothing_left: bool = False,
) -> tuple["ItemAhead", ...]:
    """What is wanted ahead, item by item and account by account; nothing is stored.

    ``nothing_left``: the payment settles all else that is open. Raises what `item_ahead` does, `AdvanceNamedTwice`.
    """
    if not wishes:
        return ()
    from feedesk.queries.advances import NotPayableAhead, OnlyTimedItemsAhead, item_ahead

    planned: list[ItemAhead] = []
    for wish in wishes:
        chosen = [one for one in accounts if wish.account in (None, one.id)] or accounts[:1]
        refused: UserError | None = None
        found = []
        for account in chosen:
            try:
                found.append(
                    item_ahead(
                        connection,
                        account=account,
                        item=wish.item,
                        months=wish.months,
                        today=today,
                        nothing_left=nothing_left,
                    )
                )
            except (OnlyTimedItemsAhead, NotPayableAhead) as error:
                refused = refused or error  # a joined unit may have the item where the home has not
        if not found and refused is not None:
            raise refused
        planned += found
    if len({(one.account.id, one.item) for one in planned}) < len(planned):
        raise AdvanceNamedTwice(item=planned[-1].item)
    return tuple(planned)


def preview_advances(
    connection: Connection, *, account: int, wishes: Sequence[AdvanceWish], on: date, charges: Collection[int]
) -> "AtOnce":
    """What months ahead would cost if they were paid together with these ``charges`` of a household, and what a year
    paid at once takes off those (一次性付清).

    Raises what taking the payment would, `ItemInArrears` included.
    """
    from feedesk.queries.paid_at_once import AtOnce, paid_at_once

    accounts = household_of(connection, account=account, on=on)
    still_open = open_charges(connection, accounts=[one.id for one in accounts], on=on)
    left_open = [charge for charge in still_open if charge.id not in charges]
    nothing_left = leaves_nothing(left_open)
    planned = plan_advances(connection, accounts, wishes, on, nothing_left=nothing_left)
    check_arrears(planned, left_open)
    chosen = [charge for charge in still_open if charge.id in charges]
    if not nothing_left or not may_be_a_year(chosen, planned):
        return AtOnce(ahead=planned)
    return paid_at_once(connection, charges=chosen, ahead=planned, today=on)


def check_arrears(planned: Sequence["ItemAhead"], left_open: Sequence[StatementCharge]) -> None:
    """Raises `ItemInArrears` where an item paid ahead would leave something of it open; what is in dispute may wait."""
    for one in planned:
        until = one.bills[0].line.serves.first
        owed = [
            charge
            for charge in left_open
            if (charge.account, charge.item) == (one.account.id, one.item)
            and not charge.frozen
            and charge.due
            and charge.serves_from <= until
        ]
        if owed:
            amount = format_amount(Fen(sum(charge.due for charge in owed)))
            raise ItemInArrears(item=one.item, unit=one.account.unit, amount=amount, period=owed[-1].period)


def written_advances(connection: Connection, planned: Sequence["ItemAhead"]) -> Advances:
    """What is planned with its keys, ready to be stored by `store_advances`."""
    if not planned:
        return NO_ADVANCES
    from feedesk.ops.billing_posting import written_bills
    from feedesk.queries.billing import fee_items

    bills = [bill for one in planned for bill in one.bills]
    stored = written_bills(bills, next_ids(connection, _charge, len(bills)))
    items = fee_items(connection)
    charges = [_as_on_statement(one, items[one.bill.tariff.item_id].nature) for one in stored]
    return Advances(tuple(planned), tuple(stored), tuple(charges))


def _as_on_statement(stored: "StoredBill", nature: str) -> StatementCharge:
    bill = stored.bill
    return StatementCharge(
        id=stored.key,
        account=bill.account,
        unit=bill.unit.code,
        item=bill.tariff.item,
        item_id=bill.tariff.item_id,
        nature=nature,
        order=0,
        period=str(bill.period),
        serves_from=bill.line.serves.first,
        serves_to=bill.line.serves.last,
        basis=stored.basis,
        snapshot=stored.snapshot,
        amount=bill.line.gross,
        discount=bill.discount,
        late_fee=ZERO,
        late_fee_waived=ZERO,
        paid=ZERO,
        principal=bill.net,
        late_fee_due=ZERO,
        due_date=stored.due_date,
        frozen=False,
        status="open",
    )


def store_advances(draft: EntryDraft, advances: Advances) -> None:
    """Stores the charges as documents of the payment's entry; before what is allocated to them."""
    if advances.stored:
        from feedesk.ops.billing_posting import store_bills

        store_bills(draft, advances.stored)


def advance_postings(advances: Advances) -> list[PostingLine]:
    """What is owed for months ahead and deferred, by fee item, as a run posts it: without the resident's account.

    Our own revenue waits as 待转收入; what is collected for others, or is the owners', is owed to them.
    """
    sums: dict[tuple[str, str], int] = {}
    for charge in advances.charges:
        key = charge.item, charge.nature
        sums[key] = sums.get(key, 0) + charge.principal
    lines = []
    for (item, nature), total in sums.items():
        credit = chart.deferred(item) if nature == chart.OWN else chart.earned(item, nature)
        lines += [PostingLine(chart.receivable(item), Fen(total)), PostingLine(credit, Fen(-total))]
    return lines


_BILLED = select(func.count()).where(_charge.c.entry_id == bindparam("entry"))
_CANCEL = (
    update(_charge)
    .where(_charge.c.entry_id == bindparam("entry"))
    .values(status="cancelled", cancelled_by=bindparam("taken_back_by"))
)


def cancel_advances(draft: EntryDraft, entry: int) -> None:
    """Puts the charges that a payment's entry had billed out of force, as part of the entry that mirrors it."""
    draft.connection.execute(_CANCEL, {"entry": entry, "taken_back_by": draft.id})


def correct_advances(act: Act, entry: int) -> None:
    """After the entry that mirrors a payment's: takes back what was released of the months it had billed ahead, and
    what it had earned by settling a year at once.
    """
    from feedesk.ops.paying_at_once import concession_of_mirrored

    concession_of_mirrored(act, entry)
    if act.connection.execute(_BILLED, {"entry": entry}).scalar():
        from feedesk.ops.releasing import correct_releases

        correct_releases(act)
