"""What a payment or waiver does to a charge: what is paid and waived of it, its status, and its late fee's standstill.

A charge is settled once neither principal nor late fee is owed. The entry that settles the last of the principal
keeps what the late fee had come to (`feedesk.models.LateFeeStop`), for from then on it stands still, whatever becomes
of the rules; an entry after which principal is owed again takes that back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, case, func, select, update

from feedesk.ledger.posting import EntryDraft
from feedesk.ledger.prepared import Prepared
from feedesk.models import Charge, LateFeeStop, table_of
from feedesk.money import ZERO, Fen
from feedesk.queries.statement import StatementCharge

_charge, _stop = table_of(Charge), table_of(LateFeeStop)

_MOVE = Prepared(
    update(_charge)
    .where(_charge.c.id == bindparam("charge"))
    .values(
        paid=_charge.c.paid + bindparam("more_paid"),
        late_fee_paid=_charge.c.late_fee_paid + bindparam("more_late_fee_paid"),
        waived=_charge.c.waived + bindparam("more_waived"),
        late_fee_waived=_charge.c.late_fee_waived + bindparam("more_late_fee_waived"),
        status=bindparam("new_status"),
    )
)
_GIVE_BACK = (
    update(_charge)
    .where(_charge.c.id == bindparam("charge"))
    .values(
        paid=_charge.c.paid + bindparam("principal"),
        late_fee_paid=_charge.c.late_fee_paid + bindparam("late_fee"),
        # Whatever was paid of it is owed again, unless the charge was cancelled or replaced meanwhile.
        status=case(
            (_charge.c.status == "cancelled", "cancelled"), (_charge.c.status == "replaced", "replaced"), else_="open"
        ),
    )
)
_PRINCIPAL_SETTLED = select(_charge.c.id).where(
    _charge.c.id.in_(bindparam("charges", expanding=True)),
    _charge.c.gross - _charge.c.discount - _charge.c.waived - _charge.c.paid == 0,
)
_STOPPED = (
    select(_stop.c.charge_id, func.sum(_stop.c.amount).label("amount"))
    .where(_stop.c.charge_id.in_(bindparam("charges", expanding=True)))
    .group_by(_stop.c.charge_id)
    .having(func.sum(_stop.c.amount) != 0)
    .order_by(_stop.c.charge_id)
)


@dataclass(frozen=True, slots=True)
class ChargeMove:
    """What an entry pays or gives up of a charge, in fen. ``charge`` stands as on the entry's business date."""

    charge: StatementCharge
    paid: Fen = ZERO
    late_fee_paid: Fen = ZERO
    waived: Fen = ZERO
    late_fee_waived: Fen = ZERO

    @property
    def principal_left(self) -> Fen:
        return Fen(self.charge.principal - self.paid - self.waived)

    @property
    def late_fee_left(self) -> Fen:
        return Fen(self.charge.late_fee_due - self.late_fee_paid - self.late_fee_waived)

    @property
    def status(self) -> str:
        return "open" if self.principal_left or self.late_fee_left else "settled"

    @property
    def stops_late_fee(self) -> bool:
        """Whether the last of the principal goes now."""
        return bool(self.charge.principal) and not self.principal_left


def move_charges(draft: EntryDraft, moves: Sequence[ChargeMove]) -> None:
    """Moves charges as part of an entry, and notes what late fees had come to where they stand still from now on."""
    if not moves:
        return
    _MOVE.run_many(
        draft.connection,
        [
            {
                "charge": move.charge.id,
                "more_paid": move.paid,
                "more_late_fee_paid": move.late_fee_paid,
                "more_waived": move.waived,
                "more_late_fee_waived": move.late_fee_waived,
                "new_status": move.status,
            }
            for move in moves
        ],
    )
    for move in moves:
        if move.stops_late_fee and move.charge.late_fee_accrued:
            draft.add(_stop, {"charge_id": move.charge.id, "amount": move.charge.late_fee_accrued})


def give_back(draft: EntryDraft, returned: Mapping[int, tuple[int, int]]) -> None:
    """Makes charges owed again: charge → (principal, late fee), both zero or negative; late fees run on."""
    if not returned:
        return
    reopened = _reopened(draft.connection, [charge for charge, (principal, _late) in returned.items() if principal])
    draft.connection.execute(
        _GIVE_BACK,
        [
            {"charge": charge, "principal": principal, "late_fee": late_fee}
            for charge, (principal, late_fee) in returned.items()
        ],
    )
    for row in draft.connection.execute(_STOPPED, {"charges": reopened}).all() if reopened else ():
        draft.add(_stop, {"charge_id": row.charge_id, "amount": -int(row.amount)})


def _reopened(connection: Connection, charges: Sequence[int]) -> list[int]:
    """Of these charges, those whose principal is settled now and will not be."""
    return list(connection.execute(_PRINCIPAL_SETTLED, {"charges": charges}).scalars()) if charges else []
