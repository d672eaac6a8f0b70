"""What is paid from a prepayment (预存) is there: by the business date of the payment, and still."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.money import Fen, format_amount
from feedesk.ops.money_in_time import check_there_by
from feedesk.ops.payment_posting import TenderGiven
from feedesk.queries.accounts import AccountRef
from feedesk.queries.desk import TenderRow
from feedesk.queries.in_time import prepaid_to_use
from feedesk.queries.statement import prepaid_balance
from feedesk.texts import N_


class PrepaymentTooSmall(UserError):
    message = N_("Only {balance} is prepaid on {unit}; {asked} cannot be taken from it.")


def check_prepaid(
    connection: Connection,
    ref: AccountRef,
    known: Mapping[str, TenderRow],
    tenders: Sequence[TenderGiven],
    *,
    on: date,
) -> None:
    """Raises `PrepaymentTooSmall` where more is to be paid from a prepayment than there is, `BalanceCameLater` where
    it came, or was used, later than on the business date ``on``.
    """
    asked = Fen(sum(tender.amount for tender in tenders if known[tender.code].kind == "prepaid"))
    if not asked:
        return
    balance = prepaid_to_use(connection, ref.id, on=on)
    if asked > balance:
        now = prepaid_balance(connection, ref.id)
        check_there_by(ref.unit, asked=asked, to_use=balance, now=now, day=on)
        raise PrepaymentTooSmall(unit=ref.unit, balance=format_amount(balance), asked=format_amount(asked))
