"""The desk (收费): find a home, see what it owes, take the money. One keyboard, four acts, no dialog.

The page shows what it is given and tells what is wanted; finding, reading and taking money are functions it is given
(`DeskFunctions`). Enter goes on: search → charges → money → taken; Esc goes back.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.desk.account_card import AccountCard
from feedesk.ui.pages.desk.at_once import as_taken
from feedesk.ui.pages.desk.charges_table import ChargesCard
from feedesk.ui.pages.desk.columns import DeskColumns
from feedesk.ui.pages.desk.functions import DeskFunctions, Taken, is_reference_used
from feedesk.ui.pages.desk.held import HeldPayments, is_begun, still_typed, ticks
from feedesk.ui.pages.desk.opening import OpeningCard
from feedesk.ui.pages.desk.rows import (
    AheadLine,
    CollectionOrder,
    DeskStatement,
    HeldPayment,
    Selection,
    TenderChoice,
)
from feedesk.ui.pages.desk.status_hints import StatusHints
from feedesk.ui.pages.desk.tender_panel import TenderPanel
from feedesk.ui.pages.desk.terms_strip import TermsStrip, joint_lines
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.search_field import SearchField, SearchHit

__all__ = ["GROUP", "DeskFunctions", "DeskPage", "Taken"]

GROUP: Final = N_("Cashier desk")


class DeskPage(Page):
    """`reprint_asked`, `void_asked` and the others ask the window's composition for what lies beyond this page."""

    reprint_asked = Signal()
    void_asked = Signal()
    history_asked = Signal(int)
    arithmetic_asked = Signal(int)
    waiver_asked = Signal(int)
    dispute_asked = Signal(int)
    adjustment_asked = Signal(int, int)
    acts_asked = Signal()
    quote_asked = Signal()
    shortcuts_asked = Signal()
    taken = Signal(object)
    act_shown = Signal(object)

    def __init__(self, functions: DeskFunctions) -> None:
        super().__init__()
        self._call = functions
        self._statement: DeskStatement | None = None
        self._request_key = ""
        self._refused_part: bool | None = None
        self._held = HeldPayments()
        self.search = SearchField(N_("room · name · pinyin initials · phone · plate"))
        self.search.setParent(self)
        self.search.hide()
        self.account = AccountCard()
        self.charges = ChargesCard()
        self.tender = TenderPanel()
        self.banner = Banner()
        self.terms = TermsStrip()
        self._open = DeskColumns(self.account, self.charges, self.tender)
        self._hints = StatusHints(self)
        self._build()
        self._connect()
        self._bind()
        self.finish()
        self.clear()

    def _build(self) -> None:
        self._empty = EmptyState(
            "search",
            N_("Whom do you serve?"),
            N_("Type a room, a name, pinyin initials, a phone number or a plate, then press Enter."),
        )
        self._opening: OpeningCard | None = None
        self._stack = QStackedLayout()
        self._column = QVBoxLayout()
        self._column.setSpacing(12)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addLayout(self._column)
        self._column.addWidget(self.banner)
        self._column.addWidget(self.terms)
        self._column.addLayout(self._stack, 1)
        self._stack.addWidget(self._empty)  # last: a stack without a parent would show it as a window
        self._stack.addWidget(self._open)

    def _connect(self) -> None:
        for hint, wanted in (
            (self._hints.hold_asked, self.hold_or_resume),
            (self._hints.reprint_asked, self.reprint_asked),
            (self._hints.void_asked, self.void_asked),
            (self._hints.acts_asked, self.acts_asked),
            (self._hints.shortcuts_asked, self.shortcuts_asked),
        ):
            hint.connect(wanted)
        self.search.query_changed.connect(self._on_query)
        self.search.hit_chosen.connect(lambda hit: self.open_target(hit.target))
        self.search.submitted.connect(self._on_submitted)
        self.search.left_by_escape.connect(self.clear)
        self.charges.selection_changed.connect(self._on_selection)
        self.charges.done.connect(self.tender.focus_money)
        self.charges.typed.connect(self.search.take_key)
        self.charges.arithmetic_asked.connect(lambda: self._emit_charge(self.arithmetic_asked.emit))
        self.charges.waiver_asked.connect(lambda: self._emit_charge(self.waiver_asked.emit))
        self.charges.quote_asked.connect(self.quote_asked)
        self.charges.removal_asked.connect(self._remove_unit)
        self.terms.changed.connect(self._on_terms)
        self.account.history_asked.connect(lambda: self._emit_account(self.history_asked.emit))
        self.tender.take_asked.connect(lambda: self._take(part=False))
        self.tender.part_asked.connect(lambda: self._take(part=True))

    def _bind(self) -> None:
        here = Qt.ShortcutContext.WindowShortcut
        facts = (
            ("/", N_("Search"), self.focus_search),
            ("F10", N_("Pay in several ways"), self._if_open(self.tender.toggle_combined)),
            ("Alt+0", N_("Change into the prepayment"), self._if_open(self.tender.toggle_keep_change)),
            ("Ctrl+Return", N_("Take a part payment"), self._if_open(self.tender.submit_part)),
            ("Alt+Return", N_("Confirm a reference used before"), self._if_open(self._confirm_reference)),
            ("Ctrl+P", N_("Reprint the last one"), self.reprint_asked.emit),
            ("Ctrl+Delete", N_("Void or reprint"), self.void_asked.emit),
            ("Ctrl+I", N_("How it is reckoned"), lambda: self._emit_charge(self.arithmetic_asked.emit)),
            ("Ctrl+J", N_("Waive"), lambda: self._emit_charge(self.waiver_asked.emit)),
            ("Ctrl+G", N_("Hold or release a dispute"), lambda: self._emit_charge(self.dispute_asked.emit)),
            ("Ctrl+L", N_("Adjust, split, merge"), self._ask_adjustment),
            ("Ctrl+B", N_("Put aside, or take up again"), self.hold_or_resume),
            ("Ctrl+Q", N_("Quote"), self._if_open(self.quote_asked.emit)),
            ("Ctrl+K", N_("Everything else"), self.acts_asked.emit),
            ("Ctrl+H", N_("Payments"), lambda: self._emit_account(self.history_asked.emit)),
            ("Escape", N_("Back, then the next customer"), self.back),
        )
        for keys, message, act in facts:
            bind(self, keys, message, self._if_shown(act), group=GROUP, context=here)
        for place in range(6):
            act = self._if_open(partial(self.tender.choose_and_focus, place))
            shown = "Alt+1 … 6" if place == 0 else ""
            message = N_("Way of paying")
            bind(self, f"Alt+{place + 1}", message, self._if_shown(act), group=GROUP, context=here, shown=shown)

    def _if_open(self, act: Callable[[], object]) -> Callable[[], None]:
        def guarded() -> None:
            if self._statement is not None:
                act()

        return guarded

    def _if_shown(self, act: Callable[[], object]) -> Callable[[], None]:
        def guarded() -> None:
            if self.isVisible():
                act()

        return guarded

    def set_tenders(self, tenders: Sequence[TenderChoice]) -> None:
        """The ways of paying the ledger lists."""
        self.tender.set_tenders(tenders)

    def clear(self) -> None:
        """An empty desk, ready for the next customer."""
        self._statement = None
        self._refused_part = None
        self.terms.forget()
        self.tender.reset()
        self.search.clear()
        if self._opening is not None:
            self._opening.refresh()
        self._stack.setCurrentWidget(self._opening or self._empty)
        if self.isVisible():  # a shift handed over on another page must not take the keyboard from there
            self.take_focus()

    def set_opening(self, card: OpeningCard | None) -> None:
        """While no shift is open the empty desk shows this card instead; the search goes on working."""
        if self._opening is not None and self._opening is not card:
            self._stack.removeWidget(self._opening)
            self._opening.deleteLater()
        if card is not None and card is not self._opening:
            self._stack.addWidget(card)
        self._opening = card
        if self._statement is None:
            self.clear()

    def open_target(self, target: object) -> None:
        """Shows an account: the charges of this period and earlier ticked, the keyboard on the charges.

        A payment begun on another account is put aside, and one put aside for this account goes on.
        """
        statement = self._read(target)
        if statement is None:
            self.focus_search()
            return
        account, begun = statement.card.account, self._begun()
        aside = begun is not None and begun.account != account
        if begun is not None:
            self._held.put(begun)
        self.show_statement(statement)
        again = self._held.take_of(account)
        if again is not None:
            self._go_on(again)
        if again is not None and again != begun:
            words = _("{who} was put aside: what was typed stands here again.")
            self.banner.tell("plain", (Span(words.format(who=again.who)),))
        elif aside and begun is not None:
            words = _("{who} is put aside with all that was typed: once this one is served, Ctrl+B goes on with it.")
            self.banner.tell("warn", (Span(words.format(who=begun.who)),))
        self._hints.tell_held(self._held.rows())

    def _read(self, target: object) -> DeskStatement | None:
        """An account's statement; None where it cannot be shown, which is told."""
        try:
            return self._call.open(target)
        except FeedeskError as error:
            self.banner.tell("danger", (Span(str(error), "danger"),))
            return None

    def show_statement(self, statement: DeskStatement) -> None:
        """Shows frozen rows just read."""
        self._statement = statement
        self._refused_part = None
        self._request_key = uuid.uuid4().hex
        self.banner.hide()
        self.terms.forget()
        self.search.hide_hits()
        self.tender.offer(statement.tenders, statement.step)
        self.tender.reset()
        self.account.show_row(statement.card)
        self.account.relayout()
        self.charges.show_charges(statement.charges, statement.unbilled)
        self._on_selection(self.charges.selection())
        self.tender.set_paper(self._call.next_receipt(), _("80mm slip"))
        self._stack.setCurrentWidget(self._open)
        self.charges.table.focus_first()

    def statement(self) -> DeskStatement | None:
        """What is shown now."""
        return self._statement

    def hold_or_resume(self) -> None:
        """Ctrl+B: puts a half-entered payment aside for the next person's question; on an empty desk takes it up."""
        shown = self._as_it_stands()
        if shown is not None:
            self._held.put(shown)
            self.banner.hide()
            self.clear()
        elif (held := self._held.take_last()) is not None:
            self._held.put(held)  # opening its account takes it up; where that cannot be read now it stays aside
            self.open_target(held.account)
        self._hints.tell_held(self._held.rows())

    def _as_it_stands(self) -> HeldPayment | None:
        """The payment under way, to go on with it later."""
        if self._statement is None:
            return None
        card, charges = self._statement.card, tuple(one.id for one in self.charges.selection().charges)
        said = (self.terms.ahead(), self.terms.terms())
        return HeldPayment(card.account, card.unit, card.resident, charges, self.tender.typed(), *said)

    def _begun(self) -> HeldPayment | None:
        """The same, where anything was typed or said that would be lost."""
        shown = self._as_it_stands()
        return shown if shown is not None and is_begun(shown, has_typed=self.tender.has_typed()) else None

    def _go_on(self, held: HeldPayment) -> None:
        self._take_up(held)
        self.charges.tick(held.charges)
        self.tender.restore(held.typed)
        if held.typed.tendered:
            self.tender.focus_money()

    def set_ahead(self, ahead: Sequence[AheadLine], charges: Sequence[int] | None = None) -> None:
        """Months ahead are taken together with the charges ticked, or with just these ``charges``; on to the money."""
        if charges is not None:
            self.charges.tick(charges)
        self.terms.set_terms(self.terms.terms(), ahead)
        self.tender.focus_money()

    def ahead(self) -> tuple[AheadLine, ...]:
        """The months ahead that are taken with the next payment."""
        return self.terms.ahead()

    def join(self, accounts: Sequence[int]) -> None:
        """The same payment is for these accounts too; their charges are read now."""
        terms = self.terms.terms()
        there = {one.account for one in terms.added}
        new = self._call.join([account for account in accounts if account not in there])
        self.terms.set_terms(replace(terms, added=(*terms.added, *new)))

    def hits(self, text: str) -> Sequence[SearchHit]:
        """What the search box would show."""
        return self._call.find(text)

    def _take_up(self, held: HeldPayment) -> None:
        """What was said holds again, the further accounts read anew."""
        added = self._call.join([one.account for one in held.terms.added])
        self.terms.set_terms(replace(held.terms, added=added), held.ahead)

    def _remove_unit(self) -> None:
        charge = self.charges.current()
        if charge is not None and self.terms.remove(charge.account):
            self.charges.table.focus_first()

    def _on_terms(self) -> None:
        if self._statement is None:
            return
        before, ticked = self.charges.charges(), self.charges.selection().charges
        lines = joint_lines(self._statement.card, self._statement.charges, self.terms.terms().added)
        if lines != before:
            self.charges.show_charges(lines, self._statement.unbilled, ticks(before, ticked, lines))
        self._on_selection(self.charges.selection())

    def held(self) -> tuple[HeldPayment, ...]:
        """The payments put aside, the last one last."""
        return self._held.rows()

    def current_charge(self) -> int | None:
        """The charge marked, if an account is shown."""
        charge = self.charges.current() if self._statement is not None else None
        return charge.id if charge is not None else None

    def focus_search(self) -> None:
        """Puts the keyboard into the search box, what is there marked."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.select_all()

    def back(self) -> None:
        """Esc: from the money to the charges, from the charges to an empty desk."""
        if self.tender.isAncestorOf(self.focusWidget() or self):
            self.charges.table.focus_first()
            return
        if self._statement is not None and not self.banner.tells_of_money():
            self.banner.hide()
        self.clear()

    def refresh(self) -> None:
        """Reads the account anew; what was ticked, typed and said stands, as far as it still fits."""
        shown = self._as_it_stands()
        statement = self._read(shown.account) if shown is not None else None
        if shown is None or statement is None:
            return
        before, ticked, money = self.charges.charges(), self.charges.selection().charges, self.tender.money_state()
        self.show_statement(statement)
        self._take_up(shown)
        self.charges.tick(ticks(before, ticked, self.charges.charges()))
        cash = money.chosen is not None and money.chosen.gives_change
        now = self.tender.money_state().due
        self.tender.restore(still_typed(shown.typed, before=money.due, now=now, is_cash=cash))

    def take_focus(self) -> None:
        if self._statement is not None:
            self.charges.table.focus_first()
        elif self._opening is not None:
            self._opening.take_focus()
        else:
            self.focus_search()

    def bar_middle(self) -> QWidget | None:
        return self.search

    def status_right(self) -> QWidget | None:
        return self._hints

    def retranslate(self) -> None:
        self.account.retranslate()
        self.charges.retranslate()
        self.tender.retranslate()
        self.terms.retranslate()
        self._hints.tell_held(self._held.rows())
        if self._statement is not None:
            self.tender.set_paper(self._call.next_receipt(), _("80mm slip"))

    def relayout(self) -> None:
        """Three columns, or two in a small window, closer together there."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._column.setSpacing(gap)
        layout = self.layout()
        if isinstance(layout, QBoxLayout):
            layout.setContentsMargins(gap, gap, gap, gap)
        self._open.arrange(compact=compact, gap=gap)
        self._hints.tell_held(self._held.rows())

    def _on_query(self, text: str) -> None:
        if not text.strip():
            return
        hits = self._call.find(text)
        sentence = "" if hits else _("Nothing found for “{text}”.").format(text=text.strip())
        self.search.show_hits(hits, sentence)

    def _on_submitted(self, text: str) -> None:
        if text.strip():
            self.open_target(text.strip())

    def _on_selection(self, selection: Selection) -> None:
        if self._statement is not None:
            self.tender.show_due(self.to_be_taken(selection), self._statement.card.prepaid)

    def to_be_taken(self, selection: Selection) -> Selection:
        """What is ticked, with the months ahead, the part of it that the payer named, and what it earns."""
        return as_taken(selection, self._statement, self.terms.ahead(), self.terms.terms(), self._call.earn)

    def _emit_account(self, emit: Callable[[int], object]) -> None:
        if self._statement is not None:
            emit(self._statement.card.account)

    def _emit_charge(self, emit: Callable[[int], object]) -> None:
        charge = self.charges.current() if self._statement is not None else None
        if charge is not None:
            emit(charge.id)
        else:
            self.banner.tell("warn", (Span(_("No bill is marked: open an account that owes something first.")),))

    def _ask_adjustment(self) -> None:
        """Ctrl+L: the charge marked, else the account alone, to which one can be added."""
        charge = self.charges.current() if self._statement is not None else None
        self._emit_account(lambda account: self.adjustment_asked.emit(account, charge.id if charge else 0))

    def _confirm_reference(self) -> None:
        """Alt+Enter, after a reference was refused because it was seen before: this is other money, take it."""
        if self._refused_part is not None:
            self._take(part=self._refused_part, same_reference=True)

    def _take(self, *, part: bool, same_reference: bool = False) -> None:
        if self._statement is None:
            return
        selection = self.to_be_taken(self.charges.selection())
        order = CollectionOrder(
            account=self._statement.card.account,
            charges=tuple(charge.id for charge in selection.charges),
            due=selection.total,
            tendered=self.tender.tendered(),
            part=part,
            keep_change=self.tender.keeps_change(),
            request_key=self._request_key,
            same_reference=same_reference,
            ahead=self.terms.ahead(),
            terms=self.terms.terms(),
        )
        self._refused_part = None
        self.tender.set_busy(True)
        try:
            taken = self._call.take(order)
        except FeedeskError as error:
            is_seen_before = is_reference_used(error)
            way_out = _("Alt+Enter takes it as other money.") if is_seen_before else ""
            self._refused_part = part if is_seen_before else None
            self.tender.refuse(f"{error} {way_out}".strip())
            return
        finally:
            self.tender.set_busy(False)
        self._tell_taken(taken)

    def _tell_taken(self, taken: Taken) -> None:
        self.clear()
        words = (
            Span(_("Taken {amount} ").format(amount=format_amount(taken.total)), "good", bold=True),
            Span(f"{taken.unit} {taken.resident} · ", "ink_2"),
            Span(taken.receipt, bold=True),
        )
        change = _("Change {amount}").format(amount=format_amount(taken.change)) if taken.change else ""
        hints = [(N_("Reprint"), "Ctrl+P"), *([(N_("Take up again"), "Ctrl+B")] if self.held() else [])]
        for hint, wanted in zip(
            self.banner.tell("good", words, figure=change, hints=hints),
            (self.reprint_asked.emit, self.hold_or_resume),
            strict=False,
        ):
            hint.clicked.connect(wanted)
        self.taken.emit(taken)
