"""The left card of the billing page: which month, which fee items and buildings, and what follows the run."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview, Counted, ItemCount
from feedesk.queries.run_scope import RunScope
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.billing.figures import month_words
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label

_MONTHS_BACK, _MONTHS_AHEAD = 12, 2
_COUNTED = {Counted.HOMES: N_("{n} homes"), Counted.SPACES: N_("{n} spaces"), Counted.METERS: N_("{n} meters")}


class BillingChoices(Card):
    """`changed` asks for another preview, `offset_chosen` tells whether to offset prepayments, `submitted` bills."""

    changed = Signal()
    offset_chosen = Signal(bool)
    submitted = Signal()

    def __init__(self, today: Period) -> None:
        super().__init__()
        self._preview: BillingPreview | None = None
        self.boxes: dict[str, CheckBox] = {}
        self.month: Choice[Period] = Choice(_months(today), today)
        self.month.chosen.connect(lambda _month: self.changed.emit())
        self.building: Choice[int] = Choice([(0, N_("All buildings"))], 0)
        self.building.chosen.connect(lambda _building: self.changed.emit())
        self.offset = CheckBox()
        self.offset.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.offset.clicked.connect(lambda: self.offset_chosen.emit(self.offset.isChecked()))
        self.button = ActionButton("Ctrl+Return")
        self.button.clicked.connect(self.submitted)
        self._build()

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = self._fields = QVBoxLayout(inner)
        column.addWidget(FormRow(N_("Period"), self.month))
        column.addSpacing(8)
        column.addWidget(Label.saying(N_("Fee items"), "caption", tone="ink_2"))
        self._box_column = QVBoxLayout()
        column.addLayout(self._box_column)
        column.addSpacing(8)
        column.addWidget(FormRow(N_("Range"), self.building))
        column.addSpacing(8)
        column.addWidget(Label.saying(N_("After billing"), "caption", tone="ink_2"))
        column.addWidget(self.offset)
        column.addStretch(1)
        # On the smallest screens, or with many fee items, the choices scroll; the button is always there.
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = self._column = QVBoxLayout()
        column.addWidget(area, 1)
        note = N_("Billing again posts only what is missing; while nothing is paid, a month can be taken back whole.")
        column.addWidget(Label.saying(note, "caption", tone="mute", wraps=True))
        column.addWidget(self.button)
        self.body.addLayout(column)

    def scope(self) -> RunScope:
        """What is ticked and chosen."""
        every = all(box.isChecked() for box in self.boxes.values())
        items = None if every else frozenset(item for item, box in self.boxes.items() if box.isChecked())
        return RunScope(items, frozenset({self.building.value()}) if self.building.value() else None)

    def show_preview(self, preview: BillingPreview) -> None:
        """Shows the fee items, buildings and prepayments of a month."""
        is_first = self._preview is None
        self._preview = preview
        if set(self.boxes) != {one.item for one in preview.items}:
            self._make_boxes(preview)
        if is_first:
            self.offset.setChecked(preview.rule.after_billing)
        self._write(preview)

    def _make_boxes(self, preview: BillingPreview) -> None:
        unticked = {item for item, box in self.boxes.items() if not box.isChecked()}
        for box in self.boxes.values():
            self._box_column.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {one.item: CheckBox() for one in preview.items}
        for item, box in self.boxes.items():
            box.setChecked(item not in unticked)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.toggled.connect(self.changed)
            self._box_column.addWidget(box)

    def _write(self, preview: BillingPreview) -> None:
        for one in preview.items:
            self.boxes[one.item].set_words(one.item, _count_words(one))
        self.building.set_choices(
            [(0, N_("All buildings")), *((key, code) for key, code in preview.buildings)], self.building.value()
        )
        self.offset.set_words(_("Offset prepayments ({n} homes)").format(n=f"{preview.to_offset:,}"))
        self.offset.setEnabled(bool(preview.to_offset))

    def show_button(self, due: int, *, busy: bool) -> None:
        """What the main button would post."""
        self.button.set_words(_("Bill {n} charges").format(n=f"{due:,}") if due else _("Nothing to bill"))
        self.button.setEnabled(bool(due) and not busy)

    def wants_offset(self) -> bool:
        """Whether prepayments shall be offset after the run, as far as there are any."""
        return self.offset.isChecked() and self.offset.isEnabled()

    def retranslate(self, today: Period) -> None:
        """Writes the words put together here in the language shown."""
        self.month.set_choices(_months(today), self.month.value())
        if self._preview is not None:
            self._write(self._preview)

    def relayout(self) -> None:
        """Narrower in a small window."""
        compact = appearance().is_compact
        self.setFixedWidth(230 if compact else round(300 * appearance().size.body / 14))
        pad = 10 if compact else 14
        self._column.setContentsMargins(pad, pad, pad, pad)
        self._column.setSpacing(4 if compact else 8)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._fields.setSpacing(4 if compact else 8)
        self._box_column.setSpacing(4 if compact else 8)


def _count_words(one: ItemCount) -> str:
    """``1,180 户``, ``636 位``, ``1,148 表``."""
    return _(_COUNTED[one.counted]).format(n=f"{one.charges:,}")


def _months(today: Period) -> list[tuple[Period, str]]:
    """A year back and a little ahead, newest first."""
    return [
        (month, month_words(month))
        for month in (today.shifted(step) for step in range(_MONTHS_AHEAD, -_MONTHS_BACK - 1, -1))
    ]
