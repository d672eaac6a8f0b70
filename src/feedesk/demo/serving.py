"""The cashier at the desk: one customer after another, by keys alone, careless now and then.

What the window tells (receipt, change) is believed as a cashier believes it: the notes that go into and out of the
drawer follow the change shown, so that a wrong figure on the screen would show when the drawer is counted.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QListWidget

from feedesk.demo.customers import Customer, Handed, Money
from feedesk.demo.hands import DemoStuck, Hands
from feedesk.demo.script import Mishap, Way
from feedesk.money import ZERO, Fen, format_amount
from feedesk.rules.cash_count import NOTES, OTHER
from feedesk.ui.pages.desk.page import DeskPage, Taken
from feedesk.ui.widgets.search_field import SearchHit

TENDER_KEYS: Final = {
    "cash": "Alt+1",
    "wechat": "Alt+2",
    "alipay": "Alt+3",
    "card": "Alt+4",
    "transfer": "Alt+5",
    "prepaid": "Alt+6",
}


@dataclass(slots=True)
class Drawer:
    """The notes and coins that really lie in the drawer, whatever the ledger says; in fen."""

    cash: Fen = ZERO

    def put(self, amount: Fen) -> None:
        self.cash = Fen(self.cash + amount)

    def take(self, amount: Fen) -> None:
        self.cash = Fen(self.cash - amount)

    def counted(self) -> dict[str, int]:
        """Pieces by denomination, as a drawer is: mostly large notes, some of everything; fen come under other cash."""
        counts: dict[str, int] = {}
        rest = int(self.cash)
        for one in NOTES:
            # What small notes there are came in as the float and as change of others.
            pieces = rest // one.value if one is NOTES[-1] else rest * 3 // 4 // one.value
            if pieces:
                counts[one.key] = pieces
                rest -= pieces * one.value
        return counts | ({OTHER: rest} if rest else {})


@dataclass(slots=True)
class Served:
    """A payment made: who, what was handed over and must have come of it, and what the window said."""

    customer: Customer
    money: Money
    taken: Taken
    cashier: str
    voided: bool = False


@dataclass(slots=True)
class Serving:
    """What happened so far: payments in order, customers who only asked, mishaps by kind, refusals read."""

    served: list[Served] = field(default_factory=list)
    asked: int = 0
    mishaps: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    reprints: int = 0


class Till(QObject):
    """The keyboard of the desk page, and the drawer beside it."""

    def __init__(self, hands: Hands, page: DeskPage) -> None:
        super().__init__(page)
        self.hands, self.page = hands, page
        self.cashier = ""
        self.drawer = Drawer()
        self.past = Serving()
        self._told: list[Taken] = []
        page.taken.connect(self._on_taken)

    def _on_taken(self, taken: Taken) -> None:
        self._told.append(taken)

    # ---- whom ----------------------------------------------------------------------------------------------------

    def look_up(self, customer: Customer) -> None:
        """Types what the customer says and marks their line among the hits."""
        self.hands.wait("the search box has the keyboard", lambda: self.hands.keyboard_is_in(self.page.search))
        self.hands.write(customer.text)
        self.hands.wait(f"{customer.text} is found", lambda: self._row_of(customer) >= 0)
        self.hands.press(*["Down"] * self._row_of(customer))

    def open_account(self, customer: Customer) -> None:
        """Enter on the line marked: the account is shown, the keyboard on its charges."""
        self.hands.press("Return")
        self.hands.wait(f"{customer.unit} is shown", lambda: self._shown() == customer.account)
        statement = self.page.statement()
        assert statement is not None
        due = self.page.charges.selection().total
        expected = sum(charge.due for charge in customer.charges)
        if due != expected:
            raise DemoDiffers(customer.unit, "due", Fen(expected), due)

    def send_away(self) -> None:
        """Esc until the desk is empty: this customer only asked."""
        self.hands.press("Escape")
        self.hands.wait("the desk is empty", lambda: self.page.statement() is None)

    def _row_of(self, customer: Customer) -> int:
        hits: QListWidget | None = self.page.search.hits_list()
        if hits is None:
            return -1
        for row in range(hits.count()):
            hit: SearchHit = hits.item(row).data(Qt.ItemDataRole.UserRole)
            if hit.target == customer.account:
                return row
        return -1

    def _shown(self) -> int | None:
        statement = self.page.statement()
        return statement.card.account if statement else None

    # ---- money ---------------------------------------------------------------------------------------------------

    def serve(self, customer: Customer, money: Money | None) -> None:
        """The whole visit: looked up, perhaps in vain at first, and paid as the script says."""
        if customer.visit.mishap is Mishap.UNKNOWN_ROOM:
            self.mistype_room()
        self.look_up(customer)
        self.open_account(customer)
        if money is None:
            self.send_away()
            self.past.asked += 1
            return
        if customer.visit.mishap is Mishap.SECOND_THOUGHTS:
            self.change_ones_mind(customer)
        if customer.visit.way is Way.ONE_LESS:
            self.hands.press("Space")
        self.type_money(customer, money)
        self.take(customer, money)

    def type_money(self, customer: Customer, money: Money) -> None:
        """From the charges to the money, and everything but the last Enter."""
        self.hands.press("Return")
        self.hands.wait("the money has the keyboard", lambda: self.hands.keyboard_is_within(self.page.tender))
        mishap, way = customer.visit.mishap, customer.visit.way
        if way is Way.CHANGE_KEPT:
            self.keep_change()
        if mishap is Mishap.LETTERS:
            self.type_letters()
        if mishap is Mishap.TOO_LITTLE:
            self.type_too_little(customer)
        if way is Way.EXACT_CASH:
            self.hands.press("Return")  # an empty field takes the exact sum, which is shown first
        elif len(money.handed) > 1:
            self.type_several(money)
        else:
            self.type_one(customer, money.handed[0])

    def type_one(self, customer: Customer, handed: Handed) -> None:
        """One way of paying; what is not cash comes filled in with the sum."""
        if handed.code == "cash":
            self.hands.write(_typed(handed.amount))
            return
        self.hands.press(TENDER_KEYS[handed.code])
        if handed.amount != customer.due:
            self.hands.press("Shift+Tab")
            self.hands.write(_typed(handed.amount))
            self.hands.press("Tab")
        if handed.reference:
            if customer.visit.mishap is Mishap.USED_REFERENCE:
                self.use_reference_again(handed)
            self.hands.write(handed.reference)

    def type_several(self, money: Money) -> None:
        """F10, then one way after the other; the last one takes what is missing by itself."""
        self.hands.press("F10")
        last = len(money.handed) - 1
        for place, handed in enumerate(money.handed):
            self.hands.press(TENDER_KEYS[handed.code])
            if handed.code == "cash" or (place < last and handed.code != "prepaid"):
                self.hands.write(_typed(handed.amount))
            if handed.reference:
                self.hands.write(handed.reference)

    def take(self, customer: Customer, money: Money) -> None:
        """The last Enter: taken, told in the banner, the keyboard back in the search box."""
        part = customer.visit.way in (Way.PART_CASH, Way.PART_WECHAT)
        before = len(self._told)
        self.hands.press("Ctrl+Return" if part else "Return")
        if customer.visit.mishap is Mishap.DOUBLE_ENTER:
            self.hands.press("Return")
            self.past.mishaps[Mishap.DOUBLE_ENTER] += 1
        self.hands.wait(f"the money of {customer.unit} is taken", lambda: len(self._told) > before)
        self.hands.wait("the search box has the keyboard", lambda: self.hands.keyboard_is_in(self.page.search))
        taken = self._told[-1]
        if len(self._told) != before + 1 or taken.total != money.settlement.total:
            raise DemoDiffers(customer.unit, taken.receipt, money.settlement.total, taken.total)
        if taken.receipt not in self.page.banner.accessibleName():
            raise DemoStuck(seconds=0, what=f"{taken.receipt} is told", shown=self.page.banner.accessibleName())
        self.drawer.put(money.cash)
        self.drawer.take(taken.change)
        self.past.served.append(Served(customer, money, taken, self.cashier))

    def keep_change(self) -> None:
        """Alt+0: the change goes into the prepayment."""
        self.hands.press("Alt+0")
        self.hands.wait("the change is kept", self.page.tender.keeps_change)

    # ---- carelessness --------------------------------------------------------------------------------------------

    def mistype_room(self) -> None:
        """A room that is not there: the desk says so, and what was typed can be typed over."""
        self.hands.wait("the search box has the keyboard", lambda: self.hands.keyboard_is_in(self.page.search))
        self.hands.write("9-9-9999")
        self.hands.press("Return")
        self.hands.wait("an unknown room is refused", self.page.banner.isVisible)
        self._note(Mishap.UNKNOWN_ROOM, self.page.banner.accessibleName())
        self.hands.press("Ctrl+A")

    def type_letters(self) -> None:
        """Letters instead of an amount: Enter takes nothing."""
        self.hands.write("12a")
        self._refused(Mishap.LETTERS)

    def type_too_little(self, customer: Customer) -> None:
        """Ten yuan too little."""
        self.hands.write(_typed(Fen(customer.due - 10_00)))
        self._refused(Mishap.TOO_LITTLE)

    def use_reference_again(self, handed: Handed) -> None:
        """The reference of an earlier payment in the same way, read off the wrong line."""
        earlier = next(
            one.reference for served in self.past.served for one in served.money.handed if one.code == handed.code
        )
        self.hands.write(earlier)
        self._refused(Mishap.USED_REFERENCE, clear=False)
        self.hands.press("Ctrl+A")

    def change_ones_mind(self, customer: Customer) -> None:
        """To the money, back by Esc twice, and everything from the beginning."""
        self.hands.press("Return")
        self.hands.write("50")
        self.hands.press("Escape", "Escape")
        self.hands.wait("the desk is empty", lambda: self.page.statement() is None)
        self.past.mishaps[Mishap.SECOND_THOUGHTS] += 1
        self.look_up(customer)
        self.open_account(customer)

    def _refused(self, mishap: Mishap, *, clear: bool = True) -> None:
        before = len(self._told)
        self.hands.press("Return")
        problem = self.page.tender.received.edit.problem
        self.hands.wait(f"{mishap} is refused", lambda: bool(problem()))
        if len(self._told) != before:
            raise DemoStuck(seconds=0, what=f"{mishap} is refused", shown=self._told[-1].receipt)
        self._note(mishap, problem())
        if clear:
            self.hands.press("Ctrl+A")

    def _note(self, mishap: Mishap, sentence: str) -> None:
        self.past.mishaps[mishap] += 1
        self.past.refusals.append(sentence)

    # ---- afterwards ----------------------------------------------------------------------------------------------

    def reprint_last(self) -> None:
        """Ctrl+P."""
        self.hands.press("Ctrl+P")
        last = self.past.served[-1].taken.receipt
        self.hands.wait("the reprint is on its way", lambda: last in self.page.banner.accessibleName())
        self.past.reprints += 1

    def look_at_receipt_again(self) -> None:
        """A customer comes back with the slip: its bar code is scanned, the account is there, Esc."""
        last = self.past.served[-1]
        self.hands.write(last.taken.receipt)
        self.hands.press("Return")
        self.hands.wait("the receipt's account is shown", lambda: self._shown() == last.customer.account)
        self.send_away()
        self.past.asked += 1

    def find_receipt_to_void(self) -> None:
        """Ctrl+Delete: the receipts of this shift, the newest marked; Enter goes on to the reason."""
        window = self.page.window()
        self.hands.press("Ctrl+Delete")
        self.hands.wait("the receipts are shown", lambda: window.property("open_sheet") is not None)
        self.hands.press("Return", "3")

    def void_last(self) -> None:
        """Enter voids; the money goes back out of the drawer."""
        last = self.past.served[-1]
        self.hands.press("Return")
        self.hands.wait("the receipt is voided", lambda: self.page.window().property("open_sheet") is None)
        self.hands.wait("the desk tells it", lambda: last.taken.receipt in self.page.banner.accessibleName())
        self.drawer.take(Fen(last.money.cash - last.taken.change))
        last.voided = True


class DemoDiffers(DemoStuck):
    """The window came to another sum than the rules."""

    def __init__(self, unit: str, what: str, expected: Fen, shown: Fen) -> None:
        words = f"{unit} {what} = {format_amount(expected)}"
        super().__init__(seconds=0, what=words, shown=format_amount(shown))


def _typed(amount: Fen) -> str:
    return format_amount(amount, grouped=False).removesuffix(".00")
