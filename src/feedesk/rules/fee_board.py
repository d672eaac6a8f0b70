"""The fee board (收费公示): what must hang where residents see it, and what is still missing from it.

物业服务收费明码标价规定 art. 6: name of the company, whom the fee is charged to, what is done for it and how, how it is
reckoned and from when, fee item, standard, price form, basis, telephone for complaints about prices; art. 8: the same
for what is collected for suppliers; art. 10: a new standard is shown a month before it holds.
明码标价和禁止价格欺诈规定 art. 7–9: nothing may be charged that is not marked. 物业管理条例 art. 44: no handling charge
on what is collected for a supplier. 12315 took over the complaints of 12358 in 2019.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from feedesk.money import decimal_text
from feedesk.rules.concession_terms import Condition, ConditionKind
from feedesk.rules.concessions import Policy, Reduction
from feedesk.rules.late_fee_words import rule_words
from feedesk.rules.late_fees import LateFeeRule, LateFeeStart
from feedesk.rules.spans import DeliveryRule
from feedesk.texts import N_, _

COMPLAINTS = "12315"
NOTICE = timedelta(30)
"""How long before it holds a new standard must be shown."""

OWN, COLLECTED, COMMON, DEPOSITS = "自有", "代收代付", "公共收益", "押金"
HEADINGS: Mapping[str, str] = {
    OWN: N_("Fees of the company for its services"),
    COLLECTED: N_("Collected for suppliers"),
    COMMON: N_("Income of the owners from common parts"),
    DEPOSITS: N_("Deposits, to be returned"),
}
_USUAL: Mapping[str, str] = {
    "物业费": N_(
        "Overall management; upkeep of common parts and installations; cleaning, greenery and order in public areas"
    ),
    "车位服务费": N_("Upkeep, cleaning, lighting and order of the parking area"),
    "水费": N_("Tap water used by the home, by its meter"),
    "电费": N_("Electricity used by the home, by its meter"),
    "燃气费": N_("Gas used by the home, by its meter"),
    "热水费": N_("Hot water used by the home, by its meter"),
    "公摊电费": N_("Electricity of lifts, pumps, lights and other common installations, shared by the owners"),
    "公摊水费": N_("Water for cleaning, greenery and other common use, shared by the owners"),
}
_FROM = {
    DeliveryRule.NEXT_MONTH: N_("Owners pay from the month after the delivery of their unit; before it the developer."),
    DeliveryRule.BY_DAY: N_("Owners pay from the day of delivery of their unit; before it the developer."),
    DeliveryRule.WHOLE_MONTH: N_("Owners pay from the month of delivery of their unit; before it the developer."),
    DeliveryRule.HALF_MONTH: N_(
        "Owners pay from the month of delivery of their unit, half of it if delivered in its second half."
    ),
}


@dataclass(frozen=True, slots=True)
class BoardPrice:
    """One standard: what it is charged for, whom, how much, on what basis, and on which days.

    ``nature`` (款项性质) is the part of the board it stands in; ``places`` whom it concerns; ``coming``: not yet in
    force, shown ahead.
    """

    item: str
    nature: str
    tariff: str
    covers: str
    standard: str
    places: str
    price_form: str
    document: str
    valid_from: date
    valid_to: date | None = None
    coming: bool = False

    @property
    def head(self) -> str:
        """The fee item, with the standard's own name where that says more."""
        return self.item if self.tariff in ("", self.item) else f"{self.item}({self.tariff})"


