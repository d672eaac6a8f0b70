"""Whose drawer it is: money moves in a shift by its own cashier, or by a supervisor, whom the papers then name too.

Somebody else may sit down at an open till, look things up and print; the shift stays the first one's until it is
closed and handed over, so that one person answers for one drawer.
"""

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.permissions import Permission
from feedesk.ops.run import Act
from feedesk.queries.desk import OpenShift, required_shift
from feedesk.queries.shifts import drawer_cash
from feedesk.texts import N_, _


class NotYourShift(UserError):
    message = N_(
        "The shift at {till} is {cashier}'s: only {cashier} or a supervisor moves money in it. "
        "Close it and hand it over first. Nothing was changed."
    )


class DrawerTooEmpty(UserError):
    message = N_("There is not as much cash in the drawer: fetch change money first, or give it back another way.")


def shift_to_act_in(act: Act, till: int) -> OpenShift:
    """The shift open at a till, if the actor may move money in it. Raises `ShiftNotOpen`, `NotYourShift`."""
    shift = required_shift(act.connection, till)
    check_own_shift(act, shift)
    return shift


def check_own_shift(act: Act, shift: OpenShift) -> None:
    """Raises `NotYourShift` unless it is the actor's own or the actor supervises."""
    if shift.cashier_id != act.actor.id and not act.actor.may(Permission.ACT_IN_ANOTHERS_SHIFT):
        raise NotYourShift(till=shift.till_name, cashier=shift.cashier)


def check_drawer(connection: Connection, shift: OpenShift, amount: Fen) -> None:
    """Cash can only be given out of what lies in the drawer. Raises `DrawerTooEmpty`."""
    if drawer_cash(connection, shift.id, shift.till_number).expected < amount:
        raise DrawerTooEmpty


def cashier_on_paper(act: Act, shift: OpenShift) -> str:
    """Who a paper names as its cashier: who acted, and in somebody else's shift that person too."""
    if shift.cashier_id == act.actor.id:
        return act.actor.name
    return _("{name}, in {cashier}'s shift").format(name=act.actor.name, cashier=shift.cashier)
