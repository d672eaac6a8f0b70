"""The four figures over a billing preview: charged, conceded, net, left out; each with a word about it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from feedesk.money import Fen, format_amount
from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview
from feedesk.texts import _
from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import Token


def month_words(month: Period, *, short: bool = False) -> str:
    """``2026 年 12 月``, short ``12 月``."""
    year, place = divmod(month.first_month, 12)
    if short:
        return _("month {month}").format(month=place + 1)
    return _("{year}, month {month}").format(year=year, month=place + 1)


class _Figure(QWidget):
    def __init__(self, *, first: bool) -> None:
        super().__init__()
        self._first = first
        self._caption = self._text = self._note = ""
        self._tone: Token = "ink"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, caption: str, text: str, note: str = "", tone: Token = "ink") -> None:
        self._caption, self._text, self._note, self._tone = caption, text, note, tone
        self.setAccessibleName(f"{caption} {text} {note}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, 66 if appearance().is_compact else round(96 * appearance().size.body / 14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = appearance()
        if not self._first:
            painter.fillRect(0, 0, 1, self.height(), look.colour("hair"))
        caption, figure = look.font("caption"), look.font("figure", bold=True)
        line, tall = QFontMetricsF(caption).height(), QFontMetricsF(figure).height()
        inner = QRectF(self.rect()).adjusted(16, 0, -8, 0)
        top = (self.height() - 2 * line - tall * 0.9) / 2
        painter.setFont(caption)
        painter.setPen(look.colour("ink_2"))
        painter.drawText(QRectF(inner.left(), top, inner.width(), line), Qt.AlignmentFlag.AlignVCenter, self._caption)
        painter.setPen(look.colour("mute"))
        note = QRectF(inner.left(), top + line + tall * 0.9, inner.width(), line)
        painter.drawText(note, Qt.AlignmentFlag.AlignVCenter, self._note)
        width = QFontMetricsF(figure).horizontalAdvance(self._text)
        if width > inner.width() > 0:
            figure = type(figure)(figure)
            figure.setPixelSize(max(int(figure.pixelSize() * inner.width() / width), 8))
        painter.setFont(figure)
        painter.setPen(look.colour(self._tone))
        painter.drawText(QRectF(inner.left(), top + line, inner.width(), tall * 0.9), 0, self._text)
        painter.end()


class Figures(QWidget):
    """Shows a `BillingPreview` in four figures."""

    def __init__(self) -> None:
        super().__init__()
        self._preview: BillingPreview | None = None
        self._parts = [_Figure(first=place == 0) for place in range(4)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in self._parts:
            row.addWidget(part, 1)

    def show_preview(self, preview: BillingPreview) -> None:
        """Shows another month."""
        self._preview = preview
        self.retranslate()

    def retranslate(self) -> None:
        """Writes the words in the language shown."""
        preview = self._preview
        if preview is None:
            return
        charged, conceded, net, left_out = self._parts
        charged.tell(_("Charged"), format_amount(preview.gross), _("{n} charges").format(n=f"{_charges(preview):,}"))
        conceded.tell(_("Conceded"), format_amount(Fen(-preview.discount)), tone="good" if preview.discount else "mute")
        net.tell(_("Net charged"), format_amount(preview.net), _compared(preview))
        skipped = preview.skipped
        note = _("each with its reason") if skipped else _("every unit is billed")
        left_out.tell(_("Not billed"), f"{skipped:,}", note, "danger" if skipped else "good")


def _charges(preview: BillingPreview) -> int:
    return sum(row.now is not None for row in preview.rows)


def _compared(preview: BillingPreview) -> str:
    """比 11 月 +1.2%."""
    before = preview.before_total
    if not before:
        return ""
    tenths = (preview.net - before) * 1000 / before
    sign = "+" if tenths >= 0 else "−"
    change = f"{sign}{abs(round(tenths)) / 10:.1f}%"
    return _("{change} on {month}").format(change=change, month=month_words(preview.month.shifted(-1), short=True))
