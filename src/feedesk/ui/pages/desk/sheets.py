"""What opens over the desk: the card that opens a shift, the receipts to void or print again, the slips in doubt.

Sheets are imported when they are first asked for: the desk starts no slower for them.
"""

import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.pages.desk.acts import ACTS, ActsSheet, Beside, DeskPlace, at_once
from feedesk.ui.pages.desk.opening import OpeningCard
from feedesk.ui.pages.desk.page import GROUP, DeskPage
from feedesk.ui.pages.desk.rows import StrangerTarget
from feedesk.ui.pages.desk.shift_work import ShiftWork
from feedesk.ui.print_desk import LooseSlip
from feedesk.ui.shortcuts import bind, open_sheet
from feedesk.ui.widgets.painting import Span
from feedesk.ui.words import listed

if TYPE_CHECKING:
    from feedesk.ops.shifts import ShiftOpened
    from feedesk.queries.charge_arithmetic import ChargeArithmetic
    from feedesk.queries.issued_receipts import IssuedReceipt
    from feedesk.ui.pages.desk.charge_work import ChargeWork
    from feedesk.ui.pages.desk.request_news import RequestNews


class DeskSheets(QObject):
    """Joins a desk to its shift's work. ``wake`` tells the print worker that there is something to print."""

    def __init__(
        self, window: QWidget, page: DeskPage, work: ShiftWork, changes: Changes, wake: Callable[[], object]
    ) -> None:
        super().__init__(page)
        self._window, self._page, self._work = window, page, work
        self._changes, self._wake = changes, wake
        self._news: RequestNews | None = None
        self.print_loose: Callable[[LooseSlip], object] | None = None
        self.beside: Beside = at_once
        page.void_asked.connect(lambda: self.show_receipts())
        page.reprint_asked.connect(self.reprint_last)
        page.history_asked.connect(self.show_history)
        page.search.hit_chosen.connect(lambda hit: self._show_stranger(hit.target))
        page.arithmetic_asked.connect(self.show_arithmetic)
        page.waiver_asked.connect(self.show_waiver)
        page.dispute_asked.connect(self.show_dispute)
        page.adjustment_asked.connect(self.show_adjustment)
        page.acts_asked.connect(self.show_acts)
        page.quote_asked.connect(self.show_quote)
        message = N_("Waive the late fee within the quota")
        here = Qt.ShortcutContext.WindowShortcut
        bind(page, "Ctrl+Shift+J", message, self.waive_at_once, group=GROUP, context=here)
        changes.happened.connect(self._on_changed)
        self.show_shift_state()

    def show_shift_state(self) -> None:
        """Without an open shift the empty desk is the card that opens one."""
        if self._work.shift() is not None:
            self._page.set_opening(None)
            return
        card = OpeningCard(self._work.opening())
        card.opened.connect(self._on_opened)
        self._page.set_opening(card)

    def show_acts(self) -> None:
        """Ctrl+K."""
        if open_sheet(self._window) is None:
            ActsSheet(self._place()).ask()

    def show_quote(self) -> None:
        """Ctrl+Q."""
        from feedesk.ui.pages.desk.quote_sheet import ask_quote  # the desk starts no slower for it

        if open_sheet(self._window) is None and self._page.statement() is not None:
            ask_quote(self._place(), self.print_loose)

    def _place(self) -> DeskPlace:
        shown = self._page.statement()
        return DeskPlace(
            self._window,
            self._page,
            self._work.seat,
            self._work.till,
            self._changes,
            self._wake,
            account=shown.card.account if shown else None,
            charge=self._page.current_charge(),
            print_loose=self._print_loose,
            beside=self.beside,
        )

    def _print_loose(self, slip: LooseSlip) -> None:
        if self.print_loose is not None:
            self.print_loose(slip)

    def open_act(self, key: str) -> None:
        """One of the acts, asked for from another page."""
        if open_sheet(self._window) is None:
            next(act for act in ACTS if act.key == key).ask(self._place())

    def show_receipts(self, number: str = "") -> None:
        """Ctrl+Delete; ``number`` is looked for at once."""
        from feedesk.ui.pages.desk.void_sheet import VoidSheet
        from feedesk.ui.pages.desk.void_view import VoidView

        if open_sheet(self._window) is None:
            sheet = VoidSheet(self._window, self._work.voiding())
            view = VoidView(sheet, self._page)
            sheet.voided.connect(self._on_voided)
            sheet.voided.connect(view.told)
            sheet.closed.connect(self._on_printed)
            sheet.reversal_asked.connect(self.show_reversal)
            sheet.ask()
            sheet.search.setText(number)

    def show_reversal(self, number: str) -> None:
        """A payment of an earlier shift: Ctrl+Delete leads here as Ctrl+K V does."""
        from feedesk.ui.pages.desk.reversal_sheet import ask_reversal

        ask_reversal(self._place(), number)

    def _put_right(self, number: str) -> None:
        """Ctrl+Delete on a payment in the history: voided while its shift is open, reversed later."""
        if any(one.number == number for one in self._work.receipts()):
            self.show_receipts(number)
        else:
            self.show_reversal(number)

    def show_history(self, account: int) -> None:
        """Ctrl+H."""
        from feedesk.ui.pages.desk.history_sheet import HistorySheet

        shown = self._page.statement()
        if open_sheet(self._window) is not None or shown is None:
            return
        title = _("Payments of {unit} {resident}").format(unit=shown.card.unit, resident=shown.card.resident)
        sheet = HistorySheet(self._window, title, self._work.history(account))
        sheet.printed.connect(self._on_printed)
        sheet.put_right_asked.connect(self._put_right)
        sheet.ask()

    def _show_stranger(self, target: object) -> None:
        """A receipt of somebody without an account was looked for: its papers, to be printed again."""
        from feedesk.ui.pages.desk.history_sheet import HistorySheet

        if isinstance(target, StrangerTarget) and open_sheet(self._window) is None:
            title = _("Receipt {number}").format(number=target.number)
            sheet = HistorySheet(self._window, title, self._work.papers(target.number))
            sheet.printed.connect(self._on_printed)
            sheet.ask()

    def show_arithmetic(self, charge: int) -> None:
        """Ctrl+I."""
        from feedesk.ui.pages.desk.charge_sheet import ChargeSheet

        if open_sheet(self._window) is None and (facts := self._explained(charge)) is not None:
            sheet = ChargeSheet(self._window, facts)
            sheet.waive_asked.connect(partial(self.show_waiver, charge))
            sheet.dispute_asked.connect(partial(self.show_dispute, charge))
            sheet.ask()

    def show_waiver(self, charge: int) -> None:
        """Ctrl+J."""
        from feedesk.ui.pages.desk.decision_sheets import WaiveSheet

        if open_sheet(self._window) is None and (facts := self._explained(charge)) is not None:
            work = self._charge_work()
            ask = partial(work.ask, key=uuid.uuid4().hex)
            sheet = WaiveSheet(self._window, facts, work.approvers(), work.waive, work.quota(), ask)
            sheet.decided.connect(self._on_decided)
            sheet.ask()

    def waive_at_once(self) -> None:
        """Ctrl+Shift+J."""
        from feedesk.ui.pages.desk.quota_waiver import waive_at_once

        if open_sheet(self._window) is None and self._page.isVisible() and self._page.statement() is not None:
            waive_at_once(self._place())

    def show_dispute(self, charge: int) -> None:
        """Ctrl+G."""
        from feedesk.ui.pages.desk.decision_sheets import DisputeSheet

        if open_sheet(self._window) is None and (facts := self._explained(charge)) is not None:
            work = self._charge_work()
            sheet = DisputeSheet(self._window, facts, partial(work.hold, charge), partial(work.release, charge))
            sheet.decided.connect(self._on_decided)
            sheet.ask()

    def show_adjustment(self, account: int, charge: int) -> None:
        """Ctrl+L; ``charge`` 0: none is marked, so that one can be added only."""
        from feedesk.ui.pages.adjusting.sheet import adjust_sheet
        from feedesk.ui.pages.adjusting.work import AdjustWork

        if open_sheet(self._window) is not None:
            return
        facts = self._explained(charge) if charge else None
        if charge and facts is None:
            return
        sheet = adjust_sheet(
            self._window,
            AdjustWork(self._work.seat),
            account=facts.account if facts is not None else account,
            charge=charge or None,
            item=facts.item if facts is not None else "",
        )
        sheet.decided.connect(self._on_decided)
        sheet.ask()

    def _charge_work(self) -> "ChargeWork":
        from feedesk.ui.pages.desk.charge_work import ChargeWork

        return ChargeWork(self._work.seat, self._work.till)

    def _explained(self, charge: int) -> "ChargeArithmetic | None":
        try:
            return self._charge_work().arithmetic(charge)
        except FeedeskError as error:
            self._page.banner.tell("danger", (Span(str(error), "danger"),))
            return None

    def _on_decided(self, told: str) -> None:
        self._page.refresh()
        self._page.banner.tell("good", (Span(told),))
        self._changes.tell(Changed.CHARGES)

    def reprint_last(self) -> None:
        """Ctrl+P."""
        try:
            told, tone = self._work.reprint_last(), "good"
        except FeedeskError as error:
            told, tone = str(error), "danger"
        self._page.banner.tell("good" if tone == "good" else "danger", (Span(told),))
        self._on_printed()

    def show_slips(self) -> None:
        """The slips whose fate is not known, if there are any."""
        from feedesk.ui.pages.desk.slip_sheet import SlipSheet

        if open_sheet(self._window) is not None:
            return
        sheet = SlipSheet(self._window, self._work.slips())
        if sheet.is_empty():
            sheet.deleteLater()
            return
        sheet.settled.connect(self._on_printed)
        sheet.ask()

    def _on_opened(self, _done: "ShiftOpened") -> None:
        self._page.set_opening(None)
        self._page.focus_search()
        self._changes.tell(Changed.SHIFTS)

    def _on_voided(self, row: "IssuedReceipt") -> None:
        back = _("Voided {receipt}: {unit} {payer}, give back ")
        held = _("Voided {receipt}: {unit} {payer}. No money goes out: what {tenders} paid lies there again.")
        facts = {"receipt": row.number, "unit": row.unit, "payer": row.payer, "tenders": listed(row.tenders)}
        self._page.refresh()
        figure = f"¥ {format_amount(row.moved)}" if row.moved else ""
        self._page.banner.tell("warn", (Span((back if row.moved else held).format(**facts)),), figure=figure)
        self._changes.tell(Changed.PAYMENTS, Changed.CHARGES)

    def _on_printed(self) -> None:
        self._wake()
        self._changes.tell(Changed.PRINT_JOBS)

    def _on_changed(self, kinds: frozenset[Changed]) -> None:
        if Changed.SHIFTS in kinds:
            self.show_shift_state()
        if kinds != {Changed.PRINT_JOBS}:
            QTimer.singleShot(0, self, self.tell_requests)

    def tell_requests(self) -> None:
        """What has become of requests, read when something happened anyway."""
        from feedesk.ui.pages.desk.request_news import RequestNews  # the desk starts no slower for it

        if self._news is None:
            self._news = RequestNews(self._place())
        self._news.refresh(self._place())
