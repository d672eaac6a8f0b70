"""Articles of the price list sold to residents and to anybody; deposits of strangers; all of it put right again."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.money import Fen
from feedesk.ops import (
    collecting,
    from_prepayment,
    refunding,
    selling,
    taking_back,
    tendering,
    transferring,
    walk_in_deposits,
)
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.desk_terms import set_change_step, set_reference_rule
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.pricing import ItemFacts, NatureIsFixed, PriceInUse, change_item, withdraw_price
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment
from feedesk.ops.selling import SaleWish, sell
from feedesk.ops.shifts import close_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.queries.accounts import account_by_id
from feedesk.queries.desk import ShiftNotOpen, UnknownTill
from feedesk.queries.price_list import price_list
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.takings import day_payments, day_takings
from feedesk.rules.desk_terms import ReferenceRule
from feedesk.rules.takings import add_up_takings
from feedesk.rules.tenders import ChangeStep, TenderShort, TenderTooMuch
from tests.community import TODAY
from tests.ops.price_list import add_article, add_price
from tests.ops.putting_right import Office, office, tender

TOMORROW = date(2026, 11, 24)


@dataclass(slots=True)
class Shop:
    """The office with 门禁卡 at 25.00, 清运费 at 3.00 per m² or 300.00 a cart, 装修押金 2,000.00; one is billed."""

    office: Office
    card: int
    rubbish: int
    cart: int
    billed: int
    deposit: int

    def sell(self, *tenders: Any, on: date | None = None, **facts: Any) -> Any:
        return self.office.run(sell, on=on, tenders=tenders, **facts)

    def card_to_stranger(self, *tenders: Any, quantity: int = 1, **facts: Any) -> str:
        given = tenders or (tender("cash", 2500 * quantity),)
        return str(self.sell(*given, sales=[SaleWish(self.card, Fraction(quantity))], payer="样访客", **facts).receipt)


@pytest.fixture
def shop(ledger_database: Database) -> Shop:
    desk = office(ledger_database)
    return Shop(
        desk,
        card=add_article(desk.community, "门禁卡", "25"),
        rubbish=add_article(
            desk.community, "装修垃圾清运(按面积)", "3", item="装修垃圾清运费", method="按面积", nature=chart.AGENCY
        ),
        cart=add_article(desk.community, "场地占用费", "300", nature=chart.COMMUNAL),
        billed=add_article(desk.community, "开户费", "100", scope="1-1-101"),
        deposit=add_article(desk.community, "装修押金", "2000", nature=chart.DEPOSIT),
    )


def names(shop: Shop, account: int | None = None, on: date = TODAY) -> list[str]:
    ref = shop.office.seat.read(account_by_id, account=account) if account is not None else None
    return [one.name for one in shop.office.seat.read(price_list, on=on, account=ref)]


def community_charges(shop: Shop, item: str) -> list[int]:
    """The open charges of an item of the other home."""
    owed = shop.office.seat.read(statement, account=shop.office.other, on=TODAY).charges
    return [one.id for one in owed if one.item == item]


class TestPriceList:
    def test_a_stranger_sees_fixed_prices_a_resident_those_by_area_too(self, shop: Shop) -> None:
        assert names(shop) == ["门禁卡", "开户费", "装修押金", "场地占用费"]
        assert names(shop, shop.office.other) == ["门禁卡", "开户费", "装修押金", "场地占用费", "装修垃圾清运(按面积)"]

    def test_what_the_run_bills_to_the_account_is_left_out(self, shop: Shop) -> None:
        assert "开户费" not in names(shop, shop.office.home)
        add_article(shop.office.community, "旧证", "10", scope="1-1-*", scope_to=date(2026, 11, 22))
        assert "旧证" in names(shop, shop.office.home)

    def test_only_once_only_prices_in_force_the_one_begun_last(self, shop: Shop) -> None:
        community = shop.office.community
        add_article(community, "月卡", "50", cycle=1)
        add_article(community, "明日价", "50", valid_from=TOMORROW)
        add_article(community, "昨日价", "50", valid_to=date(2026, 11, 22))
        add_article(community, "无价", None, method="按用量")
        add_price(community, shop.card, "30", valid_from=TODAY)
        articles = {one.name: one for one in shop.office.seat.read(price_list, on=TODAY)}
        assert {"月卡", "明日价", "昨日价", "无价"}.isdisjoint(articles)
        assert articles["门禁卡"].price == 30
        add_price(community, shop.card, "30", valid_from=TOMORROW, cycle=1)
        assert "门禁卡" not in names(shop, on=TOMORROW)

    def test_the_basis_stands_beside_the_price(self, shop: Shop) -> None:
        (card, *_others) = shop.office.seat.read(price_list, on=TODAY)
        assert (card.form, card.document) == ("市场调节价", "价目公示 2026-01")


class TestSelling:
    def test_two_cards_to_a_stranger_for_cash(self, shop: Shop) -> None:
        """2 × 25.00 of 100.00: 50.00 back. Revenue at once, nothing owed by anybody."""
        sold = shop.sell(
            tender("cash", 10000), sales=[SaleWish(shop.card, Fraction(2))], payer="样访客", remark="12000000001"
        )
        assert (sold.total, sold.change, sold.balance_after) == (5000, 5000, 0)
        assert shop.office.community.balance("6001.门禁卡") == -5000
        assert shop.office.expected() == 55000
        paper = shop.office.seat.read(find_receipt, number=sold.receipt).document
        assert (paper.account, paper.unit, paper.payer, paper.remark) == ("", "", "样访客", "12000000001")
        assert [(one.item, one.amount, one.details) for one in paper.lines] == [("门禁卡", 5000, ("25.00×2",))]
        shop.office.assert_sound()

    def test_the_nature_of_the_item_says_whose_money_it_is(self, shop: Shop) -> None:
        """98.60 m² × 3.00 = 295.80 collected for others, 300.00 the owners', a deposit of 2,000.00 held."""
        wishes = [SaleWish(shop.rubbish), SaleWish(shop.cart), SaleWish(shop.deposit)]
        account = shop.office.other
        sold = shop.sell(tender("card", 29580 + 30000 + 200000), sales=wishes, account=account)
        balance = shop.office.community.balance
        assert balance("2241.代收.装修垃圾清运费") == -29580
        assert balance("2241.公共收益.场地占用费") == -30000
        assert balance("2241.押金.装修押金", account) == -200000
        paper = shop.office.seat.read(find_receipt, number=sold.receipt).document
        assert paper.payer == "李样"
        assert paper.lines[0].details == ("装修垃圾清运(按面积) 98.60㎡×3.00",)
        assert shop.office.owed(account) == 25000, "the debts of the account stay"
        shop.office.assert_sound()

    def test_the_same_article_may_be_bought_again(self, shop: Shop) -> None:
        for _time in range(2):
            shop.sell(tender("cash", 2500), sales=[SaleWish(shop.card)], account=shop.office.home)
        assert shop.office.community.balance("6001.门禁卡") == -5000
        shop.office.assert_sound()

    def test_two_tariffs_of_one_article_twice_in_a_payment(self, shop: Shop) -> None:
        wishes = [SaleWish(shop.card), SaleWish(shop.card, Fraction(2)), SaleWish(shop.cart, Fraction("0.5"))]
        sold = shop.sell(tender("wechat", 7500 + 15000), sales=wishes, payer="样访客")
        assert sold.total == 22500
        takings = shop.office.takings()
        assert takings == {"wechat": 22500}
        shop.office.assert_sound()

    def test_what_is_sold_and_what_is_billed_of_an_item_stand_in_one_row(self, shop: Shop) -> None:
        """A payment of two charges and two sales of the item by WeChat: three receipts in its row."""
        community = shop.office.community
        named = add_article(community, "特约", "5.01", item="特约服务费")
        for number in range(2):
            community.charge(shop.office.other, "特约服务费", f"2026-1{number}", 10000)
            shop.sell(tender("wechat", 501), sales=[SaleWish(named)], account=shop.office.other)
        shop.office.pay(
            tender("wechat", 20000), account=shop.office.other, charges=community_charges(shop, "特约服务费")
        )
        shop.card_to_stranger(tender("wechat", 2500))
        together = shop.office.seat.read(day_takings, day=TODAY)
        one_by_one = add_up_takings(shop.office.seat.read(day_payments, day=TODAY), TODAY)
        rows = {row.item: (row.count, row.total) for row in together.rows}
        assert rows == {"特约服务费": (3, 20000 + 2 * 501), "门禁卡": (1, 2500)}
        assert {row.item: (row.count, row.total) for row in one_by_one.rows} == rows
        assert together.shares == one_by_one.shares

    def test_cash_is_rounded_in_favour_of_the_payer(self, shop: Shop) -> None:
        """295.80 is even; 0.5 × 295.80 = 147.90; a price of 0.333 × 1 is 0.33, of which 0.03 is forgone."""
        cheap = add_article(shop.office.community, "复印费", "0.333")
        sold = shop.sell(tender("cash", 100), sales=[SaleWish(cheap)], payer="样访客")
        assert (sold.total, sold.change, sold.rounding) == (30, 70, 3)
        shop.office.assert_sound()

    def test_the_ledgers_terms_hold_here_too(self, shop: Shop) -> None:
        """Change in whole yuan: 20.00 of 100.00 for 80.15 would be 19.85, so 20.00; and no card without its number."""
        shop.office.run(set_change_step, step=ChangeStep.YUAN)
        shop.office.run(set_reference_rule, tender="card", rule=ReferenceRule.REQUIRED)
        odd = add_article(shop.office.community, "证照", "80.15")
        sold = shop.sell(tender("cash", 10000), sales=[SaleWish(odd)], payer="样访客")
        assert (sold.total, sold.change, sold.rounding) == (8000, 2000, 15)
        with pytest.raises(tendering.ReferenceMissing):
            shop.sell(tender("card", 8015), sales=[SaleWish(odd)], payer="样访客")
        with pytest.raises(tendering.ChangeStepIsOther):
            shop.sell(tender("cash", 8015), sales=[SaleWish(odd)], payer="样访客", seen_step=ChangeStep.JIAO)

    def test_the_same_request_twice_is_one_sale(self, shop: Shop) -> None:
        facts: dict[str, Any] = {"sales": [SaleWish(shop.card)], "payer": "样访客", "key": "once"}
        first = shop.sell(tender("cash", 2500), **facts)
        again = shop.sell(tender("cash", 2500), **facts)
        assert (again.receipt, again.replayed) == (first.receipt, True)
        with pytest.raises(collecting.RequestKeyUsed):
            shop.sell(tender("cash", 5000), **facts)
        assert shop.office.expected() == 52500

    def test_paid_from_the_prepayment_of_an_account(self, shop: Shop) -> None:
        shop.office.pay(tender("cash", 2000), charges=[], prepay=Fen(2000))
        wish = [SaleWish(shop.card)]
        with pytest.raises(from_prepayment.PrepaymentTooSmall):
            shop.sell(tender("prepaid", 2500), sales=wish, account=shop.office.home)
        shop.sell(tender("prepaid", 2000), tender("cash", 500), sales=wish, account=shop.office.home)
        with pytest.raises(selling.NoPrepayment):
            shop.sell(tender("prepaid", 2500), sales=wish, payer="样访客")
        shop.office.assert_sound()

    @pytest.mark.parametrize(
        ("given", "facts", "refusal"),
        [
            ([("cash", 2500)], {"payer": "  "}, selling.PayerMissing),
            ([("cash", 2500)], {"payer": "样访客", "what": None}, selling.NothingSold),
            ([("cash", 2500)], {"payer": "样访客", "what": "rubbish"}, selling.NotOnSale),
            ([("cash", 2500)], {"account": True, "what": "billed"}, selling.NotOnSale),
            ([("cash", 2500)], {"payer": "样访客", "quantity": 0}, selling.QuantityWrong),
            ([("cash", 2500)], {"payer": "样访客", "quantity": -1}, selling.QuantityWrong),
            ([("cash", 2500)], {"payer": "样访客", "quantity": Fraction(1, 3)}, selling.QuantityWrong),
            ([("cash", 2500)], {"payer": "样访客", "quantity": 10000}, selling.QuantityWrong),
            ([("cash", 2499)], {"payer": "样访客"}, TenderShort),
            ([("wechat", 2501)], {"payer": "样访客"}, TenderTooMuch),
            ([("gold", 2500)], {"payer": "样访客"}, collecting.UnknownTender),
            ([("cash", 0)], {"payer": "样访客"}, collecting.AmountNotPositive),
            ([("cash", 2500)], {"payer": "样访客", "deposits": [("物业费", Fen(100))]}, collecting.NotADeposit),
            ([("cash", 2500)], {"payer": "样访客", "deposits": [("押", Fen(-1))]}, collecting.AmountNotPositive),
            ([("cash", 2500)], {"payer": "样访客", "till": 7}, UnknownTill),
        ],
    )
    def test_what_is_refused(
        self, shop: Shop, given: list[tuple[str, int]], facts: dict[str, Any], refusal: type[UserError]
    ) -> None:
        facts = dict(facts)
        what = facts.pop("what", "card")
        wishes = [] if what is None else [SaleWish(getattr(shop, what), Fraction(facts.pop("quantity", 1)))]
        if facts.pop("account", False):
            facts["account"] = shop.office.home
        with pytest.raises(refusal):
            shop.sell(*(tender(*one) for one in given), sales=wishes, **facts)
        assert shop.office.expected() == 50000

    def test_nothing_is_sold_without_a_shift(self, shop: Shop) -> None:
        shop.office.run(close_shift)
        with pytest.raises(ShiftNotOpen):
            shop.card_to_stranger()

    def test_a_price_too_small_for_a_fen_is_no_sale(self, shop: Shop) -> None:
        crumb = add_article(shop.office.community, "粉尘", "0.001")
        with pytest.raises(selling.CostsNothing):
            shop.sell(tender("cash", 1), sales=[SaleWish(crumb)], payer="样访客")

    def test_a_price_that_something_was_sold_by_stays(self, shop: Shop) -> None:
        shop.card_to_stranger()
        (version,) = [one.version for one in shop.office.seat.read(price_list, on=TODAY) if one.name == "门禁卡"]
        add_price(shop.office.community, shop.card, "30", valid_from=TOMORROW)
        with pytest.raises(PriceInUse):
            shop.office.run(withdraw_price, version=version)
        (item,) = [one.item_id for one in shop.office.seat.read(price_list, on=TODAY) if one.name == "门禁卡"]
        with pytest.raises(NatureIsFixed):
            shop.office.run(change_item, item=item, facts=ItemFacts(name="门禁卡", nature=chart.COMMUNAL))


