"""Settings of the ledger for all its desks: coins of change, ticks, references, the count of the drawer, the quota.

Each change is one act of whoever sits here, in force at once and written down with name and time; without the right
to it nothing changes, and the card says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import Fen
from feedesk.ops import desk_terms as ops
from feedesk.ops.waiving import change_late_fee_quota
from feedesk.queries import desk_terms as keys
from feedesk.queries.desk import AgreedOrder, TenderRow
from feedesk.queries.desk_terms import SettingTrace
from feedesk.queries.waiver_quota import LATE_FEE_QUOTA
from feedesk.rules.desk_terms import TRANSIT_DAYS_USUAL, DeskTerms, ReferenceRule, Ticked
from feedesk.rules.offsetting import OffsetRule
from feedesk.rules.tenders import ChangeStep
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.records.late_fee_sheets import ORDERS
from feedesk.ui.widgets.amount_edit import AmountEdit
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label
from feedesk.ui.words import listed

_STEPS: Final = (
    (ChangeStep.EXACT, N_("To the fen, nothing rounded")),
    (ChangeStep.JIAO, N_("Up to the next 0.10")),
    (ChangeStep.YUAN, N_("Up to the next 1.00")),
)
_TICKED: Final = (
    (Ticked.PRESENT, N_("This period and earlier")),
    (Ticked.OVERDUE, N_("Only what is overdue")),
    (Ticked.EVERYTHING, N_("Everything open, later periods too")),
    (Ticked.NOTHING, N_("Nothing")),
)
_TRANSIT: Final = (
    (0, N_("The same day")),
    (1, N_("The next day")),
    (2, N_("Within 2 days")),
    (3, N_("Within 3 days")),
    (5, N_("Within 5 days")),
    (7, N_("Within 7 days")),
    (10, N_("Within 10 days")),
)
_BLIND: Final = (
    (True, N_("Count first, then see the books (blind)")),
    (False, N_("The books are shown before counting")),
)
_REFERENCES: Final = (
    (ReferenceRule.NOT_ASKED, N_("Not asked for")),
    (ReferenceRule.ASKED, N_("Asked for, may be empty")),
    (ReferenceRule.REQUIRED, N_("Required")),
)


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What the card shows: the terms in force, the quota, what is set elsewhere, and who changed what last."""

    terms: DeskTerms
    quota: Fen
    order: AgreedOrder
    offset: OffsetRule
    tenders: tuple[TenderRow, ...]
    traces: Mapping[str, SettingTrace]


@dataclass(frozen=True, slots=True)
class DeskSettingsFunctions:
    """``read`` answers what is in force; ``change`` runs an operation with its facts, or raises a `FeedeskError`."""

    read: Callable[[], DeskSettings]
    change: Callable[..., object]


