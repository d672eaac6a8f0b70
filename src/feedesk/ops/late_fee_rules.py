"""Setting what late payment costs: rules with their days, the LPR table, and the agreed order of payment.

A rule by which late fees were collected, waived or fixed stays as it is: a change begins with a version of its own
from a day on. To end a rule is a version too, one without a rate. Everything is noted in the audit trail.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import FeeItem, LateFeeRule, LprRate, Setting, table_of
from feedesk.money import ZERO, Fen, decimal_text
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.published_lpr import store_published_rates
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.desk import ALLOCATION_ORDER, AgreedOrder
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.late_fee_rules import is_rule_used
from feedesk.rules.allocation import AllocationOrder
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.rules.late_fees import LateFeeStart
from feedesk.texts import N_

_rule, _lpr, _item, _setting = (table_of(model) for model in (LateFeeRule, LprRate, FeeItem, Setting))

HIGHEST_DAILY = Fraction(1, 100)
"""A late fee of 1 % a day cannot be meant; courts cut far lower ones (合同编通则解释 art. 65)."""
HIGHEST_MULTIPLE = 10
LARGEST_CAP = 10


class RateNeeded(UserError):
    message = N_("A late-fee rule needs either a rate a day or a multiple of the LPR, greater than zero.")


class RateTooHigh(UserError):
    message = N_("A late fee of {percent} % a day cannot be meant: write 0.0005 for five per ten thousand.")


class MultipleTooHigh(UserError):
    message = N_("{multiple} times the LPR cannot be meant: a court grants at most four times.")


class TermsDoNotFit(UserError):
    message = N_("Days of grace lie between 0 and 366, the limit above 0 and at most {largest} times the principal.")


class RuleBegins(UserError):
    message = N_("{item} has a late-fee rule that begins on {day} already: change that one, or choose another day.")


class RuleInUse(UserError):
    message = N_(
        "Late fees were collected or waived by the rule of {item} from {day}: it stays as it is. "
        "Begin a new one on a later day."
    )


class UnknownRule(UserError):
    message = N_("This late-fee rule is not in the ledger any more: look at the list again.")


class NoRuleToEnd(UserError):
    message = N_("No late-fee rule of {item} is in force on {day}: there is nothing to end.")


class RateDoesNotFit(UserError):
    message = N_("An LPR lies between 0 and 30 % a year: {percent} % cannot be meant.")


class RatePublished(UserError):
    message = N_("The LPR of {day} is in the table already: take it out first if it is wrong.")


class ClauseNeeded(UserError):
    message = N_("Name the clause of the contract that agrees on this order of payment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTerms:
    """What a rule says, before it has a fee item and a first day; ``minimum`` in fen, ``cap`` a share of principal."""

    daily_rate: Fraction | None = None
    lpr_multiple: Fraction | None = None
    grace_days: int = 0
    cap: Fraction = Fraction(1)
    minimum: Fen = ZERO
    start: LateFeeStart = LateFeeStart.NEXT_DAY
    clause: str = ""

    def check(self) -> None:
        """Raises `RateNeeded`, `RateTooHigh`, `MultipleTooHigh` or `TermsDoNotFit`."""
        if bool(self.daily_rate) == bool(self.lpr_multiple) or (self.daily_rate or self.lpr_multiple or 0) < 0:
            raise RateNeeded
        if (self.daily_rate or 0) >= HIGHEST_DAILY:
            raise RateTooHigh(percent=decimal_text((self.daily_rate or Fraction(0)) * 100))
        if (self.lpr_multiple or 0) > HIGHEST_MULTIPLE:
            raise MultipleTooHigh(multiple=decimal_text(self.lpr_multiple or Fraction(0)))
        if not (0 <= self.grace_days <= 366 and 0 < self.cap <= LARGEST_CAP and self.minimum >= 0):
            raise TermsDoNotFit(largest=LARGEST_CAP)

    def values(self) -> dict[str, Any]:
        """As the table keeps them."""
        return {
            "daily_rate": self.daily_rate or None,
            "lpr_multiple": self.lpr_multiple or None,
            "grace_days": self.grace_days,
            "cap": self.cap,
            "minimum": self.minimum,
            "starts": self.start.value,
            "clause": self.clause.strip(),
        }


_ITEM_KEY = select(_item.c.id).where(_item.c.name == bindparam("name"))
_RULE = (
    select(_rule, _item.c.name.label("item"))
    .outerjoin(_item, _item.c.id == _rule.c.fee_item_id)
    .where(_rule.c.id == bindparam("rule"))
)


@requires(Permission.CHANGE_PRICES)
def add_late_fee_rule(act: Act, *, item: str, terms: RuleTerms, valid_from: date) -> int:
    """Begins a rule for a fee item, or for 全部, on a day; returns its key.

    Raises `UnknownFeeItem`, `RuleBegins`, and what `RuleTerms.check` raises.
    """
    terms.check()
    key = _insert(act, item, terms.values(), valid_from)
    _audit(act, "add_late_fee_rule", item, {**terms.values(), "valid_from": valid_from})
    return key


@requires(Permission.CHANGE_PRICES)
def change_late_fee_rule(act: Act, *, rule: int, terms: RuleTerms) -> None:
    """Changes what a rule says, while nothing was collected or waived by it. Raises `UnknownRule`, `RuleInUse` …"""
    terms.check()
    row = _unused(act.connection, rule)
    act.connection.execute(update(_rule).where(_rule.c.id == rule).values(**terms.values()))
    _audit(act, "change_late_fee_rule", row.item or ALL_ITEMS, {**terms.values(), "valid_from": row.valid_from})


@requires(Permission.CHANGE_PRICES)
def remove_late_fee_rule(act: Act, *, rule: int) -> None:
    """Takes a rule out, while nothing was collected or waived by it. Raises `UnknownRule`, `RuleInUse`."""
    row = _unused(act.connection, rule)
    act.connection.execute(delete(_rule).where(_rule.c.id == rule))
    _audit(act, "remove_late_fee_rule", row.item or ALL_ITEMS, {"valid_from": row.valid_from})


@requires(Permission.CHANGE_PRICES)
def end_late_fee_rule(act: Act, *, item: str, last_day: date) -> int:
    """Ends the rule of a fee item, or of 全部: no late fee for the days after ``last_day``. Raises `NoRuleToEnd`."""
    key = _item_key(act.connection, item)
    in_force = (
        select(_rule)
        .where(_rule.c.fee_item_id.is_(None) if key is None else _rule.c.fee_item_id == key)
        .where(_rule.c.valid_from <= last_day)
        .order_by(_rule.c.valid_from.desc())
        .limit(1)
    )
    row = act.connection.execute(in_force).one_or_none()
    if row is None or (row.daily_rate is None and row.lpr_multiple is None):
        raise NoRuleToEnd(item=item, day=last_day.isoformat())
    names = ("grace_days", "cap", "minimum", "starts", "clause")
    values = {"daily_rate": None, "lpr_multiple": None, **{name: row._mapping[name] for name in names}}
    created = _insert(act, item, values, last_day + timedelta(days=1))
    _audit(act, "end_late_fee_rule", item, {"last_day": last_day})
    return created


@requires(Permission.CHANGE_PRICES)
def add_lpr_rate(act: Act, *, published_on: date, yearly: Fraction) -> None:
    """Adds a published one-year LPR: 0.03 is 3 % a year. Raises `RateDoesNotFit`, `RatePublished`."""
    if not 0 < yearly <= Fraction(30, 100):
        raise RateDoesNotFit(percent=decimal_text(yearly * 100))
    if act.connection.execute(select(_lpr.c.id).where(_lpr.c.published_on == published_on)).first() is not None:
        raise RatePublished(day=published_on.isoformat())
    act.connection.execute(insert(_lpr), {"published_on": published_on, "yearly": yearly})
    _audit(act, "add_lpr_rate", "LPR", {"published_on": published_on, "yearly": yearly})


@requires(Permission.CHANGE_PRICES)
def remove_lpr_rate(act: Act, *, published_on: date) -> None:
    """Takes a rate out of the table that does not belong there."""
    act.connection.execute(delete(_lpr).where(_lpr.c.published_on == published_on))
    _audit(act, "remove_lpr_rate", "LPR", {"published_on": published_on})


@requires(Permission.CHANGE_PRICES)
def load_published_lpr(act: Act) -> int:
    """Adds the rates that come with the program and are not in the table yet; returns how many."""
    count = store_published_rates(act.connection)
    if count:
        _audit(act, "load_published_lpr", "LPR", {"added": count})
    return count


@requires(Permission.CHANGE_PRICES)
def agree_on_payment_order(act: Act, *, order: AllocationOrder, clause: str) -> AgreedOrder:
    """Sets which debts a payment settles first (约定抵充) and the contract clause that says so.

    Raises `ClauseNeeded` for another order than the usual one without a clause.
    """
    if order is not AllocationOrder.PRINCIPAL_FIRST and not clause.strip():
        raise ClauseNeeded
    agreed = AgreedOrder(order, clause.strip())
    value = json.dumps({"order": agreed.order.value, "clause": agreed.clause}, ensure_ascii=False)
    act.connection.execute(delete(_setting).where(_setting.c.key == ALLOCATION_ORDER))
    act.connection.execute(insert(_setting), {"key": ALLOCATION_ORDER, "value": value})
    _audit(act, "agree_on_payment_order", f"setting:{ALLOCATION_ORDER}", {"order": order.value, "clause": clause})
    return agreed


def _insert(act: Act, item: str, values: dict[str, Any], valid_from: date) -> int:
    key = _item_key(act.connection, item)
    same = _rule.c.fee_item_id.is_(None) if key is None else _rule.c.fee_item_id == key
    if act.connection.execute(select(_rule.c.id).where(same, _rule.c.valid_from == valid_from)).first() is not None:
        raise RuleBegins(item=item, day=valid_from.isoformat())
    row = {**values, "fee_item_id": key, "valid_from": valid_from}
    return inserted_key(act.connection.execute(insert(_rule), row))


def _item_key(connection: Connection, item: str) -> int | None:
    if item == ALL_ITEMS:
        return None
    key: int | None = connection.execute(_ITEM_KEY, {"name": item}).scalar()
    if key is None:
        raise UnknownFeeItem(item=item)
    return key


def _unused(connection: Connection, rule: int) -> Any:
    row = connection.execute(_RULE, {"rule": rule}).one_or_none()
    if row is None:
        raise UnknownRule
    if is_rule_used(connection, item=row.fee_item_id, since=row.valid_from):
        raise RuleInUse(item=row.item or ALL_ITEMS, day=row.valid_from.isoformat())
    return row


def _audit(act: Act, action: str, subject: str, facts: dict[str, Any]) -> None:
    detail = json.dumps({name: str(value) for name, value in facts.items() if value is not None}, ensure_ascii=False)
    record_audit(act, action=action, subject=subject, detail=detail)
