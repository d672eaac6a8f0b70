"""Disputes (争议): a charge that its payer contests is held, and released again once that is settled.

A held charge is not ticked by itself, and its late fee stands still from the day it was held to the day it was
released, both included. Neither posts anything; both leave an entry with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.errors import UserError
from feedesk.models import ChargeFreeze, table_of
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.single_charges import ChargeFacts, begin_office_entry, charges_at_hand, required_reason
from feedesk.queries.late_fees import charge_histories
from feedesk.texts import N_, _

_freeze = table_of(ChargeFreeze)


class NothingToDispute(UserError):
    message = N_("{name} of {unit} is not open: it is paid, cancelled or replaced, so there is nothing to dispute.")


class HeldAlready(UserError):
    message = N_("{name} of {unit} is held by a dispute already. Nothing was changed.")


class NotHeld(UserError):
    message = N_("{name} of {unit} is not held by a dispute. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class ChargesHeld:
    """Charges that a dispute holds from a day on, or up to it (``held`` False), both included."""

    entry: int
    charges: tuple[int, ...]
    on: date
    held: bool


@requires(Permission.HOLD_DISPUTES)
def hold_charge(act: Act, *, charges: Sequence[int], reason: str) -> ChargesHeld:
    """Holds open charges because they are contested. Raises `HeldAlready`, `NothingToDispute`, `UnknownCharge`."""
    why = required_reason(reason, _("A dispute"))
    found = charges_at_hand(act.connection, list(dict.fromkeys(charges)))
    held = _held(act, found)
    for one in found:
        if one.status != "open":
            raise NothingToDispute(name=one.name, unit=one.unit)
        if one.id in held:
            raise HeldAlready(name=one.name, unit=one.unit)
    return _store(act, found, "dispute", why, begins=True)


@requires(Permission.HOLD_DISPUTES)
def release_charge(act: Act, *, charges: Sequence[int], reason: str) -> ChargesHeld:
    """Ends the dispute that holds charges. Raises `NotHeld`, `UnknownCharge`, `ChangeReasonMissing`."""
    why = required_reason(reason, _("The end of a dispute"))
    found = charges_at_hand(act.connection, list(dict.fromkeys(charges)))
    held = _held(act, found)
    for one in found:
        if one.id not in held:
            raise NotHeld(name=one.name, unit=one.unit)
    return _store(act, found, "dispute_end", why, begins=False)


def _held(act: Act, charges: Sequence[ChargeFacts]) -> set[int]:
    """Of these charges, those that the latest word says are held."""
    histories = charge_histories(act.connection, on=date.max, frozen=[one.id for one in charges])
    return {charge for charge, history in histories.items() if history.is_frozen}


def _store(act: Act, charges: Sequence[ChargeFacts], kind: str, reason: str, *, begins: bool) -> ChargesHeld:
    draft = begin_office_entry(act, kind, reason)
    for one in charges:
        draft.add(_freeze, {"charge_id": one.id, "begins": begins, "on_date": act.business_date})
    sealed = draft.seal([])
    return ChargesHeld(sealed.id, tuple(one.id for one in charges), act.business_date, begins)
