"""Charges of a small community that were added afterwards (补收), which is the shortest way to a credited charge."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from feedesk.models import Charge, table_of
from feedesk.money import Fen
from feedesk.ops.adjusting import ChargeAdded, add_charge
from feedesk.ops.run import Workplace
from feedesk.periods import Period
from feedesk.queries.verification import verify_everything
from tests.community import SmallCommunity

_charge = table_of(Charge)


def approved(community: SmallCommunity, approver: str | None = "样例经理") -> Workplace:
    """The sample supervisor, with somebody who approves."""
    return replace(community.workplace, approver=approver)


def added(
    community: SmallCommunity,
    account: int,
    amount: int,
    period: str = "2026-11",
    item: str = "物业费",
    due: date | None = None,
) -> ChargeAdded:
    """A charge added for an account."""
    facts: dict[str, Any] = {"account": account, "item": item, "period": Period.parse(period), "due": due}
    return approved(community).run_op(add_charge, amount=Fen(amount), reason="漏算", **facts)


def charge_row(community: SmallCommunity, charge: int) -> dict[str, Any]:
    """A charge as stored."""
    with community.database.reading() as connection:
        return dict(connection.execute(select(_charge).where(_charge.c.id == charge)).one()._mapping)


def problems(community: SmallCommunity) -> tuple[object, ...]:
    """What verification finds."""
    return community.workplace.read(verify_everything).problems
