"""Articles of the price list bought in the payment of charges: one sum, one receipt, each line put right by itself."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.money import Fen
from feedesk.ops import buying, collecting, refunding, transferring
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.buying import SaleWish
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.payment_posting import PaymentCollected
from feedesk.ops.refund_parts import NotOnReceipt, RefundOf
from feedesk.ops.refunding import refund_payment
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.queries.corrections import payment_left
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.rules.tenders import TenderShort
from tests.community import TODAY
from tests.ops.price_list import add_article, add_price
from tests.ops.putting_right import Office, office, tender

DUE = 60000 + 4864
"""What the home owes: 物业费 of three months and 水费."""


@dataclass(slots=True)
class Counter:
    office: Office
    card: int
    deposit: int

    def pay(self, *tenders: Any, cards: int = 2, **facts: Any) -> PaymentCollected:
        wishes = facts.pop("sales", [SaleWish(self.card, Fraction(cards))])
        return self.office.run(
            collecting.collect_payment,
            **{"account": self.office.home, "tenders": tenders, "sales": wishes, **facts},
        )

    def lines(self, receipt: str) -> list[tuple[str, int]]:
        document = self.office.seat.read(find_receipt, number=receipt).document
        return [(one.item, one.amount) for one in document.lines]


@pytest.fixture
def counter(ledger_database: Database) -> Counter:
    desk = office(ledger_database)
    return Counter(
        desk,
        card=add_article(desk.community, "门禁卡", "25.03"),
        deposit=add_article(desk.community, "装修押金", "2000", nature=chart.DEPOSIT),
    )


def test_charges_and_cards_in_one_sum(counter: Counter) -> None:
    """648.64 + 2 × 25.03 = 698.70 of 700.00: 1.30 back, one receipt, one row for each line."""
    done = counter.pay(tender("cash", 70000))
    assert (done.total, done.change, done.rounding, done.balance_after) == (69870, 130, 0, 0)
    assert sum(one.principal for one in done.allocations) == DUE
    assert counter.lines(done.receipt)[-1] == ("门禁卡", 5006)
    assert sum(amount for _item, amount in counter.lines(done.receipt)) == 69870
    assert counter.office.community.balance("6001.门禁卡") == -5006
    assert counter.office.expected() == 50000 + 69870
    assert counter.office.takings() == {"cash": 69870}
    counter.office.assert_sound()


def test_cash_is_settled_once_over_all_of_it(counter: Counter) -> None:
    """100.00 + 25.03 = 125.03 of 126.00: over 0.97, back 1.00; a 抹零 of 0.03 for both together."""
    first = counter.office.seat.read(statement, account=counter.office.home, on=TODAY).charges[0].id
    done = counter.pay(tender("cash", 12600), cards=1, charges=[first])
    assert (done.total, done.change, done.rounding) == (12500, 100, 3)
    counter.office.assert_sound()


def test_money_that_is_just_the_price_is_for_that_alone(counter: Counter) -> None:
    done = counter.pay(tender("wechat", 5006))
    assert (done.total, done.allocations) == (5006, ())
    assert counter.office.owed(counter.office.home) == DUE
    counter.office.assert_sound()


def test_with_no_charges_named_what_is_bought_stands_alone(counter: Counter) -> None:
    assert counter.pay(tender("cash", 5006), charges=()).total == 5006
    counter.office.assert_sound()


def test_a_part_payment_pays_the_cards_whole_and_the_oldest_of_the_rest(counter: Counter) -> None:
    done = counter.pay(tender("wechat", 5006 + 12000), part=True)
    assert [(one.period, one.principal) for one in done.allocations] == [("2026-09", 10000), ("2026-10", 2000)]
    assert counter.office.community.balance("6001.门禁卡") == -5006
    with pytest.raises(TenderShort):
        counter.pay(tender("wechat", 5000), part=True, charges=())
    counter.office.assert_sound()


def test_further_accounts_prepayment_and_an_article_that_is_a_deposit(counter: Counter) -> None:
    """648.64 + 250.00 of the neighbour + 25.03 + 2,000.00 held + 10.00 prepaid, by WeChat and card."""
    wishes = [SaleWish(counter.card), SaleWish(counter.deposit)]
    due = DUE + 25000 + 2503 + 200000 + 1000
    done = counter.pay(
        tender("wechat", 100000),
        tender("card", due - 100000),
        sales=wishes,
        also=[counter.office.other],
        prepay=Fen(1000),
    )
    assert done.total == due
    held = counter.office.seat.read(statement, account=counter.office.home, on=TODAY)
    assert (held.prepaid, held.deposits, held.total_due) == (1000, 200000, 0)
    assert counter.office.owed(counter.office.other) == 0
    counter.office.assert_sound()


def test_only_the_principal_and_a_card(counter: Counter) -> None:
    from feedesk.rules.allocation import DebtPart

    done = counter.pay(tender("wechat", DUE + 2503), cards=1, only=DebtPart.PRINCIPAL)
    assert sum(one.late_fee for one in done.allocations) == 0
    counter.office.assert_sound()


def test_paid_from_the_prepayment_in_part(counter: Counter) -> None:
    counter.office.pay(tender("cash", 3000), charges=[], prepay=Fen(3000))
    done = counter.pay(tender("prepaid", 3000), tender("cash", 2010), charges=())
    assert (done.total, done.change, done.rounding) == (5000, 10, 6)
    counter.office.assert_sound()


def test_the_same_request_is_one_payment_and_another_price_another_request(counter: Counter) -> None:
    first = counter.pay(tender("cash", 70000), key="once")
    assert counter.pay(tender("cash", 70000), key="once").replayed
    with pytest.raises(collecting.RequestKeyUsed):
        counter.pay(tender("cash", 70000), cards=1, key="once")
    assert counter.office.seat.read(find_receipt, number=first.receipt).status == "issued"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"sales": [SaleWish(99)]}, buying.NotOnSale),
        ({"cards": 0}, buying.QuantityWrong),
        ({"cards": 10000}, buying.QuantityWrong),
        ({"cards": -1}, buying.QuantityWrong),
        ({"cards": Fraction(1, 3)}, buying.QuantityWrong),
        ({"tenders": ()}, TenderShort),
        ({"tenders": (tender("cash", DUE),)}, TenderShort),
        ({"tenders": (tender("prepaid", 70000),)}, UserError),
    ],
)
def test_what_is_refused_takes_nothing(counter: Counter, facts: dict[str, Any], refusal: type[UserError]) -> None:
    asked = {"tenders": (tender("cash", 100000),), **facts}
    given = asked.pop("tenders")
    with pytest.raises(refusal):
        counter.pay(*given, **asked)
    assert counter.office.owed(counter.office.home) == DUE
    assert counter.office.expected() == 50000


def test_a_price_that_changed_since_it_was_said_is_told(counter: Counter) -> None:
    add_price(counter.office.community, counter.card, "30", valid_from=TODAY)
    seen = [SaleWish(counter.card, Fraction(2), Fen(5006))]
    with pytest.raises(buying.PriceIsOther) as told:
        counter.pay(tender("cash", 100000), sales=seen)
    assert "60.00" in str(told.value)
    assert counter.pay(tender("cash", 100000), sales=[SaleWish(counter.card, Fraction(2), Fen(6000))]).total == 70860


class TestPutRight:
    @pytest.mark.parametrize(
        ("of", "opened", "left"),
        [
            (RefundOf("sale", "门禁卡"), 0, (0, DUE)),
            (RefundOf("settled"), 5006, (5006, DUE - 5006)),
            (None, 0, (0, DUE)),
        ],
    )
    def test_a_line_goes_back_by_itself(
        self, counter: Counter, of: RefundOf | None, opened: int, left: tuple[int, int]
    ) -> None:
        """50.06 of the cards, or 50.06 of what was settled last; without a word what was bought goes first."""
        done = counter.pay(tender("wechat", 69870))
        back = counter.office.run(
            refund_payment, receipt=done.receipt, tender=tender("wechat", 5006), reason="退款", of=of
        )
        assert back.opened == opened
        rest = counter.office.seat.read(payment_left, payment=done.payment)
        assert (rest.sold, sum(one.amount for one in rest.parts)) == left
        counter.office.assert_sound()

    def test_no_more_of_a_line_than_was_paid_for_it(self, counter: Counter) -> None:
        """Cards for 50.06 and charges; the 抹零 of 0.06 goes back with the last of all of it."""
        done = counter.pay(tender("cash", 69870))
        refund: dict[str, Any] = {"receipt": done.receipt, "reason": "退款"}
        with pytest.raises(refunding.RefundTooLarge) as told:
            counter.office.run(refund_payment, tender=tender("cash", 5007), of=RefundOf("sale", "门禁卡"), **refund)
        assert "50.06" in str(told.value)
        with pytest.raises(NotOnReceipt):
            counter.office.run(refund_payment, tender=tender("cash", 100), of=RefundOf("sale", "水卡"), **refund)
        with pytest.raises(NotOnReceipt):
            counter.office.run(refund_payment, tender=tender("cash", 100), of=RefundOf("prepayment"), **refund)
        counter.office.run(refund_payment, tender=tender("cash", DUE), of=RefundOf("settled"), **refund)
        counter.office.run(refund_payment, tender=tender("cash", 5006), of=RefundOf("sale", "门禁卡"), **refund)
        assert counter.office.expected() == 50000
        counter.office.assert_sound()

    def test_the_rounding_goes_back_with_the_last_line_only(self, counter: Counter) -> None:
        """100.00 + 25.03 paid with 125.00: the card alone gives 25.03, the charge then only 99.97."""
        first = counter.office.seat.read(statement, account=counter.office.home, on=TODAY).charges[0].id
        done = counter.pay(tender("cash", 12600), cards=1, charges=[first])
        refund: dict[str, Any] = {"receipt": done.receipt, "reason": "退款"}
        counter.office.run(refund_payment, tender=tender("cash", 2503), of=RefundOf("sale", "门禁卡"), **refund)
        with pytest.raises(refunding.RefundTooLarge):
            counter.office.run(refund_payment, tender=tender("cash", 10000), of=RefundOf("settled"), **refund)
        counter.office.run(refund_payment, tender=tender("cash", 9997), of=RefundOf("settled"), **refund)
        assert counter.office.expected() == 50000
        assert counter.office.owed(counter.office.home) == DUE
        counter.office.assert_sound()

    def test_a_void_takes_all_of_it_back(self, counter: Counter) -> None:
        done = counter.pay(tender("cash", 70000))
        counter.office.run(void_payment, receipt=done.receipt, reason="不要了")
        assert counter.office.owed(counter.office.home) == DUE
        assert counter.office.community.balance("6001.门禁卡") == 0
        assert counter.office.expected() == 50000
        counter.office.assert_sound()

    def test_a_reversal_later(self, counter: Counter) -> None:
        done = counter.pay(tender("card", 69870))
        counter.office.next_shift()
        counter.office.run(reverse_payment, receipt=done.receipt, reason="收错")
        assert counter.office.owed(counter.office.home) == DUE
        counter.office.assert_sound()

    def test_the_tender_is_changed_for_all_of_it(self, counter: Counter) -> None:
        done = counter.pay(tender("cash", 69870))
        counter.office.run(
            change_tender, receipt=done.receipt, tenders=[tender("wechat", 69870, "W1")], reason="实为微信"
        )
        assert counter.office.takings() == {"wechat": 69870}
        counter.office.assert_sound()

    def test_a_transfer_that_came_back(self, counter: Counter) -> None:
        done = counter.pay(tender("transfer", 69870, "T1"))
        counter.office.run(bounce_payment, receipt=done.receipt, reason="退票")
        assert counter.office.owed(counter.office.home) == DUE
        assert counter.office.community.balance("6001.门禁卡") == 0
        counter.office.assert_sound()

    def test_it_is_not_moved_to_another_account(self, counter: Counter) -> None:
        done = counter.pay(tender("cash", 70000))
        with pytest.raises(transferring.SoldAtTheDesk):
            counter.office.run(transfer_payment, receipt=done.receipt, account=counter.office.other, reason="收错户")
