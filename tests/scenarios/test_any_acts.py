"""Any acts in any order: whatever is done at two tills and in the office, the ledger holds.

Each act is either done or refused with a reason, and then nothing has changed. ``FEEDESK_ANY_ACTS=1000`` tells more
and longer stories than a test run does.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.adjusting import add_charge, reduce_charge
from feedesk.ops.banking import pay_cash_in, take_slip_back
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.closing import close_day, reopen_day
from feedesk.ops.collecting import AdvanceWish, collect_payment
from feedesk.ops.conceding import add_policy
from feedesk.ops.desk_terms import set_blind_count, set_change_step, set_over_short_limit, set_reference_rule
from feedesk.ops.disputing import hold_charge, release_charge
from feedesk.ops.drawer import move_cash
from feedesk.ops.interim import take_x_report
from feedesk.ops.moving import Carried, Newcomer, change_hands
from feedesk.ops.moving_back import undo_change_of_hands
from feedesk.ops.offsetting import offset_account, reverse_offset
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.referencing import add_reference
from feedesk.ops.refund_parts import lines_to_choose
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment, refund_prepayment
from feedesk.ops.refunding_months import preview_months_back, refund_months
from feedesk.ops.releasing import release_revenue
from feedesk.ops.replacing import Part, merge_charges, split_charge
from feedesk.ops.requesting import (
    approve_request,
    carry_out_request,
    refuse_request,
    request_decision,
    withdraw_request,
)
from feedesk.ops.run import Workplace
from feedesk.ops.selling import SaleWish, sell
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.ops.waiving import waive
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.ops.wishes import Wish
from feedesk.periods import Period
from feedesk.queries.correctable import receipt_left
from feedesk.queries.price_list import price_list
from feedesk.queries.references import missing_references
from feedesk.queries.requests import RequestKind
from feedesk.queries.shifts import drawer_cash
from feedesk.queries.statement import StatementCharge, statement
from feedesk.queries.strangers import strangers_deposits
from feedesk.queries.unclaimed import open_unclaimed
from feedesk.queries.verification import verify_everything
from feedesk.rules.allocation import DebtPart, is_current_or_earlier
from feedesk.rules.desk_terms import ReferenceRule
from feedesk.rules.drawer import Movement
from feedesk.rules.policy_terms import PolicyTerms
from feedesk.rules.tenders import ChangeStep
from tests.databases import copied, make_template
from tests.scenarios.small_desk import (
    ACCOUNTS,
    FIRST_DAY,
    TILLS,
    assert_balanced,
    assert_day_figures,
    small_desk,
    whole_content,
    worked_days,
)

Result = TypeVar("Result")
TOLD = int(os.environ.get("FEEDESK_ANY_ACTS", "0"))

accounts, tills, amounts = st.sampled_from(ACCOUNTS), st.sampled_from(TILLS), st.integers(1, 60000).map(Fen)
some = st.integers(0, 30)
"""Which of the receipts, charges and so on that there are."""
months = st.sampled_from(["2026-10", "2026-11", "2026-12", "2026Q4"]).map(Period.parse)
CHANNELS = ["wechat", "alipay", "card", "transfer"]
channels = st.sampled_from(CHANNELS)

_OPEN_AT = "SELECT s.id FROM shift s JOIN till t ON t.id = s.till_id WHERE s.is_open AND t.number = "
_OPEN = "WHERE status = 'open'"
_BALANCE = """SELECT COALESCE(SUM(p.amount), 0)
    FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id WHERE a.code = """


_PAID_AHEAD = """SELECT DISTINCT r.code FROM receipt r JOIN payment p ON p.id = r.payment_id
    JOIN charge c ON c.entry_id = p.entry_id WHERE p.kind = 'payment' ORDER BY r.code"""


class AnyActs(RuleBasedStateMachine):
    """Two tills and an office in which anything may be done next."""

    template: ClassVar[Path]
    folder: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        for before in self.folder.glob("ledger.sqlite*"):
            before.unlink()
        self.database = copied(self.template, self.folder / "ledger.sqlite")
        self.desk = Workplace(self.database, "样例主管", "样例经理", FIRST_DAY)
        self.references = 0

    def teardown(self) -> None:
        """In the evening the shifts are closed, and the days; then everything must add up, whatever was done."""
        try:
            for till in TILLS:
                self.act(close_shift, till=till)
            with self.database.reading() as connection:
                days = list(worked_days(connection))
            for day in days:
                self.act(close_day, date=day)
            with self.database.reading() as connection:
                for day in days:
                    assert_day_figures(connection, day)
                assert verify_everything(connection).problems == ()
        finally:
            self.database.dispose()

    def act(self, op: Callable[..., Result], **facts: Any) -> Result | None:
        """Does an act; one that is refused is None and has changed nothing."""
        before = self.desk.read(whole_content)
        try:
            return self.desk.run_op(op, **facts)
        except UserError as error:
            refused = error
        assert str(refused)
        assert self.desk.read(whole_content) == before, f"{refused} was refused, and yet something changed"
        return None

    @invariant()
    def everything_adds_up(self) -> None:
        with self.database.reading() as connection:
            assert_balanced(connection)

    # Days and shifts.

    @initialize()
    def open_both(self) -> None:
        for till in TILLS:
            self.act(open_shift, till=till, opening_float=Fen(20000))

    @rule(till=tills, amount=st.sampled_from([0, 20000, 50000]))
    def open_till(self, till: int, amount: int) -> None:
        self.act(open_shift, till=till, opening_float=Fen(amount))

    @rule(till=tills, off=st.sampled_from([0, 0, -100, 5, 30000, None]))
    def close_till(self, till: int, off: int | None) -> None:
        """The drawer is counted: right, short, over; or not at all, as training allows."""
        shift = self.one(_OPEN_AT, till)
        if off is None or shift is None:
            self.act(close_shift, till=till)
            return
        expected = self.desk.read(drawer_cash, shift=shift, till=till).expected
        why = "" if off == 5 else "样例：找错零"
        self.act(close_shift, till=till, counts={"other": max(expected + off, 0)}, reason=why)

    @rule(
        step=st.sampled_from(ChangeStep),
        limit=st.sampled_from([None, 0, 500]),
        card=st.sampled_from(ReferenceRule),
        blind=st.booleans(),
    )
    def lay_down_terms(self, step: ChangeStep, limit: int | None, card: ReferenceRule, blind: bool) -> None:
        """The office sets other terms for the desks, in the middle of whatever happens there."""
        self.act(set_change_step, step=step)
        self.act(set_over_short_limit, limit=None if limit is None else Fen(limit))
        self.act(set_reference_rule, tender="card", rule=card)
        self.act(set_blind_count, blind=blind)

    @rule(days=st.sampled_from([1, 1, 1, 9, 40]))
    def midnight_passes(self, days: int) -> None:
        """The next business day, or a later one; a shift that is open stays on the day it was opened."""
        today = self.desk.today or FIRST_DAY
        self.desk = replace(self.desk, today=today + timedelta(days))

    @rule(stay=st.integers(0, 3))
    def close_the_day(self, stay: int) -> None:
        """Mostly everybody goes home then."""
        for till in TILLS:
            self.act(close_shift, till=till)
        self.act(close_day)
        if stay:
            self.midnight_passes(1)

    @rule(back=st.integers(0, 2), till=tills, beside=st.booleans())
    def reopen_the_day(self, back: int, till: int, beside: bool) -> None:
        """The day is gone back to, or what was forgotten is booked on it beside the day that runs."""
        today = self.desk.today or FIRST_DAY
        day = today - timedelta(back)
        if self.act(reopen_day, date=day, reason="漏记"):
            if beside:
                self.act(open_shift, till=till, opening_float=Fen(0), day=day)
            else:
                self.desk = replace(self.desk, today=day)

    # Taking money.

    def take(self, account: int, tenders: Sequence[tuple[str, int]], *, till: int, **facts: Any) -> None:
        """Takes money at a till whose shift is opened when it is not."""
        if self.one(_OPEN_AT, till) is None:
            self.act(open_shift, till=till, opening_float=Fen(20000))
        given = [TenderGiven(code, Fen(amount), self.reference(code)) for code, amount in tenders]
        self.act(collect_payment, account=account, tenders=given, till=till, **facts)

    @rule(
        account=accounts, till=tills, over=st.sampled_from([0, 0, 1, 7, 4321]), keep=st.booleans(), home=st.booleans()
    )
    def pay_in_cash(self, account: int, till: int, over: int, keep: bool, home: bool) -> None:
        """All that is due, for the household too; where nothing is, 10.00 is prepaid."""
        due = self.due(account, household_too=home)
        prepay = Fen(0 if due else 1000)
        given = [("cash", due + prepay + over)]
        self.take(account, given, till=till, prepay=prepay, keep_change=keep, household_too=home)

    @rule(account=accounts, till=tills, channel=channels, cash=st.sampled_from([0, 500, 12345]), off=st.integers(-1, 9))
    def pay_mixed(self, account: int, till: int, channel: str, cash: int, off: int) -> None:
        """By a channel and in cash, sometimes more cash than is needed, seldom too little; 33.33 is prepaid."""
        rest = max(self.due(account) + 3333 - cash, 1)
        given = [(channel, rest), ("cash", cash + off)] if cash else [(channel, rest)]
        self.take(account, given, till=till, prepay=Fen(3333))

    @rule(account=accounts, till=tills, amount=amounts, code=st.sampled_from(["cash", "wechat", "prepaid"]))
    def pay_a_part(self, account: int, till: int, amount: Fen, code: str) -> None:
        due = self.due(account)
        self.take(account, [(code, min(amount, due) or 1)], part=True, till=till)

    @rule(
        account=accounts,
        till=tills,
        which=st.sets(some, min_size=1, max_size=3),
        code=st.sampled_from(["cash", "card"]),
    )
    def pay_chosen_charges(self, account: int, till: int, which: set[int], code: str) -> None:
        """Charges that the payer names, disputed and future ones too."""
        owed = self.owed(account)
        chosen = {owed[number % len(owed)].id: owed[number % len(owed)].due for number in which if owed}
        self.take(account, [(code, sum(chosen.values()) or 1)], charges=list(chosen), till=till)

    @rule(
        paid_for=st.lists(accounts, min_size=1, max_size=4),
        till=tills,
        only=st.sampled_from([None, None, *DebtPart]),
        share=st.sampled_from([1, 2, 4, 4]),
        home=st.booleans(),
    )
    def pay_together(self, paid_for: list[int], till: int, only: DebtPart | None, share: int, home: bool) -> None:
        """For several accounts, a neighbour's perhaps, by somebody else; a quarter, a half or all of what is due."""
        day, first = self.desk.business_date(), paid_for[0]
        owed = [self.owed(account, household_too=account == first and home) for account in paid_for]
        due = 0
        for one in {charge.id: charge for charges in owed for charge in charges}.values():
            if not one.frozen and is_current_or_earlier(one.period, day):
                due += one.due if only is None else one.principal if only == "principal" else one.late_fee_due
        facts: dict[str, Any] = {"also": paid_for[1:], "only": only, "household_too": home, "payer": "样例亲戚"}
        self.take(first, [("cash", due * share // 4 or 1)], till=till, part=share < 4, **facts)

    @rule(account=accounts, till=tills, amount=amounts, code=channels, deposit=st.sampled_from([0, 0, 20000]))
    def pay_in_advance(self, account: int, till: int, amount: Fen, code: str, deposit: int) -> None:
        """A prepayment, with a deposit or without, and with nothing else."""
        deposits = [("装修押金", Fen(deposit))] if deposit else []
        self.take(account, [(code, amount + deposit)], prepay=amount, deposits=deposits, charges=[], till=till)

    @rule(till=tills, amount=amounts, code=st.sampled_from(["cash", *CHANNELS]), days=st.sampled_from([0, 1, 30]))
    def find_money(self, till: int, amount: Fen, code: str, days: int) -> None:
        """Money comes without saying for whom; its value date may lie in a month past."""
        came = self.desk.business_date() - timedelta(days)
        given = TenderGiven(code, amount, self.reference(code))
        self.act(post_unclaimed, tender=given, value_date=came, remark="物业费", till=till)

    @rule(which=some, account=accounts, till=tills, share=st.integers(1, 4), home=st.booleans(), chosen=st.booleans())
    def claim_money(self, which: int, account: int, till: int, share: int, home: bool, chosen: bool) -> None:
        """All or a part of it, for everything due or for one charge, disputed or to come perhaps."""
        receipt, rest = self.unclaimed(which, till)
        owed = self.owed(account)
        charges = [owed[which % len(owed)].id] if chosen and owed else None
        facts = {"account": account, "charges": charges, "household_too": home, "till": till}
        self.act(claim_unclaimed, receipt=receipt, amount=Fen(rest * share // 4), reason="出示回单", **facts)

    @rule(which=some, till=tills, share=st.integers(1, 4), code=st.sampled_from(["cash", "transfer"]))
    def return_money(self, which: int, till: int, share: int, code: str) -> None:
        receipt, rest = self.unclaimed(which, till)
        back = TenderGiven(code, Fen(rest * share // 4))
        self.act(return_unclaimed, receipt=receipt, tender=back, reason="误汇", payee="王样", till=till)

    def unclaimed(self, which: int, till: int) -> tuple[str, int]:
        """An open item and what is left of it; where there is none, one comes first."""
        if not self.desk.read(open_unclaimed):
            self.find_money(till, Fen(54321), "transfer", 1)
        items = self.desk.read(open_unclaimed)
        return (items[which % len(items)].receipt, items[which % len(items)].left) if items else ("SJ-2026-1-000001", 4)

    @rule(account=accounts, till=tills, amount=amounts, code=channels, which=some, same=st.booleans())
    def type_a_reference_later(self, account: int, till: int, amount: Fen, code: str, which: int, same: bool) -> None:
        """Money comes without its number, which is typed afterwards: a new one, or one that was seen before."""
        given = TenderGiven(code, amount)
        self.act(collect_payment, account=account, tenders=[given], prepay=amount, charges=[], till=till)
        lacking = self.desk.read(missing_references, day=self.desk.business_date())
        if lacking:
            one = lacking[which % len(lacking)]
            number = f"R{which}" if same else self.reference("wechat")
            self.act(add_reference, payment=one.payment, sequence=one.sequence, reference=number, same_reference=same)

    @rule(till=tills)
    def take_an_x_report(self, till: int) -> None:
        """At any time; it tells what the drawer should hold and stores nothing."""
        before = self.desk.read(whole_content)
        manager = replace(self.desk, actor="样例经理")
        shift = self.one(_OPEN_AT, till)
        if shift is None:
            return
        report = manager.run_op(take_x_report, till=till)
        assert report.drawer == self.desk.read(drawer_cash, shift=shift, till=till)
        assert self.desk.read(whole_content) == before

    @rule(account=accounts, till=tills)
    def pay_from_the_prepayment(self, account: int, till: int) -> None:
        """With all that is prepaid, the rest in cash; 5.00 is prepaid anew."""
        prepaid = self.desk.read(statement, account=account, on=self.desk.business_date()).prepaid
        due = self.due(account) + 500
        given = [("prepaid", min(prepaid, due)), ("cash", due - prepaid)]
        self.take(account, [one for one in given if one[1] > 0], prepay=Fen(500), till=till)

    @rule(
        account=accounts, till=tills, item=st.sampled_from(["物业费", "车位服务费"]), months=st.sampled_from([1, 3, 12])
    )
    def pay_months_ahead(self, account: int, till: int, item: str, months: int) -> None:
        """Everything owed and months to come; what they cost is found out by trying."""
        owed = self.owed(account)
        wish = AdvanceWish(item, months)
        charges = [one.id for one in owed]
        facts = {"account": account, "charges": charges, "advances": [wish], "till": till}
        try:
            money = [TenderGiven("cash", Fen(10**7))]
            asked = self.desk.try_op(collect_payment, tenders=money, keep_change=True, **facts)
            due = sum(part.principal + part.late_fee for part in asked.allocations)
        except UserError:
            due = 1
        self.take(account, [("card", due)], charges=charges, advances=[wish], till=till)

    @rule(till=tills)
    def have_a_rush(self, till: int) -> None:
        for account in ACCOUNTS:
            self.pay_in_cash(account, till, 7, False, False)

    # The price list.

    @rule(
        account=st.none() | accounts,
        till=tills,
        which=st.lists(st.integers(0, 2), min_size=1, max_size=2),
        quantity=st.sampled_from([1, 2, 7]),
        code=st.sampled_from(["cash", "wechat", "transfer", "prepaid"]),
        over=st.sampled_from([0, 0, 3, 5000]),
    )
    def buy(self, account: int | None, till: int, which: list[int], quantity: int, code: str, over: int) -> None:
        """One article or two, by an account or by somebody without one; change where it is cash."""
        articles = self.desk.read(price_list, on=self.desk.business_date())
        wishes = [SaleWish(articles[number].tariff, Fraction(quantity)) for number in which]
        due = sum(articles[number].amount(Fraction(quantity)) for number in which)
        given = TenderGiven(code, Fen(due + (over if code == "cash" else 0)), self.reference(code))
        self.act(sell, account=account, sales=wishes, tenders=[given], payer="样访客", till=till)

    @rule(
        account=accounts,
        till=tills,
        which=st.integers(0, 2),
        code=st.sampled_from(["cash", "wechat", "prepaid"]),
        short=st.sampled_from([0, 0, 1234]),
        also=st.none() | accounts,
    )
    def pay_and_buy(self, account: int, till: int, which: int, code: str, short: int, also: int | None) -> None:
        """What is due and an article in one payment, a neighbour's too perhaps; sometimes a part of what is due."""
        article = self.desk.read(price_list, on=self.desk.business_date())[which]
        paid_for = [account] if also in (None, account) else [account, also]
        due = sum(self.due(one) for one in paid_for if one is not None) + article.amount(Fraction(1))
        facts: dict[str, Any] = {"sales": [SaleWish(article.tariff)], "also": paid_for[1:], "part": bool(short)}
        self.take(account, [(code, max(due - short, 1))], till=till, **facts)

    @rule(which=some, till=tills, share=st.integers(1, 4), code=st.sampled_from(["cash", "wechat"]))
    def give_a_line_back(self, which: int, till: int, share: int, code: str) -> None:
        """One line of a receipt that sold something beside what it settled."""
        receipt = self.receipt(which)
        lines = lines_to_choose(self.desk.read(receipt_left, number=receipt))
        of, amount = lines[which % len(lines)] if lines else (None, Fen(4))
        back = TenderGiven(code, Fen(amount * share // 4))
        self.act(refund_payment, receipt=receipt, tender=back, of=of, reason="退一项", till=till)

    @rule(till=tills, amount=st.sampled_from([20000, 5001]), code=st.sampled_from(["cash", "card", "transfer"]))
    def leave_a_deposit(self, till: int, amount: int, code: str) -> None:
        given = TenderGiven(code, Fen(amount), self.reference(code))
        self.act(sell, tenders=[given], deposits=[("装修押金", Fen(amount))], payer="样装修队", till=till)

    @rule(which=some, till=tills, share=st.integers(1, 4), kept=st.sampled_from([0, 0, 1234, 5001]))
    def give_a_stranger_the_deposit_back(self, which: int, till: int, share: int, kept: int) -> None:
        held = self.desk.read(strangers_deposits)
        one = held[which % len(held)] if held else None
        amount = max((one.held if one else 4) * share // 4, kept)
        self.act(
            refund_walk_in_deposit,
            receipt=one.receipt if one else self.receipt(which),
            name="装修押金",
            amount=Fen(amount),
            tender=TenderGiven("cash", Fen(amount - kept)),
            deduction=Deduction("门禁卡", Fen(kept)) if kept else None,
            papers=DepositPapers(lost="声明 2", inspected=True),
            reason="完工",
            till=till,
        )

    # Putting right.

    @rule(which=some, till=tills, just_taken=st.booleans())
    def void(self, which: int, till: int, just_taken: bool) -> None:
        if just_taken:
            self.pay_in_cash(ACCOUNTS[which % 4], till, 7, True, False)
        self.act(void_payment, receipt=self.receipt(which // 8), reason="收错", till=till)

    @rule(which=some, till=tills)
    def reverse(self, which: int, till: int) -> None:
        self.act(reverse_payment, receipt=self.receipt(which), reason="重复收款", till=till)

    @rule(which=some, till=tills, share=st.integers(1, 4), code=st.sampled_from(["cash", "wechat", "prepaid"]))
    def refund(self, which: int, till: int, share: int, code: str) -> None:
        receipt = self.receipt(which // 4)
        total = self.one("SELECT p.total FROM payment p JOIN receipt r ON r.payment_id = p.id WHERE r.code = ", receipt)
        back = TenderGiven(code, Fen((total or 4) * share // 4))
        self.act(refund_payment, receipt=receipt, tender=back, reason="多收", till=till)

    @rule(
        which=some,
        till=tills,
        count=st.integers(1, 12),
        code=st.sampled_from(["cash", "wechat", "prepaid"]),
        keep=st.booleans(),
    )
    def give_months_back(self, which: int, till: int, count: int, code: str, keep: bool) -> None:
        """Months paid ahead, of a receipt that mostly has some; what they come to is asked for first."""
        paid = self.all(_PAID_AHEAD)
        receipt = str(paid[which % len(paid)]) if paid and which else self.receipt(which)
        months = [AdvanceWish("车位服务费" if which % 3 == 0 else "物业费", count)]
        asked = {"receipt": receipt, "months": months, "keep_billed": keep}
        try:
            amount = self.desk.read(preview_months_back, today=self.desk.business_date(), **asked).amount
        except UserError:
            amount = Fen(1)
        self.act(refund_months, tender=TenderGiven(code, amount), reason="搬走", till=till, **asked)

    @rule(account=accounts, ahead=st.integers(-5, 20), carry=st.booleans(), split=st.booleans())
    def change_hands_and_undo_it(self, account: int, ahead: int, carry: bool, split: bool) -> None:
        """A wrong change of hands leaves both accounts as they were."""
        self.references += 1
        before = self.owed(account)
        prepaid = self.desk.read(statement, account=account, on=self.desk.business_date()).prepaid
        facts = {"first_day": self.desk.business_date() + timedelta(ahead), "paper": "协议", "split_running": split}
        carried = Carried(Fen(max(prepaid, 0))) if carry else Carried()
        newcomer = Newcomer(f"样新{self.references}")
        if self.act(change_hands, account=account, newcomer=newcomer, carried=carried, **facts):
            assert self.act(undo_change_of_hands, account=account, reason="选错人") is not None
            assert [(one.id, one.due) for one in self.owed(account)] == [(one.id, one.due) for one in before]

    @rule(account=accounts, till=tills, first=months)
    def pay_a_year_at_once(self, account: int, till: int, first: Period) -> None:
        """A year is billed and paid with nothing left open, sometimes voided again; the sum is found out by trying."""
        for number in range(12):
            self.act(bill_period, period=Period.containing(first.first_day).shifted(number))
        charges = [one.id for one in self.owed(account)]
        facts = {"account": account, "charges": charges, "till": till}
        try:
            money = [TenderGiven("cash", Fen(10**7))]
            asked = self.desk.try_op(collect_payment, tenders=money, keep_change=True, **facts)
            due = sum(part.principal + part.late_fee for part in asked.allocations)
        except UserError:
            due = 1
        self.take(account, [("card", due)], charges=charges, till=till)

    @rule(account=accounts, till=tills, share=st.integers(1, 4), code=st.sampled_from(["cash", "transfer"]))
    def refund_what_is_prepaid(self, account: int, till: int, share: int, code: str) -> None:
        prepaid = self.desk.read(statement, account=account, on=self.desk.business_date()).prepaid
        back = TenderGiven(code, Fen(prepaid * share // 4))
        self.act(refund_prepayment, account=account, tender=back, reason="搬走", till=till)

    @rule(account=accounts, till=tills, amount=st.sampled_from([20000, 5000]), kept=st.sampled_from([0, 0, 1234, 5000]))
    def refund_a_deposit(self, account: int, till: int, amount: int, kept: int) -> None:
        deduction = Deduction("物业费", Fen(kept)) if kept else None
        papers = DepositPapers(lost="声明 1", inspected=True)
        facts = {
            "account": account,
            "name": "装修押金",
            "amount": Fen(amount),
            "deduction": deduction,
            "papers": papers,
        }
        back = TenderGiven("cash", Fen(amount - kept))
        self.act(refund_deposit, tender=back, reason="装修已毕", till=till, **facts)

    @rule(which=some, till=tills, code=st.sampled_from(["cash", "wechat", "card"]), split=st.booleans())
    def change_tender(self, which: int, till: int, code: str, split: bool) -> None:
        """It was another way of paying, or two."""
        receipt = self.receipt(which // 8)
        total = self.one("SELECT p.total FROM payment p JOIN receipt r ON r.payment_id = p.id WHERE r.code = ", receipt)
        amount = total if total and total > 1 else 2
        given = [(code, amount)] if not split else [(code, amount // 2), ("alipay", amount - amount // 2)]
        right = [TenderGiven(way, Fen(part), self.reference(way)) for way, part in given]
        self.act(change_tender, receipt=receipt, tenders=right, reason="选错", till=till)

    @rule(which=some, account=accounts, till=tills)
    def transfer(self, which: int, account: int, till: int) -> None:
        self.act(transfer_payment, receipt=self.receipt(which // 4), account=account, reason="收错户", till=till)

    @rule(which=some, till=tills)
    def bounce(self, which: int, till: int) -> None:
        self.act(bounce_payment, receipt=self.receipt(which), reason="退票", till=till)

    @rule(which=some)
    def take_offset_back(self, which: int) -> None:
        offsets = self.all("SELECT id FROM payment WHERE kind = 'offset' ORDER BY id")
        self.act(reverse_offset, payment=offsets[which % len(offsets)] if offsets else 1, reason="业主要求")

    # The drawer and the bank.

    @rule(till=tills, kind=st.sampled_from(Movement), amount=st.sampled_from([50, 5000, 30000]))
    def move_cash(self, till: int, kind: Movement, amount: int) -> None:
        self.act(move_cash, kind=kind, amount=Fen(amount), purpose="办公用品", till=till)

    @rule(part=st.booleans(), number=st.integers(1, 9))
    def pay_into_the_bank(self, part: bool, number: int) -> None:
        day, transit = self.desk.business_date(), self.balance("1009.在途现金")
        amount = Fen(transit // 2 if part else transit)
        self.act(pay_cash_in, slip=f"JK{number}", amount=amount, first_day=FIRST_DAY, last_day=day)

    @rule(number=st.integers(1, 9))
    def take_the_slip_back(self, number: int) -> None:
        self.act(take_slip_back, slip=f"JK{number}", reason="输错")

    # The office.

    @rule(period=months)
    def bill(self, period: Period) -> None:
        self.act(bill_period, period=period)

    @rule(period=months)
    def undo_the_run(self, period: Period) -> None:
        self.act(undo_billing, period=period, reason="价格有误")

    @rule(period=months)
    def release(self, period: Period) -> None:
        self.act(release_revenue, month=list(period.each_month())[-1])

    @rule(account=accounts)
    def offset(self, account: int) -> None:
        self.act(offset_account, account=account)

    @rule(account=accounts, item=st.sampled_from(["物业费", "车位服务费", "水费"]), period=months, amount=amounts)
    def charge_more(self, account: int, item: str, period: Period, amount: Fen) -> None:
        self.act(add_charge, account=account, item=item, period=period, amount=amount, reason="漏算")

    @rule(which=some, share=st.integers(1, 4))
    def charge_less(self, which: int, share: int) -> None:
        charge = self.charge(which)
        self.act(reduce_charge, charge=charge, amount=Fen(self.principal(charge) * share // 4), reason="面积有误")

    @rule(which=some, share=st.integers(1, 4), late_fee=st.booleans())
    def waive(self, which: int, share: int, late_fee: bool) -> None:
        charge = self.charge(which)
        if late_fee:
            owed = {one.id: one.late_fee_due for account in ACCOUNTS for one in self.owed(account)}
            self.act(waive, charges=[charge], late_fee=Fen(owed.get(charge, 4) * share // 4), reason="首次逾期")
        else:
            self.act(waive, charges=[charge], principal=Fen(self.principal(charge) * share // 4), reason="漏水补偿")

    @rule(which=some)
    def dispute(self, which: int) -> None:
        self.act(hold_charge, charges=[self.charge(which)], reason="漏水未修")

    @rule(which=some)
    def end_dispute(self, which: int) -> None:
        held = self.all("SELECT charge_id FROM charge_freeze ORDER BY id DESC")
        self.act(release_charge, charges=[held[which // 3 % len(held)] if held else 1], reason="已修复")

    @rule(which=some, share=st.integers(1, 3))
    def split(self, which: int, share: int) -> None:
        charge = self.charge(which)
        whole = self.principal(charge)
        parts = [Part(Fen(whole * share // 4)), Part(Fen(whole - whole * share // 4))]
        self.act(split_charge, charge=charge, parts=parts, reason="分期")

    @rule(account=accounts, first=some, second=some)
    def merge(self, account: int, first: int, second: int) -> None:
        owed = self.owed(account)
        if owed:
            chosen = [owed[first % len(owed)].id, owed[second % len(owed)].id]
            self.act(merge_charges, charges=chosen, due=self.desk.business_date(), reason="一并收取")

    # Asking for what one may not do alone.

    @rule(
        which=some,
        share=st.integers(1, 4),
        kind=st.sampled_from(RequestKind),
        code=st.sampled_from(["cash", "card"]),
    )
    def ask(self, which: int, share: int, kind: RequestKind, code: str) -> None:
        """A cashier asks for a waiver, or for money to go back, in part or whole."""
        receipt, charge, account = self.receipt(which // 4), self.charge(which), ACCOUNTS[which % 4]
        total = self.one("SELECT p.total FROM payment p JOIN receipt r ON r.payment_id = p.id WHERE r.code = ", receipt)
        prepaid = self.desk.read(statement, account=account, on=self.desk.business_date()).prepaid
        amounts = {
            RequestKind.LATE_FEE: 100 * share,
            RequestKind.PRINCIPAL: self.principal(charge) * share // 4,
            RequestKind.PREPAYMENT: prepaid * share // 4,
            RequestKind.DEPOSIT: 5000 * share,
            RequestKind.REVERSAL: total or 0,
        }
        wish = Wish(
            kind,
            Fen(amounts.get(kind, (total or 4) * share // 4)),
            charges=(charge,),
            receipt=receipt,
            account=account,
            tender=code,
            deposit="装修押金",
            papers=DepositPapers(lost="声明 2", inspected=True),
        )
        self.by("样例收费员", request_decision, wish=wish, reason="住户要求")

    @rule(which=some, op=st.sampled_from([approve_request, approve_request, approve_request, refuse_request]))
    def decide(self, which: int, op: Callable[..., Any]) -> None:
        self.by("样例经理", op, request=self.request(which), words="已核实")

    @rule(which=some, till=tills)
    def carry_out(self, which: int, till: int) -> None:
        self.act(carry_out_request, request=self.request(which), till=till)

    @rule(which=some)
    def withdraw(self, which: int) -> None:
        self.by("样例收费员", withdraw_request, request=self.request(which))

    def by(self, name: str, op: Callable[..., Any], **facts: Any) -> None:
        """An act of somebody else than who sits at the desk."""
        here = self.desk
        self.desk = replace(here, actor=name, approver=None)
        try:
            self.act(op, **facts)
        finally:
            self.desk = here

    def request(self, which: int) -> int:
        """Mostly one of the latest requests; there may be none."""
        found = self.all("SELECT id FROM approval_request ORDER BY id DESC")
        return int(found[which // 8 % len(found)]) if found else 1

    # What there is.

    def owed(self, account: int, *, household_too: bool = False) -> tuple[StatementCharge, ...]:
        day = self.desk.business_date()
        return self.desk.read(statement, account=account, on=day, household_too=household_too).charges

    def due(self, account: int, *, household_too: bool = False) -> int:
        """What is paid without naming charges."""
        day = self.desk.business_date()
        charges = self.owed(account, household_too=household_too)
        return sum(one.due for one in charges if not one.frozen and is_current_or_earlier(one.period, day))

    def reference(self, code: str) -> str | None:
        self.references += 1
        return None if code in ("cash", "prepaid") else f"R{self.references}"

    def receipt(self, which: int) -> str:
        """One of the last receipts issued, made for this where there is none."""
        newest_first = "SELECT code FROM receipt ORDER BY id DESC"
        if not self.all(newest_first):
            self.have_a_rush(TILLS[which % len(TILLS)])
        codes = self.all(newest_first) or ["SJ-2026-1-000001"]
        return str(codes[which % len(codes)])

    def charge(self, which: int) -> int:
        """Mostly one that is open."""
        charges = self.all(f"SELECT id FROM charge {'' if which % 5 == 0 else _OPEN} ORDER BY id DESC")
        return int(charges[which % len(charges)]) if charges else 1

    def principal(self, charge: int) -> int:
        return int(self.one("SELECT gross - discount - waived - paid FROM charge WHERE id = ", charge))

    def balance(self, code: str) -> int:
        return int(self.one(_BALANCE, code))

    def all(self, statement: str) -> Sequence[Any]:
        with self.database.reading() as connection:
            return connection.execute(text(statement)).scalars().all()

    def one(self, statement: str, fact: object) -> Any:
        with self.database.reading() as connection:
            return connection.execute(text(f"{statement}:fact"), {"fact": fact}).scalar()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the small office, to copy."""
    folder = tmp_path_factory.mktemp("office")
    template = make_template(folder)
    database = copied(template, folder / "office.sqlite")
    desk = small_desk(database)
    for name, condition, per_cent in (("预缴九折", "预缴>=3月", 10), ("付清95折", "一次性付清", 5)):
        terms = PolicyTerms(
            name=name,
            condition=condition,
            method="百分比",
            value=Fraction(per_cent),
            items=("物业费", "车位服务费"),
            valid_from=date(2026, 1, 1),
        )
        desk.run_op(add_policy, terms=terms)
    with database.reading() as connection:
        assert_balanced(connection)
    database.dispose()
    return folder / "office.sqlite"


def test_any_acts_in_any_order(office: Path, tmp_path: Path) -> None:
    class Here(AnyActs):
        template, folder = office, tmp_path

    told = settings(
        max_examples=TOLD or 6,
        stateful_step_count=120 if TOLD else 50,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Here, settings=told)
