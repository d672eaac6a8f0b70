"""What the desk shows, as frozen rows: the account's card, its charges in groups, the ways of paying, the preview."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from feedesk.money import ZERO, Fen, decimal_text
from feedesk.rules.tenders import ChangeStep
from feedesk.ui.widgets.painting import Tone


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One open charge. ``amount`` gross, ``discount`` positive, ``due`` what is still to pay, late fee included.

    ``group`` names the period it stands under; ``frozen`` charges are in dispute and never ticked by themselves;
    ``in_scope``: of this period or earlier (本期及往期); ``proposed``: ticked at opening, None: as it is in scope.
    """

    id: int
    item: str
    period: str
    basis: str
    amount: Fen
    discount: Fen
    late_fee: Fen
    principal: Fen
    due: Fen
    due_date: date
    group: str
    overdue_days: int = 0
    frozen: bool = False
    in_scope: bool = True
    unit: str = ""
    proposed: bool | None = None
    account: int = 0

    @property
    def ticked_at_opening(self) -> bool:
        """Whether it is ticked when the account is opened."""
        return not self.frozen and (self.in_scope if self.proposed is None else self.proposed)


@dataclass(frozen=True, slots=True)
class AddedUnit:
    """A further account that the same payment is for, and what is open on it."""

    account: int
    unit: str
    resident: str
    charges: tuple[ChargeLine, ...]


@dataclass(frozen=True, slots=True)
class SoldLine:
    """An article of the price list that is bought in the same payment: so many of a ``tariff``, for ``amount``."""

    tariff: int
    name: str
    quantity: Fraction
    amount: Fen

    @property
    def words(self) -> str:
        """``门禁卡×2``, or the name alone of a single one."""
        return self.name if self.quantity == 1 else f"{self.name}×{decimal_text(self.quantity)}"


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """What the payer said beside ticks and money: further accounts, who pays if not the resident, whether ``only``
    the principal or the late_fee is settled, and what is bought from the price list.
    """

    added: tuple[AddedUnit, ...] = ()
    payer: str = ""
    only: str = ""
    sales: tuple[SoldLine, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountCardRow:
    """The card at the left: who pays for which unit, what is known of them, and what to remember."""

    account: int
    number: str
    unit: str
    unit_note: str
    resident: str
    phone: str
    chips: tuple[tuple[Tone, str], ...] = ()
    prepaid: Fen = ZERO
    deposits: Fen = ZERO
    parking: str = ""
    last_payment: tuple[date, Fen] | None = None
    reminders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskStatement:
    """All the desk shows of one account on one day, and how money is taken at it now: the ways of paying (as before
    where there are none) and the smallest coin of change.
    """

    card: AccountCardRow
    charges: tuple[ChargeLine, ...]
    today: date
    unbilled: str = ""
    tenders: tuple["TenderChoice", ...] = ()
    step: ChangeStep = ChangeStep.JIAO


@dataclass(frozen=True, slots=True)
class TenderChoice:
    """A way of paying the desk offers; its name is data of the ledger. ``prepaid`` uses up the account's prepayment,
    ``needs_reference`` takes no money without one.
    """

    code: str
    name: str
    gives_change: bool = False
    asks_reference: bool = False
    prepaid: bool = False
    needs_reference: bool = False


@dataclass(frozen=True, slots=True)
class Tendered:
    """What the cashier typed in one way of paying."""

    code: str
    amount: Fen
    reference: str = ""


@dataclass(frozen=True, slots=True)
class AheadLine:
    """Months of an item paid ahead together with the charges ticked: what they cost, and until when they reach."""

    account: int
    item: str
    months: int
    until: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the money panel: the way of paying chosen (by its place), and every amount typed."""

    place: int = 0
    combined: bool = False
    keep_change: bool = False
    tendered: tuple[Tendered, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """A payment put aside (挂单) while somebody else is served: whose, which charges were ticked, what was typed."""

    account: int
    unit: str
    resident: str
    charges: tuple[int, ...]
    typed: Typed
    ahead: tuple[AheadLine, ...] = ()
    terms: PaymentTerms = PaymentTerms()

    @property
    def who(self) -> str:
        """``3-1-502 张样燕``."""
        return f"{self.unit} {self.resident}"


@dataclass(frozen=True, slots=True)
class CollectionOrder:
    """What the button asks for: these charges, ``due`` in all, paid by these tenders.

    The same ``request_key`` never takes money twice. ``same_reference``: the cashier confirmed that a reference seen
    before is other money this time.
    """

    account: int
    charges: tuple[int, ...]
    due: Fen
    tendered: tuple[Tendered, ...]
    part: bool = False
    keep_change: bool = False
    request_key: str = ""
    same_reference: bool = False
    ahead: tuple[AheadLine, ...] = ()
    terms: PaymentTerms = PaymentTerms()


@dataclass(frozen=True, slots=True)
class StrangerTarget:
    """A hit that leads to the receipt of somebody without an account, whose papers are all there is to show."""

    number: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Which charges are ticked, and what of the open ones is left out because of a dispute.

    ``ahead`` is what months ahead add to them; ``only`` the principal or the late_fee of each is settled, or both.
    ``conceded`` is taken off for settling a whole year at once, by the name of ``concession``. ``sales`` are bought
    in the same payment.
    """

    charges: tuple[ChargeLine, ...] = ()
    disputed: Fen = ZERO
    ahead: Fen = ZERO
    only: str = ""
    conceded: Fen = ZERO
    concession: str = ""
    sales: tuple[SoldLine, ...] = ()

    @property
    def total(self) -> Fen:
        return Fen(self.principal + self.late_fees + self.ahead - self.conceded + self.sold)

    @property
    def sold(self) -> Fen:
        """What is bought comes to."""
        return Fen(sum(one.amount for one in self.sales))

    @property
    def principal(self) -> Fen:
        return ZERO if self.only == "late_fee" else Fen(sum(charge.principal for charge in self.charges))

    @property
    def late_fees(self) -> Fen:
        due = sum(charge.due - charge.principal for charge in self.charges)
        return ZERO if self.only == "principal" else Fen(due)
