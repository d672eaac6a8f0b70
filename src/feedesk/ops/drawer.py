"""Cash into and out of a drawer beside payments: petty cash (零星支出) and change money (零钱)."""

from dataclasses import dataclass

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.chart import AccountKind
from feedesk.ledger.posting import PostingLine, begin_entry
from feedesk.models import CashMovement, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.shifts import drawer_cash
from feedesk.rules.drawer import SIGNS, Movement
from feedesk.texts import N_

_movement = table_of(CashMovement)
_AGAINST: dict[Movement, AccountKind] = {
    Movement.PETTY_CASH: chart.PETTY_CASH,
    Movement.CHANGE_IN: chart.IMPREST,
    Movement.CHANGE_OUT: chart.IMPREST,
}


class PurposeMissing(UserError):
    message = N_("Say what the cash is for.")


class MovementNotPositive(UserError):
    message = N_("The amount must be more than zero; {amount} was given.")


class FloatTooSmall(UserError):
    message = N_(
        "Only {left} of the float is left in the drawer: {amount} cannot come out of it, and takings may not be spent "
        "(坐支). Fetch change money first."
    )


@dataclass(frozen=True, slots=True)
class CashMoved:
    """Cash moved; ``float_left`` of 备用金 is in the drawer now, in fen."""

    entry: int
    kind: Movement
    amount: Fen
    float_left: Fen


@requires(Permission.RUN_SHIFT)
def move_cash(act: Act, *, kind: Movement, amount: Fen, purpose: str, till: int = 1) -> CashMoved:
    """Moves cash into or out of the drawer of a till with an open shift.

    Raises `ShiftNotOpen`, `PurposeMissing`, `MovementNotPositive`, `FloatTooSmall`.
    """
    if amount <= 0:
        raise MovementNotPositive(amount=format_amount(amount))
    if not purpose.strip():
        raise PurposeMissing
    shift = shift_to_act_in(act, till)
    signed = SIGNS[kind] * amount
    left = drawer_cash(act.connection, shift.id, till).float_left
    if left + signed < 0:
        raise FloatTooSmall(left=format_amount(left), amount=format_amount(amount))
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind=kind.value,
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        shift_id=shift.id,
        reason=purpose.strip(),
    )
    draft.add(
        _movement,
        {"shift_id": shift.id, "kind": kind.value, "amount": amount, "purpose": purpose.strip()},
    )
    entry = draft.seal([PostingLine(chart.till_cash(till), Fen(signed)), PostingLine(_AGAINST[kind], Fen(-signed))])
    return CashMoved(entry.id, kind, amount, Fen(left + signed))
