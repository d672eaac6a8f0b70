"""One item's reconciliation as a sum to be read at a glance: billed + common share against the invoice, and the rest.

The difference is coloured and said in words, with what may be behind it.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.money import Fen, decimal_text, format_amount
from feedesk.rules.reconciliation import Invoice, Reconciliation, Verdict, sentences
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tokens import RADIUS_CARD, Token
from feedesk.ui.widgets.card import Rule
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span, Tone
from feedesk.ui.widgets.phrase import Phrase

TONES: Final[dict[Verdict, tuple[Tone, Token, Token]]] = {
    Verdict.AGREES: ("good", "good", "accent_soft"),
    Verdict.ROUNDING: ("good", "good", "accent_soft"),
    Verdict.SHORT: ("danger", "danger", "danger_soft"),
    Verdict.OVER: ("danger", "danger", "danger_soft"),
    Verdict.NO_INVOICE: ("plain", "ink_2", "panel"),
    Verdict.NOTHING_BILLED: ("warn", "warn", "warn_soft"),
}
_VERDICTS: Final = {
    Verdict.AGREES: N_("agrees"),
    Verdict.ROUNDING: N_("agrees"),
    Verdict.SHORT: N_("short"),
    Verdict.OVER: N_("too much"),
    Verdict.NO_INVOICE: N_("no invoice"),
    Verdict.NOTHING_BILLED: N_("nothing billed"),
}


def _signed(amount: Fen, token: Token) -> Cell:
    return Cell((Span(format_amount(amount), token),), right=True)


def _difference(row: Reconciliation) -> Cell:
    if not row.invoices:
        return Cell((Span("–", "mute"),), right=True)
    return _signed(row.difference, TONES[row.verdict][1])


ITEM_COLUMNS: Final[tuple[ColumnSpec[Reconciliation], ...]] = (
    ColumnSpec(N_("Item"), lambda row: words(row.item), 0, least=80),
    ColumnSpec(
        N_("Invoice"),
        lambda row: _signed(row.invoiced, "ink") if row.invoices else Cell((Span("–", "mute"),), right=True),
        104,
        right=True,
        sort=lambda row: row.invoiced,
        spare=True,
    ),
    ColumnSpec(N_("Difference"), _difference, 96, right=True, sort=lambda row: row.difference),
    ColumnSpec(N_("Result"), lambda row: Cell((Span(_(_VERDICTS[row.verdict]), chip=TONES[row.verdict][0]),)), 90),
)


def _usage(row: Invoice) -> Cell:
    told = "" if row.usage is None else f"{decimal_text(row.usage)}"
    return Cell((Span(told or "–", "ink" if told else "mute"),), right=True)


INVOICE_COLUMNS: Final[tuple[ColumnSpec[Invoice], ...]] = (
    ColumnSpec(N_("Supplier"), lambda row: words(row.supplier), 0, least=130),
    ColumnSpec(N_("Invoice no."), lambda row: words(row.number, "ink_2"), 150),
    ColumnSpec(N_("Usage"), _usage, 86, right=True, sort=lambda row: row.usage or 0),
    ColumnSpec(N_("Amount"), lambda row: _signed(row.amount, "ink"), 110, right=True, sort=lambda row: row.amount),
    ColumnSpec(N_("Note"), lambda row: words(row.note, "ink_2"), 120, spare=True),
)


class _Line(QWidget):
    """A line of the sum: what it is, what it is made of, the amount at the right."""

    def __init__(self, sign: str = "", *, strong: bool = False) -> None:
        super().__init__()
        self._strong = strong
        mark = Label(sign, "title", tone="mute")
        mark.setFixedWidth(16)
        self._words = Phrase()
        self._figure = MoneyFigure("title", bold=strong, right=True)
        self._figure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(mark)
        row.addWidget(self._words, 1)
        row.addWidget(self._figure)

    def tell(self, caption: str, made_of: str, amount: Fen, token: Token = "ink") -> None:
        spans = [Span(caption, bold=self._strong)]
        if made_of:
            spans.append(Span(f"   {made_of}", "mute", look="secondary"))
        self._words.set_spans(spans)
        self._figure.set_text(format_amount(amount), token)
        self.setAccessibleName(f"{caption} {format_amount(amount)}")


class _Verdict(QWidget):
    """The sentences on a soft ground of the verdict's colour, the first one strong."""

    def __init__(self) -> None:
        super().__init__()
        self._ground: Token = "panel"
        self._first = Label("", "body", bold=True, wraps=True)
        self._rest = Label("", "secondary", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        column.addWidget(self._first)
        column.addWidget(self._rest)

    def tell(self, lines: Sequence[str], ink: Token, ground: Token) -> None:
        self._ground = ground
        self._first.setText(lines[0])
        self._first.set_tone(ink)
        self._rest.setText("\n".join(lines[1:]))
        self._rest.setVisible(len(lines) > 1)
        self.setAccessibleName(" ".join(lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(appearance().colour(self._ground))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CARD, RADIUS_CARD)
        painter.end()


class ReconciliationSum(QWidget):
    """Shows a `Reconciliation` as a sum."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Reconciliation | None = None
        self._title = Phrase()
        self._billed = _Line()
        self._common = _Line("+")
        self._reckoned = _Line("=", strong=True)
        self._invoice = _Line(strong=True)
        self._difference = _Line(strong=True)
        self._verdict = _Verdict()
        self._column = QVBoxLayout(self)
        for widget in (
            self._title,
            self._billed,
            self._common,
            Rule("line"),
            self._reckoned,
            self._invoice,
            Rule("line"),
            self._difference,
            self._verdict,
        ):
            self._column.addWidget(widget)

    def show_found(self, found: Reconciliation) -> None:
        """Shows another item."""
        self._found = found
        self.retranslate()

    def retranslate(self) -> None:
        """Writes the words in the language shown."""
        found = self._found
        if found is None:
            return
        ink = TONES[found.verdict][1]
        self._title.set_spans((Span(found.item, bold=True, look="title"), Span(f"  {found.period}", "ink_2")))
        self._billed.tell(_("Billed to households"), _billed_words(found), found.billed)
        self._common.tell(_("Common share"), _common_words(found), found.common_total)
        self._reckoned.tell(_("Together"), "", Fen(found.billed + found.common_total))
        self._invoice.tell(_("Supplier's invoice"), _invoice_words(found), found.invoiced)
        told = found.difference if found.invoices else Fen(0)
        self._difference.tell(_("Difference"), _("invoice − together"), told, ink if found.invoices else "mute")
        self._verdict.tell(sentences(found), ink, TONES[found.verdict][2])

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        pad = 12 if compact else 18
        self._column.setContentsMargins(pad, 8 if compact else 14, pad, 8 if compact else 14)
        self._column.setSpacing(4 if compact else 8)

    def sizeHint(self) -> QSize:
        return QSize(400, super().sizeHint().height())


def _billed_words(found: Reconciliation) -> str:
    said = _("{n} charges").format(n=f"{found.charges:,}")
    return f"{said} · {decimal_text(found.usage)} {found.measure}" if found.usage else said


def _common_words(found: Reconciliation) -> str:
    if not found.common:
        return _("none entered for this period")
    shown = []
    for share in found.common:
        part = f"{share.name} {format_amount(share.total)}"
        shown.append(part if share.billed == share.total else _("{part}, not all billed").format(part=part))
    return _(", ").join(shown)


def _invoice_words(found: Reconciliation) -> str:
    if not found.invoices:
        return _("none entered for this period")
    shown = _(", ").join(f"{invoice.supplier} {invoice.number}" for invoice in found.invoices)
    usage = found.invoiced_usage
    return shown if usage is None else f"{shown} · {decimal_text(usage)} {found.measure}"
