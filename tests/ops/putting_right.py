"""A desk where payments are put right: two homes that owe, 500.00 in the drawer, a manager who approves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.queries.desk import required_shift
from feedesk.queries.shifts import drawer_cash, shift_takings
from feedesk.queries.statement import statement
from feedesk.queries.takings import day_takings
from feedesk.queries.verification import verify_everything
from tests.community import TODAY, SmallCommunity, open_desk, small_community

Result = TypeVar("Result")


@dataclass(slots=True)
class Office:
    """``run`` acts as the cashier's supervisor with the manager's approval, ``alone`` without."""

    community: SmallCommunity
    home: int
    other: int

    @property
    def seat(self) -> Workplace:
        return replace(self.community.workplace, approver="样例经理")

    def run(self, op: Callable[..., Result], *, on: date | None = None, **facts: Any) -> Result:
        seat = self.seat if on is None else replace(self.seat, today=on)
        return seat.run_op(op, **facts)

    def alone(self, op: Callable[..., Result], **facts: Any) -> Result:
        return self.community.run(op, **facts)

    def as_cashier(self, op: Callable[..., Result], *, approver: str | None = "样例经理", **facts: Any) -> Result:
        return replace(self.community.workplace, actor="样例收费员", approver=approver).run_op(op, **facts)

    def pay(self, *tenders: TenderGiven, account: int | None = None, on: date | None = None, **facts: Any) -> str:
        """Takes a payment of the home; its receipt."""
        seat = self.community.workplace if on is None else replace(self.community.workplace, today=on)
        return seat.run_op(collect_payment, account=account or self.home, tenders=tenders, **facts).receipt

    def owed(self, account: int, on: date = TODAY) -> int:
        return self.seat.read(statement, account=account, on=on).total_due

    def expected(self) -> int:
        """What should lie in the drawer now."""
        return int(self.seat.read(_expected))

    def takings(self, on: date = TODAY) -> dict[str, Fen]:
        return self.seat.read(day_takings, day=on).by_tender()

    def shift_takings(self) -> dict[str, Fen]:
        return self.seat.read(_shift_takings)

    def next_shift(self, on: date = TODAY, opening_float: int = 50000) -> None:
        """The shift ends as expected, the next begins."""
        self.run(close_shift, on=on)
        self.run(open_shift, on=on, opening_float=Fen(opening_float))

    def assert_sound(self) -> None:
        assert self.seat.read(verify_everything).problems == ()


def _expected(connection: Any) -> Fen:
    shift = required_shift(connection, 1)
    return drawer_cash(connection, shift.id, 1).expected


def _shift_takings(connection: Any) -> dict[str, Fen]:
    return shift_takings(connection, required_shift(connection, 1).id)


def office(database: Database) -> Office:
    """1-1-101 owes 物业费 of three months (100.00, 200.00, 300.00) and 水费 48.64; 1-1-102 owes 物业费 250.00."""
    community = small_community(database)
    home = community.unit("1-1-101")
    other = community.unit("1-1-102", resident="李样", pinyin="li yang", phone="12000006622")
    for month, amount in (("2026-09", 10000), ("2026-10", 20000), ("2026-11", 30000)):
        community.charge(home, "物业费", month, amount)
    community.charge(home, "水费", "2026-10", 4864)
    community.charge(other, "物业费", "2026-10", 25000)
    open_desk(community, Fen(50000))
    return Office(community, home, other)


def tender(code: str, amount: int, reference: str | None = None) -> TenderGiven:
    return TenderGiven(code, Fen(amount), reference)