class TestPuttingRight:
    def test_a_void_takes_the_revenue_back(self, shop: Shop) -> None:
        receipt = shop.card_to_stranger(quantity=2)
        shop.office.run(void_payment, receipt=receipt, reason="买错")
        assert shop.office.community.balance("6001.门禁卡") == 0
        assert shop.office.expected() == 50000
        assert shop.office.takings() == {}
        shop.office.assert_sound()

    def test_a_reversal_in_a_later_shift(self, shop: Shop) -> None:
        receipt = shop.card_to_stranger(tender("wechat", 2500))
        shop.office.next_shift()
        red = shop.office.run(reverse_payment, receipt=receipt, reason="重复")
        assert red.total == -2500
        assert shop.office.community.balance("6001.门禁卡") == 0
        shop.office.assert_sound()

    def test_a_refund_of_one_of_two_and_then_of_the_other(self, shop: Shop) -> None:
        receipt = shop.card_to_stranger(quantity=2)
        back = shop.office.run(refund_payment, receipt=receipt, tender=tender("cash", 2500), reason="退一张")
        assert (back.total, back.opened, back.refunds) == (2500, 0, receipt)
        paper = shop.office.seat.read(find_receipt, number=back.receipt).document
        assert [(one.item, one.amount) for one in paper.lines] == [("门禁卡", 2500)]
        with pytest.raises(refunding.RefundTooLarge):
            shop.office.run(refund_payment, receipt=receipt, tender=tender("cash", 2501), reason="x")
        with pytest.raises(taking_back.RefundedInPart):
            shop.office.run(void_payment, receipt=receipt, reason="x")
        with pytest.raises(refunding.NotInPrepayment):
            shop.office.run(refund_payment, receipt=receipt, tender=tender("prepaid", 2500), reason="x")
        shop.office.run(refund_payment, receipt=receipt, tender=tender("alipay", 2500, "A1"), reason="再退")
        assert shop.office.community.balance("6001.门禁卡") == 0
        assert shop.office.takings() == {"alipay": -2500, "cash": 2500}
        shop.office.assert_sound()

    def test_a_refund_of_a_resident_into_the_prepayment(self, shop: Shop) -> None:
        home = shop.office.home
        sold = shop.sell(tender("cash", 2500), sales=[SaleWish(shop.card)], account=home)
        shop.office.run(refund_payment, receipt=sold.receipt, tender=tender("prepaid", 2500), reason="转预存")
        assert shop.office.community.balance("2203.预存", home) == -2500
        shop.office.assert_sound()

    def test_the_right_tender(self, shop: Shop) -> None:
        receipt = shop.card_to_stranger()
        shop.office.run(change_tender, receipt=receipt, tenders=[tender("wechat", 2500, "W9")], reason="选错")
        assert shop.office.takings() == {"wechat": 2500}
        shop.office.run(void_payment, receipt=receipt, reason="不要了")
        assert shop.office.takings() == {}
        shop.office.assert_sound()

    def test_a_transfer_that_bounced(self, shop: Shop) -> None:
        receipt = shop.card_to_stranger(tender("transfer", 2500, "T1"))
        out = shop.office.run(bounce_payment, receipt=receipt, reason="退票")
        assert (out.total, out.opened) == (2500, 0)
        assert shop.office.community.balance("6001.门禁卡") == 0
        shop.office.assert_sound()

    def test_nothing_of_it_goes_to_another_account(self, shop: Shop) -> None:
        receipts = [
            shop.card_to_stranger(),
            shop.sell(tender("cash", 2500), sales=[SaleWish(shop.card)], account=shop.office.home).receipt,
            shop.sell(tender("cash", 100), deposits=[("钥匙押金", Fen(100))], payer="样访客").receipt,
        ]
        for receipt in receipts:
            with pytest.raises(transferring.SoldAtTheDesk):
                shop.office.run(transfer_payment, receipt=receipt, account=shop.office.other, reason="x")

    def test_a_cashier_sells_but_takes_nothing_back(self, shop: Shop) -> None:
        receipt = shop.card_to_stranger()
        with pytest.raises(UserError):
            shop.office.as_cashier(reverse_payment, receipt=receipt, reason="x")
        with pytest.raises(NotPermitted):
            shop.office.community.workplace.__class__(shop.office.community.database, "样例财务", today=TODAY).run_op(
                sell, tenders=[tender("cash", 2500)], sales=[SaleWish(shop.card)], payer="样访客"
            )


