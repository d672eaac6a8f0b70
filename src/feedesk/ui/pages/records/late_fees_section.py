"""Late fees (违约金): the rules with their days, the LPR they may rest on, and the agreed order of payment."""

from collections.abc import Callable
from datetime import date
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from feedesk.errors import FeedeskError
from feedesk.money import decimal_text
from feedesk.queries.late_fee_list import LateFeeList
from feedesk.queries.late_fee_rules import LateFeeRuleRow
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.rules.late_fee_words import rule_words
from feedesk.rules.late_fees import LateFeeStart, LprRate
from feedesk.texts import N_, _, ngettext
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.pages.records.ending_sheet import EndingOrder, EndingSheet
from feedesk.ui.pages.records.late_fee_sheets import ORDERS, LateFeeFunctions, LprSheet, OrderSheet, RuleSheet
from feedesk.ui.pages.records.section import Section
from feedesk.ui.shortcuts import bind, open_sheet
from feedesk.ui.tables.columns import ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card, Rule, strip
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.segments import SegmentedTabs

GROUP: Final = N_("Late fees")
RULES, RATES, EMPTY = range(3)


def _grace(row: LateFeeRuleRow) -> str:
    days = row.rule.grace_days
    return ngettext("{days} day", "{days} days", days).format(days=days) if days else ""


def _start(row: LateFeeRuleRow) -> str:
    by_day = row.rule.start is LateFeeStart.NEXT_DAY
    return _("the day after the due date") if by_day else _("the 1st of the next month")


RULE_COLUMNS: Final[tuple[ColumnSpec[LateFeeRuleRow], ...]] = (
    ColumnSpec(N_("Fee item"), lambda row: words(row.item or ALL_ITEMS), 130),
    ColumnSpec(N_("Late fee"), lambda row: words(rule_words(row.rule), "mute" if row.rule.ended else "ink"), 200),
    ColumnSpec(N_("Counted from"), lambda row: words(_start(row), "ink_2"), 120, spare=True),
    ColumnSpec(N_("Days of grace"), lambda row: words(_grace(row), "ink_2"), 96),
    ColumnSpec(N_("At most"), lambda row: words(f"{decimal_text(row.rule.cap * 100)}%", "ink_2"), 70),
    ColumnSpec(N_("Minimum"), lambda row: figure(row.rule.minimum, "ink_2"), 80, right=True, spare=True),
    ColumnSpec(N_("Clause of the contract"), lambda row: words(row.rule.clause, "mute"), 0, least=130),
    ColumnSpec(N_("First day"), lambda row: words(row.rule.valid_from.isoformat()), 100),
    ColumnSpec(N_("Last day"), lambda row: words(row.until.isoformat() if row.until else ""), 100),
)
RATE_COLUMNS: Final[tuple[ColumnSpec[LprRate], ...]] = (
    ColumnSpec(N_("Published on"), lambda row: words(row.published_on.isoformat()), 160),
    ColumnSpec(N_("One-year LPR"), lambda row: words(f"{decimal_text(row.yearly * 100, 2)}%"), 0),
)


