"""Over the grid of the round: which meters, of which building, read when; how far it is; views of it and a search."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from feedesk.queries.meter_round import RoundPlace, RoundTally
from feedesk.texts import _
from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.choice import Choice
from feedesk.ui.widgets.day_edit import DayEdit
from feedesk.ui.widgets.day_line import NotADay
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.segments import SegmentedTabs

_ALL_BUILDINGS: Final = ""


class RoundHead(QWidget):
    """`asked` when other meters or another day are wanted, `view_chosen` a view, `searched` what is typed to be found;
    `left` when Enter is pressed in one of the fields; `stepped` when ↑ ↓ are, in the search. `refused` says why a day
    cannot be; the day before stays.
    """

    asked = Signal()
    view_chosen = Signal(int)
    searched = Signal(str)
    left = Signal()
    stepped = Signal(int)
    refused = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self._places: tuple[RoundPlace, ...] = ()
        self._tally, self._drafts = RoundTally(), 0
        self.kind: Choice[str] = Choice((), "")
        self.building: Choice[str] = Choice((), "")
        self._today = self._day = today
        self.day_edit = DayEdit(today)
        self.views = SegmentedTabs(framed=False)
        self.search = QLineEdit()
        self.search.setProperty("slim", True)
        self.search.installEventFilter(self)
        self._progress = Phrase(right=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._build()
        self.kind.chosen.connect(self._on_kind)
        self.building.chosen.connect(lambda _building: self.asked.emit())
        self.day_edit.editingFinished.connect(self._on_day)
        self.day_edit.submitted.connect(self.left)
        self.views.chosen.connect(self.view_chosen)
        self.search.textChanged.connect(self.searched)

    def _build(self) -> None:
        self._fields = QHBoxLayout()
        for field in (self.kind, self.building, self.day_edit):
            self._fields.addWidget(field)
        self._fields.addStretch(1)
        progress = QVBoxLayout()
        progress.setSpacing(4)
        progress.addStretch(1)
        progress.addWidget(self._progress)
        progress.addWidget(self._bar)
        progress.addStretch(1)
        self._fields.addLayout(progress, 2)
        self._second = QHBoxLayout()
        self._second.addWidget(self.views)
        self._second.addStretch(1)
        self._second.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._fields)
        column.addLayout(self._second)

    # ---- what is asked for -----------------------------------------------------------------------------------------

    def show_places(self, places: Sequence[RoundPlace]) -> None:
        """Offers the kinds of meter there are, most numerous first, and the buildings they are in."""
        self._places = tuple(places)
        counts: dict[str, int] = {}
        for place in places:
            counts[place.kind] = counts.get(place.kind, 0) + place.meters
        kinds = sorted(counts, key=lambda kind: -counts[kind])
        chosen = self.chosen_kind() or (kinds[0] if kinds else "")
        self.kind.set_choices([(kind, kind) for kind in kinds], chosen)
        self._show_buildings()

    def chosen_kind(self) -> str:
        """The kind of meter to be read; empty where there are no meters."""
        return self.kind.value() if self.kind.count() else ""

    def chosen_building(self) -> str | None:
        """The building to be read; None for all."""
        return (self.building.value() or None) if self.building.count() else None

    def day(self) -> date:
        """The day of the readings."""
        return self._day

    def set_today(self, today: date) -> None:
        """A new day has come: readings are of it, unless another day was chosen."""
        if self._day == self._today != today:
            self._day = today
            self.day_edit.set_day(today)
        self._today = today

    def set_day(self, day: date) -> None:
        """Shows and asks for another day, if it has come."""
        if day > self._today:
            self.refused.emit(_("A reading cannot be of {day}: today is {today}.").format(day=day, today=self._today))
        elif day != self._day:
            self._day = day
            self.day_edit.set_day(day)
            self.asked.emit()
            return
        self.day_edit.set_day(self._day)

    def _on_day(self) -> None:
        try:
            day = self.day_edit.day()
        except NotADay as error:
            self.refused.emit(str(error))
            day = self._day
        self.set_day(day)

    def _show_buildings(self) -> None:
        kind, before = self.chosen_kind(), self.chosen_building() or _ALL_BUILDINGS
        buildings = [place for place in self._places if place.kind == kind]
        every = _("All buildings")
        choices = [(_ALL_BUILDINGS, every)]
        for place in buildings:
            choices.append((place.building, _("Building {code} · {n}").format(code=place.building, n=place.meters)))
        self.building.set_choices(choices, before if before in dict(choices) else _ALL_BUILDINGS)

    def _on_kind(self, _kind: str) -> None:
        self._show_buildings()
        self.asked.emit()

    # ---- what is shown -------------------------------------------------------------------------------------------

    def show_tally(self, tally: RoundTally, drafts: int) -> None:
        """How far the round is, and how many figures are typed but not stored."""
        self._tally, self._drafts = tally, drafts
        read, total = f"{tally.read:,}", f"{tally.total:,}"
        spans = [Span(_("Read ")), Span(read, bold=True), Span(f"/{total}")]
        if tally.unusual:
            spans.append(Span(_(" · {n} to be checked").format(n=f"{tally.unusual:,}"), "warn"))
        if drafts:
            spans.append(Span(_(" · {n} not stored").format(n=drafts), "danger"))
        token: Token = "good" if tally.ready else "mute"
        spans.append(Span(_(" · {n} ready to bill").format(n=f"{tally.ready:,}"), token))
        self._progress.set_spans(spans)
        self._bar.setRange(0, max(tally.total, 1))
        self._bar.setValue(tally.read)
        self._bar.setAccessibleName(self._progress.text())
        self.views.set_words(
            (
                _("All {n}").format(n=total),
                _("Not read {n}").format(n=f"{tally.left:,}"),
                _("To be checked {n}").format(n=f"{tally.unusual + drafts:,}"),
                _("Billed {n}").format(n=f"{tally.locked:,}"),
            )
        )

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        self.kind.setAccessibleName(_("Meters"))
        self.building.setAccessibleName(_("Building"))
        self.day_edit.setAccessibleName(_("Day of reading"))
        self.search.setPlaceholderText(_("Room, name or meter number"))
        self.search.setAccessibleName(_("Search"))
        self._show_buildings()
        self.show_tally(self._tally, self._drafts)

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        scale = appearance().size.body / 14
        pad = 10 if compact else 14
        self._fields.setSpacing(8)
        self._fields.setContentsMargins(pad, 4 if compact else 8, pad, 2 if compact else 4)
        self._second.setContentsMargins(pad - 2, 0 if compact else 2, pad, 2 if compact else 4)
        self.kind.setFixedWidth(round((96 if compact else 116) * scale))
        self.building.setFixedWidth(round((146 if compact else 160) * scale))
        self.day_edit.setFixedWidth(round((108 if compact else 126) * scale))
        self.search.setFixedWidth(round((170 if compact else 220) * scale))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif step is not None:
            self.stepped.emit(step)
        else:
            return False
        return True
