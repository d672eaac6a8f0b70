"""Second signatures (签认): the next cashier takes a counted shift over or refuses it, a second person reviews the day.

Neither moves money: the count stands as it was taken. What is refused is settled between the two and a supervisor;
the refusal and its reason stay in the ledger and on the daily summary.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.errors import UserError
from feedesk.ledger.posting import begin_entry
from feedesk.models import ShiftSignOff, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.sign_offs import ClosedShift, SignOffKind, Thing, closed_shift
from feedesk.texts import N_

_sign_off = table_of(ShiftSignOff)
_ENTRY_KINDS = {SignOffKind.HAND_OVER: "hand_over", SignOffKind.REVIEW: "shift_review"}


class ShiftNotCounted(UserError):
    message = N_("That shift is not closed yet: count the drawer and close it first.")


class OwnShift(UserError):
    message = N_("{name} cannot sign for a shift of their own: a second person must.")


class AlreadySigned(UserError):
    message = N_("{name} has signed for this already, at {at}.")


class CountDiffers(UserError):
    message = N_(
        "You counted {counted}, the closing count says {closing}. Count again together, or refuse and say why. "
        "Nothing was changed."
    )


class ReasonMissing(UserError):
    message = N_("Say why it is refused.")


class ThingNotCounted(UserError):
    message = N_("How many of “{name}” change hands? Type a number from 0.")


@dataclass(frozen=True, slots=True)
class SignedOff:
    """A signature given. ``counted`` in fen."""

    shift: int
    cashier: str
    by: str
    accepted: bool
    counted: Fen


@requires(Permission.RUN_SHIFT)
def take_over(
    act: Act,
    *,
    shift: int,
    counted: Fen | None = None,
    things: Sequence[Thing] = (),
    accepted: bool = True,
    remark: str = "",
) -> SignedOff:
    """The actor takes a closed shift's cash and things over, or refuses to; without ``counted`` at the closing count.

    Raises `ShiftNotCounted`, `OwnShift`, `AlreadySigned`, `CountDiffers`, `ReasonMissing`, `ThingNotCounted`.
    """
    found = _to_be_signed(act, shift, SignOffKind.HAND_OVER)
    amount = found.counted if counted is None else counted
    if accepted and amount != found.counted:
        raise CountDiffers(counted=format_amount(amount), closing=format_amount(found.counted))
    remark = " ".join(remark.split())
    if not accepted and not remark:
        raise ReasonMissing
    for thing in things:
        if thing.count < 0 or not thing.name.strip():
            raise ThingNotCounted(name=thing.name.strip())
    return _store(act, found, SignOffKind.HAND_OVER, amount, tuple(things), accepted=accepted, remark=remark)


@requires(Permission.REVIEW_CASHIERS)
def review_shift(act: Act, *, shift: int, remark: str = "") -> SignedOff:
    """The actor signs as the second person that a cashier's shift was looked through (复核), before its day is closed.

    Raises `ShiftNotCounted`, `OwnShift`, `AlreadySigned`, `DayIsClosed`.
    """
    found = _to_be_signed(act, shift, SignOffKind.REVIEW)
    words = " ".join(remark.split())
    return _store(act, found, SignOffKind.REVIEW, found.counted, (), accepted=True, remark=words)


def _to_be_signed(act: Act, shift: int, kind: SignOffKind) -> ClosedShift:
    found = closed_shift(act.connection, shift)
    if found is None:
        raise ShiftNotCounted
    if found.cashier_id == act.actor.id:
        raise OwnShift(name=act.actor.name)
    for one in found.sign_offs:
        if one.kind is kind and one.accepted:
            raise AlreadySigned(name=one.by, at=one.at.strftime("%Y-%m-%d %H:%M"))
    return found


def _store(
    act: Act,
    shift: ClosedShift,
    kind: SignOffKind,
    counted: Fen,
    things: tuple[Thing, ...],
    *,
    accepted: bool,
    remark: str,
) -> SignedOff:
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind=_ENTRY_KINDS[kind],
        business_date=_booked_on(act, shift, kind),
        recorded_at=act.now,
        actor_id=act.actor.id,
        shift_id=shift.id,
        reason=remark,
    )
    rows = [[thing.name.strip(), thing.count] for thing in things]
    draft.add(
        _sign_off,
        {
            "shift_id": shift.id,
            "kind": kind.value,
            "accepted": accepted,
            "counted": counted,
            "things": json.dumps(rows, ensure_ascii=False, separators=(",", ":")),
            "remark": remark,
        },
    )
    draft.seal([])
    return SignedOff(shift.id, shift.cashier, act.actor.name, accepted, counted)


def _booked_on(act: Act, shift: ClosedShift, kind: SignOffKind) -> date:
    """A review belongs to the day it reviews; the next cashier often comes on the next morning, after its close."""
    return shift.business_date if kind is SignOffKind.REVIEW else max(shift.business_date, act.business_date)