@dataclass(frozen=True, slots=True)
class BoardConcession:
    """A policy in force, and the fee items it lowers (empty: all of the company's own)."""

    policy: Policy
    condition: Condition
    items: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class BoardLateFee:
    """A rule in force for a fee item; ``item`` empty: for all but what is collected for suppliers."""

    item: str
    rule: LateFeeRule


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeBoard:
    """Everything on the board on a day. ``unmarked``: fee items charged as shared costs that no standard stands for."""

    on: date
    community: str = ""
    company: str = ""
    credit_code: str = ""
    address: str = ""
    phone: str = ""
    delivery: DeliveryRule = DeliveryRule.NEXT_MONTH
    prices: tuple[BoardPrice, ...] = ()
    concessions: tuple[BoardConcession, ...] = ()
    late_fees: tuple[BoardLateFee, ...] = ()
    unmarked: tuple[str, ...] = ()

    def of_nature(self, nature: str) -> tuple[BoardPrice, ...]:
        """The standards of one part of the board."""
        return tuple(price for price in self.prices if price.nature == nature)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the rules ask for and the records do not say, in sentences."""
        return tuple(_missing(self))

    @property
    def counts_from(self) -> str:
        """From when a fee is charged (计费起始时间)."""
        return _(_FROM[self.delivery])


def usual_cover(item: str) -> str:
    """What is usually done for a fee item, where the office has not said it; empty for items of its own making."""
    return _(_USUAL[item]) if item in _USUAL else ""


def condition_words(condition: Condition) -> str:
    """For whom a concession is."""
    match condition.kind:
        case ConditionKind.TAG:
            return _("residents marked {tag}").format(tag=condition.tag)
        case ConditionKind.VACANT:
            return _("empty homes")
        case ConditionKind.PREPAID:
            return _("paid {months} months or more ahead").format(months=condition.months)
        case ConditionKind.PAID_AT_ONCE:
            return _("all paid at once")
        case ConditionKind.GRANTED:
            return _("granted on application")


def reduction_words(policy: Policy) -> str:
    """What a concession takes off."""
    figure = decimal_text(policy.value)
    match policy.reduction:
        case Reduction.PERCENT:
            return _("{percent}% off").format(percent=figure)
        case Reduction.AMOUNT:
            return _("{amount} yuan off each charge").format(amount=decimal_text(policy.value, 2))
        case Reduction.MONTHS:
            return _("{months} months free").format(months=figure)
        case Reduction.UNIT_PRICE:
            return _("at {price} yuan").format(price=decimal_text(policy.value, 2))


def late_fee_words(late_fee: BoardLateFee) -> str:
    """The whole rule in one sentence."""
    rule = late_fee.rule
    starts = (
        _("from the 1st of the month after the due date")
        if rule.start is LateFeeStart.NEXT_MONTH
        else _("from the day after the due date")
    )
    if rule.grace_days:
        starts += _(", {days} days of grace").format(days=rule.grace_days)
    return _("{rate} of what is unpaid, {starts}, at most {cap}% of the principal").format(
        rate=rule_words(rule), starts=starts, cap=decimal_text(rule.cap * 100)
    )


def _missing(board: FeeBoard) -> Iterator[str]:
    for value, name in (
        (board.community, N_("the community's name")),
        (board.company, N_("the company's name")),
        (board.phone, N_("the service phone")),
    ):
        if not value:
            yield _("The records do not name {what}: import it with the sheet 小区.").format(what=_(name))
    if not board.prices:
        yield _("No price is in force: there is nothing to show.")
    for price in board.prices:
        yield from _missing_of(price, board.on)
    for item in board.unmarked:
        yield _("{item} is shared out but stands nowhere on the board: add a tariff of 总额分摊 for it.").format(
            item=item
        )
    for concession in board.concessions:
        if not concession.policy.document:
            yield _("{name}: the concession names no basis document.").format(name=concession.policy.name)


def _missing_of(price: BoardPrice, on: date) -> Iterator[str]:
    head = price.head
    if not price.price_form:
        yield _("{item}: the price form is missing (政府指导价, 市场调节价 or 合同约定).").format(item=head)
    if not price.document:
        yield _("{item}: the basis document is missing.").format(item=head)
    if not price.covers:
        yield _("{item}: it is not said what is done for it.").format(item=head)
    if not price.places:
        yield _("{item}: it applies to no unit.").format(item=head)
    if price.coming and price.valid_from - on < NOTICE:
        words = _("{item}: the new price holds from {day}; it must be shown a month before (明码标价规定 art. 10).")
        yield words.format(item=head, day=price.valid_from)
