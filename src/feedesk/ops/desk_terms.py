"""Setting what holds at every desk of a ledger. Each change is in force at once, for what is done from then on.

Payments keep the change and 抹零 they were taken with, so that a drawer's figures do not move with a setting.
"""

import json
from typing import Any

from sqlalchemy import delete, insert, select, update

from feedesk.errors import UserError
from feedesk.models import Setting, Shift, Staff, Tender, Till, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.desk import tenders
from feedesk.queries.desk_terms import (
    BLIND_COUNT,
    CHANGE_STEP,
    OVER_SHORT_LIMIT,
    REFERENCES_REQUIRED,
    TICKED,
    TRANSIT_DAYS,
    WITHOUT_REFERENCE,
    change_step,
    is_count_blind,
    over_short_limit,
    reference_rules,
    references_required,
    ticked_at_opening,
    transit_days,
)
from feedesk.rules.desk_terms import MOST_TRANSIT_DAYS, ReferenceRule, Ticked
from feedesk.rules.tenders import ChangeStep
from feedesk.texts import N_

_setting, _tender, _shift, _till, _staff = (table_of(model) for model in (Setting, Tender, Shift, Till, Staff))
_OPEN = (
    select(_till.c.name.label("till"), _staff.c.name.label("cashier"))
    .select_from(_shift)
    .join(_till, _till.c.id == _shift.c.till_id)
    .join(_staff, _staff.c.id == _shift.c.cashier_id)
    .where(_shift.c.is_open)
    .order_by(_till.c.number)
)


class ShiftStillCountsBlind(UserError):
    message = N_(
        "{till} has {cashier}'s shift open, whose drawer is still to be counted: hand that shift over first, then the "
        "blind count can be switched off. Nothing was changed."
    )


class LimitNegative(UserError):
    message = N_("A difference of {amount} cannot be a limit: type 0.00 or more.")


class NotTransitDays(UserError):
    message = N_("Cash may be on its way to the bank for 0 to {most} days, not {days}. Nothing was changed.")


class NoReferenceThere(UserError):
    message = N_("“{tender}” has no reference of a channel: choose another way of paying.")


@requires(Permission.CHANGE_SETTINGS)
def set_change_step(act: Act, *, step: ChangeStep) -> ChangeStep:
    """Sets the smallest coin of change (找零单位): change is rounded up to it, the difference is 抹零.

    Also while shifts are open: each payment keeps its own 抹零, and a desk that still showed other change is refused.
    """
    _keep(act, CHANGE_STEP, before=int(change_step(act.connection)), value=int(step))
    return step


@requires(Permission.CHANGE_SETTINGS)
def set_ticked(act: Act, *, ticked: Ticked) -> Ticked:
    """Sets which charges are ticked when an account is opened."""
    _keep(act, TICKED, before=ticked_at_opening(act.connection).value, value=ticked.value)
    return ticked


@requires(Permission.CHANGE_SETTINGS)
def set_blind_count(act: Act, *, blind: bool) -> bool:
    """Sets whether drawers are counted before it is shown what they should hold.

    Not switched off while a shift is open: whoever counts that drawer would see the figure first. Raises
    `ShiftStillCountsBlind`.
    """
    before = is_count_blind(act.connection)
    running = act.connection.execute(_OPEN).first() if before and not blind else None
    if running is not None:
        raise ShiftStillCountsBlind(till=running.till, cashier=running.cashier)
    _keep(act, BLIND_COUNT, before=before, value=blind)
    return blind


@requires(Permission.CHANGE_SETTINGS)
def set_over_short_limit(act: Act, *, limit: Fen | None) -> Fen | None:
    """Sets from which difference on a drawer is handed over with a reason only; None: never. Raises `LimitNegative`."""
    if limit is not None and limit < 0:
        raise LimitNegative(amount=format_amount(limit))
    _keep(act, OVER_SHORT_LIMIT, before=over_short_limit(act.connection), value=limit)
    return limit


@requires(Permission.CHANGE_SETTINGS)
def set_transit_days(act: Act, *, days: int) -> int:
    """Sets for how many days counted cash may wait for the bank's slip before a day's close says so.

    0: it is paid in the same day. Raises `NotTransitDays`.
    """
    if not 0 <= days <= MOST_TRANSIT_DAYS:
        raise NotTransitDays(days=days, most=MOST_TRANSIT_DAYS)
    _keep(act, TRANSIT_DAYS, before=transit_days(act.connection), value=days)
    return days


@requires(Permission.CHANGE_SETTINGS)
def set_reference_rule(act: Act, *, tender: str, rule: ReferenceRule) -> ReferenceRule:
    """Sets whether a way of paying asks for a reference, or takes no money without one. Raises `NoReferenceThere`."""
    row = tenders(act.connection).get(tender)
    if row is None or row.kind in WITHOUT_REFERENCE:
        raise NoReferenceThere(tender=row.name if row is not None else tender)
    before = reference_rules(act.connection)[tender]
    asks = rule is not ReferenceRule.NOT_ASKED
    act.connection.execute(update(_tender).where(_tender.c.id == row.id).values(asks_reference=asks))
    required = references_required(act.connection) - {tender}
    if rule is ReferenceRule.REQUIRED:
        required |= {tender}
    _store(act, REFERENCES_REQUIRED, sorted(required))
    _note(act, REFERENCES_REQUIRED, before=before.value, value=rule.value, tender=tender)
    return rule


def _keep(act: Act, key: str, *, before: Any, value: Any) -> None:
    if value != before:
        _store(act, key, value)
        _note(act, key, before=before, value=value)


def _store(act: Act, key: str, value: Any) -> None:
    act.connection.execute(delete(_setting).where(_setting.c.key == key))
    act.connection.execute(insert(_setting), {"key": key, "value": json.dumps(value, ensure_ascii=False)})


def _note(act: Act, key: str, **facts: Any) -> None:
    record_audit(act, action="change_setting", subject=f"setting:{key}", detail=json.dumps(facts, ensure_ascii=False))
