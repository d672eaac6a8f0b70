"""Reading meters (抄表录入): hundreds of figures typed in walking order, each stored at once when Enter leaves its row.

Usage and change stand beside the figure while it is typed; an unusual one asks for Enter again, a wrong one says why in
its row. What could not be stored stays in the row as a draft (`ui.pages.meters.drafts`).
"""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from feedesk.errors import FeedeskError
from feedesk.queries.meter_round import MeterRound, RoundTally
from feedesk.rules.metering import SWAP
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.meters.drafts import Draft, RoundEntry, reckoning
from feedesk.ui.pages.meters.recording import ReadingsFunctions, Recorder, SwapOrder
from feedesk.ui.pages.meters.round_book import RoundBook, RoundView, found_meter
from feedesk.ui.pages.meters.round_card import RoundCard
from feedesk.ui.pages.meters.swap_sheet import SwapSheet
from feedesk.ui.pages.meters.tab import MetersTab
from feedesk.ui.pages.records.import_sheet import ImportSheet
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.painting import Span

GROUP: Final = N_("Reading meters")


class ReadingsTab(MetersTab):
    """`stored` carries what was recorded, corrected or taken out."""

    name = N_("Readings")

    def __init__(self, functions: ReadingsFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._recorder = Recorder(functions)
        self._book = RoundBook()
        self._asked = 0
        self._busy = False
        self.banner = Banner()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for its keys, where there are no meters yet
        self._build()
        self._connect()
        self._bind()
        self.finish()

    def _build(self) -> None:
        acts = (
            self.submit,
            self.estimate,
            self.ask_swap,
            self.roll_over,
            self.remove,
            self.undo,
            self.ask_import,
            self.ask_export,
        )
        self._card = RoundCard(self._call.today(), acts)
        self.head, self.model, self.table = self._card.head, self._card.model, self._card.table
        self.sentence = self._card.sentence
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(self._card, 1)

    def _connect(self) -> None:
        self.head.asked.connect(self.load)
        self.head.view_chosen.connect(self._show_rows)
        self.head.searched.connect(self.go_to_room)
        self.head.left.connect(self.take_focus)
        self.head.refused.connect(lambda problem: self._card.say(problem, "danger"))
        self.head.stepped.connect(self.table.move_by)
        self.table.field.textEdited.connect(self._on_edited)
        self.table.field.submitted.connect(self.submit)
        self.table.left.connect(self._on_left)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def _bind(self) -> None:
        facts = (
            ("Ctrl+G", N_("Estimate a meter nobody could reach"), self.estimate),
            ("Ctrl+H", N_("The meter was swapped"), self.ask_swap),
            ("Ctrl+R", N_("The meter rolled over; again: one digit more"), self.roll_over),
            ("Ctrl+D", N_("Remove this month's reading"), self.remove),
            ("Ctrl+U", N_("Take the last reading back"), self.undo),
            ("Ctrl+I", N_("Import readings from a workbook"), self.ask_import),
            ("Ctrl+E", N_("Export the list of readings"), self.ask_export),
            ("/", N_("Search"), self.focus_search),
            ("Alt+1", N_("All meters"), lambda: self.head.views.choose(RoundView.ALL)),
            ("Alt+2", N_("Meters not read"), lambda: self.head.views.choose(RoundView.UNREAD)),
            ("Alt+3", N_("Readings to be checked"), lambda: self.head.views.choose(RoundView.UNUSUAL)),
            ("Alt+4", N_("Readings billed"), lambda: self.head.views.choose(RoundView.LOCKED)),
            ("Alt+Up", N_("Earlier on the round"), lambda: self.walk(-1)),
            ("Alt+Down", N_("Later on the round"), lambda: self.walk(1)),
            ("Escape", N_("Back to the readings"), self._on_escape),
        )
        for keys, message, act in facts:
            bind(self, keys, message, act, group=GROUP)

    # ---- the round -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.head.set_today(self._call.today())
        self.head.show_places(self._call.places())
        self.load()

    def load(self) -> None:
        """Reads the round in the worker; what was asked before is forgotten, what is typed is kept."""
        self._asked += 1
        asked, kind = self._asked, self.head.chosen_kind()
        building, day = self.head.chosen_building(), self.head.day()
        if not kind:
            self._show(None)
            return
        self._busy = True
        self._card.say(_("Reading the round…"))

        def work(_progress: Progress) -> MeterRound:
            return self._call.load(kind, building, day)

        def done(found: MeterRound) -> None:
            if asked == self._asked:
                self._show(found)

        self._worker.start(work, done=done, failed=self._on_failed)

    def is_busy(self) -> bool:
        """Whether the round is being read."""
        return self._busy

    def tally(self) -> RoundTally:
        """How far the round is."""
        return self._book.tally

    def _show(self, found: MeterRound | None) -> None:
        self._busy = False
        self._book.open(found)
        self.model.day = self.head.day()
        self._tell_tally()
        self._card.show_empty(found is None)
        self._show_rows()

    def _show_rows(self, _view: int = 0) -> None:
        here = self.table.entry()
        self.model.set_rows(self._book.entries(RoundView(self.head.views.current())))
        place = None if here is None else self.model.place_of(here.row.meter)
        if place is None:
            unread = (place for place, entry in enumerate(self.model.rows()) if entry.row.reading is None)
            place = next(unread, 0)
        self.table.choose_row(place)
        self.table.show_text()
        self._explain()

    def _tell_tally(self) -> None:
        here = self.table.entry()
        self.head.show_tally(self._book.tally, self._book.unstored(here.row.meter if here else None))

    def _replace(self, old: RoundEntry, new: RoundEntry) -> None:
        """Shows what became of a row."""
        self._book.replace(old, new)
        self._tell_tally()
        self.model.replace(old.row.meter, new)
        self._explain()

    # ---- typing --------------------------------------------------------------------------------------------------

    def _on_edited(self, text: str) -> None:
        self.banner.hide()
        entry = self.table.entry()
        if entry is not None:
            draft = Draft(text) if text.strip() else None
            self._replace(entry, RoundEntry(entry.row, draft))

    def submit(self) -> None:
        """Enter: stores the row at hand and goes on; an empty row is skipped."""
        entry = self.table.entry()
        if entry is None:
            return
        self._settle(entry, self._recorder.submit(entry, self.model.day))

    def _settle(self, entry: RoundEntry, done: RoundEntry) -> None:
        """After an act on the row at hand: on to the next, or stay with what is wrong or asked."""
        self._take(entry, done)
        if done.draft is not None:
            self.table.field.selectAll()
            return
        if self.table.is_last():
            self.table.show_text()
            self._tell_end()
        else:
            self.table.move_by(1)

    def _on_left(self, place: int) -> None:
        """↑ ↓ or a click led away: a plain good figure is stored, anything else stays in its row as it is."""
        entry = self.model.row_at(place)
        if entry.draft is None or entry.draft.asks or entry.draft.problem:
            return
        self._take(entry, self._recorder.submit(entry, self.model.day))

    def _take(self, entry: RoundEntry, done: RoundEntry) -> None:
        self._replace(entry, done)
        if done.draft is None and done.row is not entry.row:
            self.stored.emit(done.row.reading)

    def _tell_end(self) -> None:
        tally = self._book.tally
        if tally.left:
            words = _("End of the list: {n} meters are not read yet (Alt+2). ").format(n=f"{tally.left:,}")
            self.banner.tell("plain", (Span(words),))
        else:
            words = _("All {total} meters are read, {n} are ready to bill: F3.")
            said = words.format(total=f"{tally.total:,}", n=f"{tally.ready:,}")
            self.banner.tell("good", (Span(said, "good", bold=True),))

    # ---- the other acts ------------------------------------------------------------------------------------------

    def estimate(self) -> None:
        """Ctrl+G."""
        entry = self.table.entry()
        if entry is not None:
            self._settle(entry, self._recorder.estimate(entry, self.model.day))

    def roll_over(self) -> None:
        """Ctrl+R: what is typed is the figure after a rollover."""
        entry = self.table.entry()
        if entry is None:
            return
        if entry.draft is None:
            self._card.say(_("Type the figure the meter shows now, then Ctrl R."), "warn")
            return
        self._settle(entry, self._recorder.roll_over(entry, self.model.day))

    def ask_swap(self) -> None:
        """Ctrl+H: asks for the end of the old meter and the beginning of the new one."""
        entry = self.table.entry()
        if entry is None:
            return
        sheet = SwapSheet(self.window(), entry, self.model.day)
        sheet.given.connect(lambda order: self._swap(entry, order, sheet))
        sheet.ask()

    def _swap(self, entry: RoundEntry, order: SwapOrder, sheet: SwapSheet) -> None:
        try:
            done = self._recorder.swap(entry, order)
        except FeedeskError as error:
            sheet.refuse(str(error))
            return
        sheet.close_sheet()
        self._settle(entry, done)

    def remove(self) -> None:
        """Ctrl+D."""
        entry = self.table.entry()
        if entry is None:
            return
        if entry.row.reading is None:
            self._replace(entry, RoundEntry(entry.row))
        else:
            try:
                done = self._recorder.remove(entry, self.model.day)
            except FeedeskError as error:
                self._replace(entry, RoundEntry(entry.row, Draft(entry.text(), problem=str(error))))
                return
            self._replace(entry, done)
            self.stored.emit(None)
            if entry.row.reading.kind != SWAP:
                self._card.say(_("The reading is removed; Ctrl U brings it back."))
        self.table.show_text()

    def undo(self) -> None:
        """Ctrl+U: takes the last thing stored back and goes to its row."""
        if not self._recorder.can_undo():
            self._card.say(_("Nothing was stored since this page was opened."))
            return
        try:
            unit, meter = self._recorder.undo()
        except FeedeskError as error:
            self._on_failed(error)
            return
        self.stored.emit(None)
        row = self._call.row(meter, self.model.day)
        old = self._book.row_like(row) if row is not None else None
        if row is not None and old is not None:
            self._replace(RoundEntry(old), RoundEntry(row))
            self._go_to(row.meter)
        self.banner.tell("plain", (Span(_("Taken back: {unit}.").format(unit=unit)),))

    def walk(self, step: int) -> None:
        """Alt+↑ ↓: the meter at hand comes earlier or later on the round of its building."""
        entry = self.table.entry()
        if entry is None or self.head.views.current() != RoundView.ALL:
            return
        building = self._book.walked(entry.row, step)
        if building is None:
            return
        try:
            self._call.set_order([row.meter for row in building])
        except FeedeskError as error:
            self._on_failed(error)
            return
        self._book.reorder(building)
        self._show_rows()

    def ask_import(self) -> None:
        """Ctrl+I."""
        sheet = ImportSheet(self.window(), self._call.importing, self._worker)
        sheet.imported.connect(self._on_imported)
        sheet.ask()

    def _on_imported(self, done: object) -> None:
        self.banner.tell("good", (Span(_("The workbook is imported."), "good", bold=True),))
        self.stored.emit(done)
        self.refresh()

    def ask_export(self) -> None:
        """Ctrl+E: where to; the rows as they are shown."""
        if not self.model.rows():
            return
        name = _("{kind} readings {month}").format(kind=self.head.chosen_kind(), month=f"{self.model.day:%Y-%m}")
        kinds = ";;".join((_("Excel workbooks (*.xlsx)"), _("PDF files (*.pdf)")))
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Export the list of readings"), str(Path.home() / f"{name}.xlsx"), kinds
        )
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Writes the list and opens it."""
        kind, rows, day = self.head.chosen_kind(), [entry.row for entry in self.model.rows()], self.model.day
        self._card.say(_("Writing {file}…").format(file=path.name))

        def work(_progress: Progress) -> Path:
            return self._call.export(kind, rows, day, path)

        def done(written: Path) -> None:
            self._explain()
            self.banner.tell("good", (Span(_("The list lies in {where}.").format(where=written), "good"),))
            self._call.open_path(written)

        self._worker.start(work, done=done, failed=self._on_failed)

    # ---- finding -------------------------------------------------------------------------------------------------

    def focus_search(self) -> None:
        """Puts the keyboard into the search field."""
        self.head.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.head.search.selectAll()

    def go_to_room(self, text: str) -> None:
        """Goes to the first row whose room, resident or meter number is meant."""
        wanted = text.strip()
        if not wanted:
            return
        meter = found_meter([entry.row for entry in self.model.rows()], wanted)
        if meter is None and (meter := found_meter(self._book.rows, wanted)) is not None:
            self.head.views.choose(RoundView.ALL)
        if meter is None:
            self._card.say(_("“{text}” was not found on this round.").format(text=wanted), "danger")
        else:
            self._go_to(meter)

    def _go_to(self, meter: int) -> None:
        place = self.model.place_of(meter)
        if place is not None:
            self.table.choose_row(place)
            self.table.show_text()
            self._explain()

    def _on_escape(self) -> None:
        self.head.search.clear()
        self.model.sort(-1)
        self.take_focus()
        entry = self.table.entry()
        if entry is not None and entry.draft is not None:
            self._replace(entry, RoundEntry(entry.row))
            self.table.show_text()

    # ---- words ---------------------------------------------------------------------------------------------------

    def _on_row(self) -> None:
        self._tell_tally()
        self._explain()

    def _explain(self) -> None:
        entry = self.table.entry()
        if entry is None:
            self._card.say("")
        elif entry.draft is not None and entry.draft.problem:
            self._card.say(entry.draft.problem, "danger")
        else:
            self._card.say(reckoning(entry, self.model.day), "warn" if entry.draft and entry.draft.asks else "ink_2")

    def _on_failed(self, error: FeedeskError) -> None:
        self._busy = False
        self.banner.tell("danger", (Span(str(error), "danger"),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        first = self if self.table.isHidden() else self.table.field
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.head.retranslate()
        self.table.viewport().update()
        self._explain()

    def relayout(self) -> None:
        gap = 8 if appearance().is_compact else 12
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._card.relayout()