class LateFeesSection(Section):
    """Rules under Alt+1, LPR rates under Alt+2; each has its own list."""

    def __init__(self, functions: LateFeeFunctions, worker: Worker) -> None:
        super().__init__()
        self._call, self._worker = functions, worker
        self._found: LateFeeList | None = None
        self.banner = Banner()
        self.views = SegmentedTabs(keys=("Alt+1", "Alt+2"))
        self.rules = RowsModel(RULE_COLUMNS, self)
        self.rates = RowsModel(RATE_COLUMNS, self)
        self.rule_table, self.rate_table = TableView(self.rules), TableView(self.rates)
        self.new_button = QuietButton(keys="Ctrl+N")
        self.order_button = QuietButton(keys="Ctrl+O")
        self.load_button = QuietButton(keys="Ctrl+L")
        self._agreed = Phrase()
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        self._head, head = strip(12)
        head.addWidget(self.views)
        head.addStretch(1)
        for button in (self.load_button, self.order_button, self.new_button):
            head.addWidget(button)
        self._stack = QStackedWidget()
        note = N_("Add a rule with Ctrl+N, or bring a workbook with late fees.")
        for page in (self.rule_table, self.rate_table, EmptyState("archive", N_("No late fees yet"), note)):
            self._stack.addWidget(page)
        self._foot, foot = strip(14)
        self._hints: dict[str, KeyHint] = {}
        for name, message, keys, act in (
            ("change", N_("Put right"), "Return", self.change_current),
            ("end", N_("End"), "Ctrl+E", self.end_current),
            ("remove", N_("Take out"), "Delete", self.remove_current),
        ):
            hint = self._hints[name] = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            foot.addWidget(hint)
        foot.addWidget(self._agreed, 1)
        card = Card()
        for part in (self._head, Rule("line"), self._stack, Rule("line"), self._foot):
            card.body.addWidget(part, 1 if part is self._stack else 0)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(card, 1)

    def _connect(self) -> None:
        self.views.chosen.connect(self._on_view)
        self.new_button.clicked.connect(self.add)
        self.order_button.clicked.connect(self.agree)
        self.load_button.clicked.connect(self.load_rates)
        for table in (self.rule_table, self.rate_table):
            table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.rule_table.opened.connect(lambda _row: self.change_current())
        for keys, message, act in (
            ("Alt+1", N_("Rules"), lambda: self.views.choose(RULES)),
            ("Alt+2", N_("LPR"), lambda: self.views.choose(RATES)),
            ("Ctrl+N", N_("Add a rule or a rate"), self.add),
            ("Ctrl+E", N_("End a rule"), self.end_current),
            ("Delete", N_("Take out a rule or a rate"), self.remove_current),
            ("Ctrl+O", N_("Order of payment"), self.agree),
            ("Ctrl+L", N_("Load the published LPR"), self.load_rates),
        ):
            bind(self, keys, message, act, group=GROUP)

    # ---- the lists -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads everything anew, in the worker."""

        def work(_progress: Progress) -> LateFeeList:
            return self._call.listed()

        self._worker.start(work, done=self._show, failed=self._on_failed)

    def found(self) -> LateFeeList | None:
        """What is shown now."""
        return self._found

    def _show(self, found: LateFeeList) -> None:
        self._found = found
        self.rules.set_rows(found.rules)
        self.rates.set_rows(found.rates)
        for table in (self.rule_table, self.rate_table):
            table.choose_row(0)
        self.retranslate()

    def _on_view(self) -> None:
        """The list in sight, and the keys that mean something in it."""
        rates = self.views.current() == RATES
        nothing = self._found is not None and not self._found.rules
        self._stack.setCurrentIndex(RATES if rates else EMPTY if nothing else RULES)
        self._hints["change"].setVisible(not rates)
        self._hints["end"].setVisible(not rates)
        self.new_button.set_words(_("Add a rate") if rates else _("Add a rule"))
        self.load_button.setVisible(rates)
        self.take_focus()

    def current_rule(self) -> LateFeeRuleRow | None:
        """The rule marked."""
        place = self.rule_table.currentIndex().row()
        return self.rules.row_at(place) if 0 <= place < len(self.rules.rows()) else None

    def current_rate(self) -> LprRate | None:
        """The rate marked."""
        place = self.rate_table.currentIndex().row()
        return self.rates.row_at(place) if 0 <= place < len(self.rates.rows()) else None

    # ---- what is done --------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ctrl+N: a rule from the first of next month on, or a rate of today."""
        if (found := self._found) is None or open_sheet(self.window()) is not None:
            return
        if self.views.current() == RATES:
            self._ask(LprSheet(self.window(), self._worker, self._call, found.on))
            return
        sheet = RuleSheet(self.window(), self._worker, self._call, found.items, found.on)
        self._ask(sheet)

    def change_current(self) -> None:
        """Enter: puts the rule marked right."""
        row, found = self.current_rule(), self._found
        if row is None or found is None or row.rule.ended or self.views.current() == RATES:
            return
        if open_sheet(self.window()) is None:
            sheet = RuleSheet(self.window(), self._worker, self._call, found.items, found.on, row)
            self._ask(sheet)

    def end_current(self) -> None:
        """Ctrl+E: no late fee of the item marked any more after a day."""
        row = self.current_rule()
        if row is None or self._found is None or self.views.current() == RATES or open_sheet(self.window()) is not None:
            return
        item = row.item or ALL_ITEMS

        def end(last_day: date, _reason: str) -> object:
            return self._call.end(item, last_day)

        order = EndingOrder(
            title=_("End the late fee of {item}").format(item=item),
            note=_("Days after the last one cost nothing more; what has arisen by then stays owed."),
            act=_("End it"),
            said=_("No late fee of {item} after {{day}}.").format(item=item),
            last_day=self._found.on,
            end=end,
        )
        self._ask(EndingSheet(self.window(), self._worker, order))

    def remove_current(self) -> None:
        """Delete: takes out a rule nothing was collected by, or a rate, after asking once."""
        if open_sheet(self.window()) is not None:
            return
        rule, rate = self.current_rule(), self.current_rate()
        if self.views.current() == RATES and rate is not None:
            day = rate.published_on
            told = _("The LPR of {day} is taken out.").format(day=day.isoformat())
            self._confirm(_("Take out the LPR of {day}?").format(day=day), told, lambda: self._call.remove_rate(day))
        elif self.views.current() == RULES and rule is not None:
            facts = {"item": rule.item or ALL_ITEMS, "day": rule.rule.valid_from.isoformat()}
            told = _("The late-fee rule of {item} from {day} is taken out.").format(**facts)
            question = _("Take out the late-fee rule of {item} from {day}?").format(**facts)
            self._confirm(question, told, lambda: self._call.remove(rule.id))

    def agree(self) -> None:
        """Ctrl+O."""
        if self._found is not None and open_sheet(self.window()) is None:
            self._ask(OrderSheet(self.window(), self._worker, self._call, self._found.order))

    def load_rates(self) -> None:
        """Ctrl+L: the rates that come with the program and are not in the table yet."""

        def work(_progress: Progress) -> int:
            return self._call.load_rates()

        def done(count: int) -> None:
            told = ngettext("{count} LPR was added.", "{count} LPRs were added.", count).format(count=count)
            self._on_kept(told if count else _("All published LPRs that come with the program are in the table."))

        self._worker.start(work, done=done, failed=self._on_failed)

    def _confirm(self, question: str, told: str, act: Callable[[], object]) -> None:
        def confirmed() -> None:
            try:
                act()
            except FeedeskError as error:
                self._on_failed(error)
                return
            self._on_kept(told)

        sheet = ConfirmSheet(self.window(), question=question, act=_("Take out"))
        sheet.confirmed.connect(confirmed)
        sheet.ask()

    def _ask(self, sheet: FormSheet) -> None:
        sheet.kept.connect(self._on_kept)
        sheet.ask()

    def _on_kept(self, said: str) -> None:
        self._tell("good", said)
        self.changed.emit()
        self.refresh()

    def _on_failed(self, error: FeedeskError) -> None:
        self._tell("danger", str(error))

    def _tell(self, tone: Literal["good", "danger"], said: str) -> None:
        self.banner.tell(tone, (Span(said, tone),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Late fees")

    def take_focus(self) -> None:
        table = self.rate_table if self.views.current() == RATES else self.rule_table
        if self.isVisible():
            table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.views.set_words([_("Rules {count}").format(count=len(self.rules.rows())), _("LPR")])
        self.rule_table.setAccessibleName(_("Rules"))
        self.rate_table.setAccessibleName(_("LPR"))
        self.order_button.set_words(_("Order of payment"))
        self.load_button.set_words(_("Load the published LPR"))
        if self._found is not None:
            agreed = self._found.order
            clause = f" ({agreed.clause})" if agreed.clause else ""
            self._agreed.set_spans((Span(f"{_(ORDERS[agreed.order])}{clause}", "mute", look="caption"),))
        self._on_view()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._head.setFixedHeight(44 if compact else 56)
        self._foot.setFixedHeight(30 if compact else 41)
