"""The part of the refund sheet for months paid ahead: how many go back, what becomes of them, how it is reckoned."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.refunding_months import RefundPlan, arithmetic
from feedesk.queries.advance_refunds import AdvanceLeft
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.month_count import months_typed
from feedesk.ui.widgets.amount_edit import SaidAtTheField
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label

Plan = Callable[[Sequence[AdvanceWish], bool], RefundPlan]


class MonthsBackFields(QWidget):
    """A row for each item paid ahead; ``plan`` reckons what is typed. Hidden for a receipt that paid nothing ahead.

    `reckoned` carries the plan after each digit, None where nothing is typed or it cannot be.
    """

    reckoned = Signal(object)

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan
        self._advances: tuple[AdvanceLeft, ...] = ()
        self._refused = False
        self.months: list[QLineEdit] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._rows = QWidget()
        column.addWidget(self._rows)
        cancelled = N_("no longer billed, nothing is owed for them")
        self.keep: Choice[bool] = Choice([(False, cancelled), (True, N_("stay billed, and are owed"))], False)
        self._keep_row = FormRow(N_("The months that go back"), self.keep)
        column.addWidget(self._keep_row)
        self.told = Label("", "body", tone="ink", wraps=True)
        column.addWidget(self.told)
        self.keep.currentIndexChanged.connect(lambda _place: self._reckon())
        self.show_advances(())

    def show_advances(self, advances: Sequence[AdvanceLeft]) -> None:
        """Another receipt was chosen."""
        self._advances = tuple(advances)
        self.months = []
        old = self._rows
        self._rows = self._built()
        column = self.layout()
        if column is not None:
            column.replaceWidget(old, self._rows)
        old.deleteLater()
        self.setVisible(bool(advances))
        self._tell("")

    def _built(self) -> QWidget:
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for place, one in enumerate(self._advances):
            span = _("{count} months paid ahead, {first} to {last}")
            facts = {"count": one.count, "first": one.first.isoformat(), "last": one.last.isoformat()}
            months = QLineEdit()
            months.setFixedWidth(110)
            months.setAlignment(Qt.AlignmentFlag.AlignRight)
            months.setPlaceholderText(_("to {most}").format(most=one.most))
            months.setEnabled(one.most > 0)
            months.setAccessibleName(f"{one.item} {_('Months that go back')}")
            months.textChanged.connect(self._reckon)
            grid.addWidget(Label(f"{one.item} {one.unit}", "body", bold=True), place, 0)
            grid.addWidget(Label(span.format(**facts), "secondary", tone="ink_2"), place, 1)
            grid.addWidget(Label.saying(N_("Months that go back"), "secondary", tone="ink_2"), place, 2)
            grid.addWidget(months, place, 3)
            self.months.append(months)
        return rows

    def wishes(self) -> list[AdvanceWish]:
        """The months typed; none for the receipt as a whole. Raises `SaidAtTheField` for what cannot go back."""
        if self._refused:
            next(field for field in self.months if field.text().strip()).setFocus(Qt.FocusReason.OtherFocusReason)
            raise SaidAtTheField
        return self._typed()

    def count(self) -> int:
        """How many months are typed in all. Raises what `months_typed` raises."""
        return sum(wish.months for wish in self._typed())

    def _typed(self) -> list[AdvanceWish]:
        typed = zip(self._advances, self.months, strict=True)
        return [
            AdvanceWish(one.item, count, one.account) for one, field in typed if (count := months_typed(field.text()))
        ]

    def _reckon(self) -> None:
        try:
            wishes = self._typed()
            if not wishes:
                self._tell("")
                self.reckoned.emit(None)
                return
            plan = self._plan(wishes, self.keep.value())
        except FeedeskError as error:
            self._tell(str(error), refused=True)
            self.reckoned.emit(None)
            return
        self._tell(arithmetic(plan))
        self.reckoned.emit(plan)

    def _tell(self, words: str, *, refused: bool = False) -> None:
        self._refused = refused
        whole = _("Type how many months go back; with none the whole receipt goes back, and what is not served of it.")
        self.told.setText(words or whole)
        self.told.set_tone("danger" if refused else "ink" if words else "mute")
        self._keep_row.setVisible(bool(words) and not refused)