FIT_OUT = "装修押金"


@pytest.fixture
def deposit(shop: Shop) -> str:
    """A contractor left 2,000.00 in cash; another one 500.00, so that nothing may be mixed up."""
    shop.sell(tender("card", 50000, "C1"), deposits=[(FIT_OUT, Fen(50000))], payer="另样装修队")
    sold = shop.sell(tender("cash", 200000), sales=[SaleWish(shop.deposit)], payer="样装修队", remark="12000000002")
    return str(sold.receipt)


class TestDepositOfAStranger:
    def back(self, shop: Shop, receipt: str, amount: int, *, kept: int = 0, code: str = "cash", **facts: Any) -> Any:
        papers = facts.pop("papers", DepositPapers(slip=receipt, inspected=True))
        return shop.office.run(
            refund_walk_in_deposit,
            receipt=receipt,
            name=facts.pop("name", FIT_OUT),
            amount=Fen(amount),
            tender=tender(code, amount - kept),
            deduction=Deduction(facts.pop("item", "装修垃圾清运费"), Fen(kept)) if kept else None,
            papers=papers,
            reason="完工",
            **facts,
        )

    def test_it_is_held_and_goes_back_by_its_slip(self, shop: Shop, deposit: str) -> None:
        assert shop.office.community.balance("2241.押金.装修押金") == -250000
        back = self.back(shop, deposit, 200000)
        assert (back.total, back.refunds) == (200000, deposit)
        assert shop.office.community.balance("2241.押金.装修押金") == -50000
        assert shop.office.expected() == 50000
        assert shop.office.seat.read(find_receipt, number=deposit).status == "refunded"
        shop.office.assert_sound()

    def test_a_part_is_kept_and_sold_out_of_it(self, shop: Shop, deposit: str) -> None:
        """Of 2,000.00, 300.50 is kept for the rubbish that was left: it is the supplier's money at once."""
        back = self.back(shop, deposit, 200000, kept=30050)
        assert back.total == 169950
        assert shop.office.community.balance("2241.代收.装修垃圾清运费") == -30050
        paper = shop.office.seat.read(find_receipt, number=back.receipt).document
        assert [one.amount for one in paper.lines] == [200000, -30050]
        assert (paper.total, paper.payer, paper.reverses) == (169950, "样装修队", deposit)
        assert shop.office.takings() == {"card": 50000, "cash": 200000 - 169950}
        shop.office.assert_sound()

    def test_all_of_it_may_be_kept(self, shop: Shop, deposit: str) -> None:
        assert self.back(shop, deposit, 200000, kept=200000).total == 0
        with pytest.raises(taking_back.DepositGivenBack):
            shop.office.run(void_payment, receipt=deposit, reason="x")
        with pytest.raises(walk_in_deposits.NoWalkInDeposit):
            self.back(shop, deposit, 1)
        shop.office.assert_sound()

    def test_what_was_kept_is_not_given_back_like_something_bought(self, shop: Shop, deposit: str) -> None:
        """Beside a card that was bought on the same receipt, cards that did not come back are kept of the deposit."""
        self.back(shop, deposit, 150000, kept=30050)
        facts: dict[str, Any] = {"deposits": [(FIT_OUT, Fen(10000))], "payer": "样装修队"}
        both = shop.sell(tender("cash", 12500), sales=[SaleWish(shop.card)], **facts).receipt
        self.back(shop, both, 10000, kept=5000, item="门禁卡")
        for receipt, most in ((deposit, 0), (both, 2500)):
            with pytest.raises((refunding.RefundTooLarge, refunding.DepositsOnly)):
                shop.office.run(refund_payment, receipt=receipt, tender=tender("cash", most + 1), reason="x")
        shop.office.run(refund_payment, receipt=both, tender=tender("cash", 2500), reason="退卡")
        assert shop.office.community.balance("6001.门禁卡") == -5000
        assert shop.office.community.balance("2241.代收.装修垃圾清运费") == -30050
        self.back(shop, deposit, 50000)
        with pytest.raises(refunding.RefundTooLarge, match=r"0\.00"):
            shop.office.run(refund_payment, receipt=deposit, tender=tender("cash", 30050), reason="x")
        shop.office.assert_sound()

    def test_a_deposit_with_rounding_goes_back_whole(self, shop: Shop) -> None:
        """100.05 of which 0.05 was forgone: 100.05 is held and goes back, of a stranger and of an account."""
        odd = [("钥匙押金", Fen(10005))]
        taken = shop.sell(tender("cash", 10010), deposits=odd, payer="样访客")
        assert (taken.total, taken.rounding) == (10000, 5)
        self.back(shop, taken.receipt, 10005, name="钥匙押金")
        receipt = shop.office.pay(tender("cash", 10010), charges=[], deposits=odd)
        papers = DepositPapers(slip=receipt)
        facts: dict[str, Any] = {"account": shop.office.home, "name": "钥匙押金", "amount": Fen(10005)}
        shop.office.run(refund_deposit, tender=tender("cash", 10005), papers=papers, reason="还钥匙", **facts)
        shop.office.assert_sound()

    def test_bit_by_bit_and_never_more(self, shop: Shop, deposit: str) -> None:
        self.back(shop, deposit, 150000)
        with pytest.raises(refunding.DepositTooSmall):
            self.back(shop, deposit, 50001)
        self.back(shop, deposit, 50000, papers=DepositPapers(lost="声明 7", inspected=True))
        with pytest.raises(taking_back.AlreadyTakenBack):
            self.back(shop, deposit, 1)
        shop.office.assert_sound()

    def test_the_same_request_twice(self, shop: Shop, deposit: str) -> None:
        first = self.back(shop, deposit, 100000, key="k")
        again = self.back(shop, deposit, 100000, key="k")
        assert (again.receipt, again.replayed) == (first.receipt, True)
        assert shop.office.expected() == 50000 + 200000 - 100000

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"papers": DepositPapers(inspected=True)}, refunding.EvidenceMissing),
            ({"papers": DepositPapers(slip="SJ-2026-1-000001", inspected=True)}, walk_in_deposits.SlipOfAnother),
            ({"papers": DepositPapers(lost="声明")}, refunding.InspectionMissing),
            ({"papers": DepositPapers(lost="声明", inspected=True, payee="别人")}, refunding.AuthorisationMissing),
            ({"name": "钥匙押金"}, walk_in_deposits.NoWalkInDeposit),
            ({"amount": 0}, refunding.DepositTooSmall),
            ({"kept": 200001}, refunding.DeductionWrong),
            ({"kept": 1, "item": "没有的项目"}, walk_in_deposits.UnknownItem),
            ({"kept": 1, "item": FIT_OUT}, walk_in_deposits.UnknownItem),
            ({"code": "prepaid"}, refunding.NotInPrepayment),
        ],
    )
    def test_what_is_refused(self, shop: Shop, deposit: str, facts: dict[str, Any], refusal: type[UserError]) -> None:
        rest = {name: fact for name, fact in facts.items() if name != "amount"}
        with pytest.raises(refusal):
            self.back(shop, deposit, facts.get("amount", 200000), **rest)
        assert shop.office.community.balance("2241.押金.装修押金") == -250000

    def test_a_deposit_of_an_account_is_not_given_back_so(self, shop: Shop) -> None:
        receipt = shop.office.pay(tender("cash", 1000), charges=[], deposits=[("钥匙押金", Fen(1000))])
        with pytest.raises(walk_in_deposits.NoWalkInDeposit):
            self.back(shop, receipt, 1000, name="钥匙押金")

    def test_a_void_and_a_bounced_transfer_of_it(self, shop: Shop, deposit: str) -> None:
        shop.office.run(void_payment, receipt=deposit, reason="收错")
        sent = shop.sell(tender("transfer", 30000, "T9"), deposits=[(FIT_OUT, Fen(30000))], payer="样装修队")
        shop.office.run(bounce_payment, receipt=sent.receipt, reason="退票")
        assert shop.office.community.balance("2241.押金.装修押金") == -50000
        other = shop.sell(tender("cash", 100), deposits=[(FIT_OUT, Fen(100))], payer="样").receipt
        with pytest.raises(refunding.DepositsOnly):
            shop.office.run(refund_payment, receipt=other, tender=tender("cash", 100), reason="x")
        shop.office.assert_sound()