class SettingRow(QWidget):
    """A field under its words, and below it what is wrong with it, and who changed it last."""

    def __init__(self, message: str, field: QWidget, note: str = "") -> None:
        super().__init__()
        self.trace = Label("", "caption", tone="mute")
        self.problem = Label("", "caption", tone="danger", wraps=True)
        self.problem.hide()
        self._field = field
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(FormRow(message, field, note))
        column.addWidget(self.problem)
        column.addWidget(self.trace)
        column.addStretch(1)

    def tell(self, problem: str) -> None:
        """Says below the field why what stands there is not kept; empty when nothing is wrong."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._field.setAccessibleDescription(problem)

    def show_trace(self, trace: SettingTrace | None) -> None:
        """Nothing for a setting that stands as it came."""
        words = ""
        if trace is not None:
            at = trace.at.astimezone().strftime("%Y-%m-%d %H:%M")
            words = _("Changed by {name}, {time}").format(name=trace.name, time=at)
        self.trace.setText(words)
        self.trace.setVisible(bool(words))


class DeskSettingsCard(Card):
    """Two columns of fields; what is refused is said at the top, and the field shows again what holds."""

    def __init__(self, functions: DeskSettingsFunctions) -> None:
        super().__init__()
        self._call = functions
        self._rows: dict[str, SettingRow] = {}
        self.references: dict[str, Choice[ReferenceRule]] = {}
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 18)
        column.setSpacing(10)
        self.body.addLayout(column)
        self._outcome = Label("", "secondary", tone="ink_2", wraps=True)
        head = QHBoxLayout()
        head.addWidget(Label.saying(N_("Money at the desks (for the whole ledger)"), "title", bold=True))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self._outcome)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        self._build_fields()
        self._build_references()
        self._elsewhere = Label("", "secondary", tone="ink_2", wraps=True)
        column.addWidget(self._elsewhere)
        self.refresh()

    def _build_fields(self) -> None:
        self.step = Choice(_STEPS, ChangeStep.JIAO)
        self.ticked = Choice(_TICKED, Ticked.PRESENT)
        self.blind = Choice(_BLIND, current=True)
        self.transit = Choice(_TRANSIT, TRANSIT_DAYS_USUAL)
        self.limit, self.quota = _amount_field(), _amount_field()
        note = N_("Exact cash is taken exactly, other ways of paying always to the fen.")
        self._place(keys.CHANGE_STEP, SettingRow(N_("Change in cash"), self.step, note))
        self._place(keys.TICKED, SettingRow(N_("Ticked when an account is opened"), self.ticked))
        self._place(keys.BLIND_COUNT, SettingRow(N_("Counting the drawer"), self.blind))
        note = N_("Empty: never asked for.")
        self._place(keys.OVER_SHORT_LIMIT, SettingRow(N_("Over or short needs a reason from"), self.limit, note))
        note = N_("What each operator may waive a day without an approver.")
        self._place(LATE_FEE_QUOTA, SettingRow(N_("Quota of late fees waived alone"), self.quota, note))
        note = N_("Later than that, the board of the day close says so.")
        self._place(keys.TRANSIT_DAYS, SettingRow(N_("Counted cash is paid into the bank"), self.transit, note))
        self.step.chosen.connect(lambda step: self._change(ops.set_change_step, step=step))
        self.ticked.chosen.connect(lambda ticked: self._change(ops.set_ticked, ticked=ticked))
        self.blind.chosen.connect(lambda blind: self._change(ops.set_blind_count, blind=blind))
        self.transit.chosen.connect(lambda days: self._change(ops.set_transit_days, days=days))
        self.limit.editingFinished.connect(self._on_limit)
        self.quota.editingFinished.connect(self._on_quota)
        self.limit.problem_changed.connect(self._rows[keys.OVER_SHORT_LIMIT].tell)
        self.quota.problem_changed.connect(self._rows[LATE_FEE_QUOTA].tell)

    def _build_references(self) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        rules, tenders = self._shown().terms.references, self._shown().tenders
        names = {row.code: row.name for row in tenders}
        for line, code in enumerate(rules):
            choice = self.references[code] = Choice(_REFERENCES, rules[code])
            choice.chosen.connect(self._reference_keeper(code))
            choice.setAccessibleName(names[code])
            grid.addWidget(Label(names[code], "body"), line, 0)
            grid.addWidget(choice, line, 1)
        grid.setColumnStretch(1, 1)
        self._place(keys.REFERENCES_REQUIRED, SettingRow(N_("References of channels"), inner))

    def _shown(self) -> DeskSettings:
        return self._call.read()

    def _place(self, key: str, row: SettingRow) -> None:
        place = len(self._rows)
        self._rows[key] = row
        self._grid.addWidget(row, place // 2, place % 2)

    def _reference_keeper(self, code: str) -> Callable[[object], None]:
        return lambda rule: self._change(ops.set_reference_rule, tender=code, rule=rule)

    def refresh(self) -> None:
        """Shows what is in force, and forgets what was told of the change before."""
        self._say("", "ink_2")
        self.show_settings()

    def show_settings(self) -> None:
        """Shows what is in force."""
        shown = self._shown()
        self.step.set_value(shown.terms.change_step)
        self.ticked.set_value(shown.terms.ticked)
        self.blind.set_value(shown.terms.blind_count)
        self._show_transit(shown.terms.transit_days)
        self.limit.set_amount(shown.terms.over_short_limit)
        self.quota.set_amount(shown.quota)
        for code, rule in shown.terms.references.items():
            if code in self.references:
                self.references[code].set_value(rule)
        for key, row in self._rows.items():
            row.tell("")
            row.show_trace(shown.traces.get(key))
        self._elsewhere.setText(f"{_order_words(shown.order)}\n{_offset_words(shown.offset)}")

    def _show_transit(self, days: int) -> None:
        """Another number of days than those offered was kept without this card, and is shown all the same."""
        offered = dict(_TRANSIT)
        if days not in offered:
            offered[days] = _("Within {days} days").format(days=days)
        self.transit.set_choices(sorted(offered.items()), days)

    def _on_limit(self) -> None:
        if self._is_wrong(self.limit, keys.OVER_SHORT_LIMIT):
            return
        if self.limit.amount() != self._shown().terms.over_short_limit:
            self._change(ops.set_over_short_limit, limit=self.limit.amount())

    def _on_quota(self) -> None:
        amount = self.quota.amount()
        if self._is_wrong(self.quota, LATE_FEE_QUOTA):
            return
        if amount is None:
            self._rows[LATE_FEE_QUOTA].tell(_("Type the quota; 0.00 lets nobody waive anything alone."))
        elif amount != self._shown().quota:
            self._change(change_late_fee_quota, quota=amount)

    def _is_wrong(self, field: AmountEdit, key: str) -> bool:
        """Whether what stands in a field is no amount; then what was set before holds, which is said there."""
        problem = field.problem()
        words = _("{problem} What was set before still holds.").format(problem=problem) if problem else ""
        self._rows[key].tell(words)
        return bool(problem)

    def _change(self, op: Callable[..., object], **facts: Any) -> None:
        try:
            self._call.change(op, **facts)
        except FeedeskError as error:
            self._say(str(error), "danger")
        else:
            self._say(_("Kept; it holds at every desk from now on."), "good")
        self.show_settings()

    def _say(self, words: str, tone: Any) -> None:
        self._outcome.setText(words)
        self._outcome.set_tone(tone)
        self._outcome.setVisible(bool(words))

    def relayout(self) -> None:
        """Fits type size and density."""
        for field in (self.limit, self.quota):
            field.setFixedHeight(appearance().size.field)


def _amount_field() -> AmountEdit:
    field = AmountEdit("body")
    field.setProperty("bare", False)
    field.setProperty("form", True)
    return field


def _order_words(order: AgreedOrder) -> str:
    words = _(ORDERS[order.order])
    if order.clause:
        words = _("{words} ({clause})").format(words=words, clause=order.clause)
    text = _("Order of payment: {order}. It rests on the contract and is set under Records, Late fees (Ctrl+O).")
    return text.format(order=words)


def _offset_words(rule: OffsetRule) -> str:
    items = listed(rule.items) if rule.items else _("all fee items")
    words = _("by itself after billing, for {items}").format(items=items) if rule.after_billing else _("by hand only")
    return _("Prepayments are set off {how}. That is set under Billing (Ctrl+O).").format(how=words)
