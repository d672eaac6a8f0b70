"""The one field for amounts: digits as people type them, full width too; a sentence when they are none."""

import unicodedata
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.errors import UserError
from feedesk.money import Fen, format_amount, parse_amount
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.tokens import FOCUS, RADIUS_FIELD, Look, Token
from feedesk.ui.widgets.held_enter import EnterLine
from feedesk.ui.widgets.label import Label

BELOW_ZERO: Final = N_("“{text}” is below zero: type the amount without a minus sign.")


class SaidAtTheField(UserError):
    """What is wrong stands below the field already; said once more it would be two sentences about one thing."""

    def __str__(self) -> str:
        return ""


class AmountEdit(EnterLine):
    """Holds an amount in fen, never below zero, or nothing.

    `amount_changed` carries the amount or None, `problem_changed` a sentence.
    Leaving the field writes the amount in full (2000 → 2,000.00); entering it selects all. ``/`` is not for amounts:
    it goes on to the search box's shortcut.
    """

    amount_changed = Signal(object)
    problem_changed = Signal(str)

    def __init__(self, look: Look = "figure") -> None:
        super().__init__()
        self.setProperty("look", look)
        self.setProperty("bare", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self._amount: Fen | None = None
        self._problem = ""
        self.textEdited.connect(self._on_edited)

    def amount(self) -> Fen | None:
        """The amount typed; None while the field is empty or holds no amount."""
        return self._amount

    def problem(self) -> str:
        """Why what is typed is no amount, in the user's language; empty when it is one."""
        return self._problem

    def set_amount(self, amount: Fen | None) -> None:
        """Shows an amount; tells when it differs from the one before."""
        self.setText("" if amount is None else format_amount(amount))
        self._take(amount, "")

    def refuse(self, problem: str) -> None:
        """Shows a sentence from elsewhere (too little tendered, say) until the text changes."""
        self._take(self._amount, problem)

    def _on_edited(self, text: str) -> None:
        narrow = unicodedata.normalize("NFKC", text).replace("。", ".")
        if narrow != text:
            place = self.cursorPosition()
            self.setText(narrow)
            self.setCursorPosition(place)
        if not narrow.strip():
            self._take(None, "")
            return
        try:
            amount = parse_amount(narrow)
        except UserError as error:
            self._take(None, str(error))
        else:
            self._take(*((amount, "") if amount >= 0 else (None, _(BELOW_ZERO).format(text=narrow))))

    def _take(self, amount: Fen | None, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self.problem_changed.emit(problem)
        if amount != self._amount:
            self._amount = amount
            self.amount_changed.emit(amount)

    def event(self, event: QEvent) -> bool:
        slash = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text() == "/"
        if slash:
            event.ignore()
            return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._amount is not None:
            self.setText(format_amount(self._amount))


class MoneyField(QWidget):
    """An amount with its caption inside the frame, and the sentence about it below: 实收 | 2,000.00."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.edit = AmountEdit()
        self.edit.setObjectName("money")
        self.caption = Label("", "caption", tone="ink_2")
        self._sentence = Label("", "caption", tone="danger", wraps=True)
        self._sentence.hide()
        self._frame = _Frame(self.caption, self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._frame)
        column.addWidget(self._sentence)
        self.setFocusProxy(self.edit)
        self.edit.problem_changed.connect(self._on_problem_changed)
        self._message = message
        follow_language(self, self._retranslate)

    def required(self, missing: type[UserError]) -> Fen:
        """The amount typed. Raises ``missing``, or `SaidAtTheField` for what is none, with the keyboard there."""
        amount = self.optional()
        if amount is None:
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            raise missing
        return amount

    def optional(self) -> Fen | None:
        """The amount typed, None where the field is empty. Raises `SaidAtTheField`."""
        if self.edit.amount() is None and self.edit.problem():
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            raise SaidAtTheField
        return self.edit.amount()

    def _retranslate(self) -> None:
        self.caption.setText(_(self._message))
        self.edit.setAccessibleName(_(self._message))

    def _on_problem_changed(self, problem: str) -> None:
        self._sentence.setText(problem)
        self._sentence.setVisible(bool(problem))
        self.edit.setAccessibleDescription(problem)
        self._frame.set_wrong(bool(problem))


class _Frame(QWidget):
    """The outline that shows the focus of the field inside it."""

    def __init__(self, caption: Label, edit: AmountEdit) -> None:
        super().__init__()
        self._edit = edit
        self._wrong = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 0)
        row.addWidget(caption)
        row.addWidget(edit, 1)
        edit.installEventFilter(self)
        self.setFocusProxy(edit)
        follow_appearance(self, self.updateGeometry)

    def set_wrong(self, wrong: bool) -> None:
        """Outlines in red what is no amount; the sentence below says why."""
        self._wrong = wrong
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, appearance().size.money_field)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, appearance().size.money_field)

    def eventFilter(self, watched, event: QEvent) -> bool:  # type: ignore[no-untyped-def]
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._edit.hasFocus()
        width = FOCUS if focused else 1
        token: Token = "danger" if self._wrong else "accent" if focused else "field_line"
        painter.setPen(QPen(appearance().colour(token), width))
        painter.setBrush(appearance().colour("field"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS_FIELD, RADIUS_FIELD)
        painter.end()
