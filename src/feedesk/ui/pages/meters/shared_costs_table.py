"""What the 公摊 tab shows: the list of shared costs, and of one the unit shares with their sum."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.money import Fen, decimal_text, format_amount
from feedesk.queries.shared_cost_list import SharedCostRow, ShareRow, ShareTable
from feedesk.rules.sharing import FULL, ShareBasis
from feedesk.rules.sharing_words import weight_words
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.tables.columns import Cell, ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase


def _state(row: SharedCostRow) -> Cell:
    if row.charges:
        return Cell((Span(_("billed"), chip="good"),))
    return Cell((Span(_("not yet"), chip="plain"),))


COST_COLUMNS: Final[tuple[ColumnSpec[SharedCostRow], ...]] = (
    ColumnSpec(N_("Period"), lambda row: words(str(row.period), "ink_2"), 78, sort=lambda row: row.period),
    ColumnSpec(N_("What is shared"), lambda row: words(row.name), 0, least=110),
    ColumnSpec(
        N_("Shared total"), lambda row: figure(row.total), 96, right=True, sort=lambda row: row.total, spare=True
    ),
    ColumnSpec(N_("State"), _state, 74),
)


class ShareModel(RowsModel[ShareRow]):
    """The shares of one cost; weights are shown with the cost's measure."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_share_columns(None), parent)

    def show_shares(self, table: ShareTable) -> None:
        """Shows another cost's shares."""
        self.beginResetModel()
        self.columns = _share_columns(table)
        self.endResetModel()
        self.set_rows(table.rows)


def _share_columns(table: ShareTable | None) -> tuple[ColumnSpec[ShareRow], ...]:
    def weight(row: ShareRow) -> Cell:
        if table is None or not row.unit:
            return Cell((Span("–", "mute"),), right=True)
        token: Token = "ink_2" if row.weight else "mute"
        return Cell((Span(weight_words(table.cost, row.weight), token),), right=True)

    def days(row: ShareRow) -> Cell:
        whole = table is None or row.days.count == table.cost.period.days
        count = "" if whole else _("{days} days").format(days=row.days.count)
        return Cell((Span(count, "ink_2"),), right=True)

    return (
        ColumnSpec(N_("Unit"), lambda row: words(row.unit, "mute" if row.reason else "ink"), 96),
        ColumnSpec(N_("Who pays"), _payer, 112),
        ColumnSpec(N_("Weight"), weight, 104, right=True, sort=lambda row: row.weight),
        ColumnSpec(N_("Days"), days, 62, right=True, sort=lambda row: row.days.count, spare=True),
        ColumnSpec(
            N_("Share"),
            lambda row: figure(row.amount, "warn" if row.reason and row.amount else "ink"),
            96,
            right=True,
            sort=lambda row: row.amount,
            copies=lambda row: format_amount(row.amount, grouped=False),
        ),
        ColumnSpec(N_("Remark"), lambda row: _remark(row, table), 0, least=120),
    )


def _payer(row: ShareRow) -> Cell:
    return words(row.resident) if row.resident else Cell((Span("–", "mute"),))


def _remark(row: ShareRow, table: ShareTable | None) -> Cell:
    if row.reason:
        return words(row.reason, "warn" if row.amount else "mute")
    if row.vacant and table is not None and table.cost.basis is not ShareBasis.USAGE:
        factor = table.cost.vacant_weight
        said = _("empty") if factor == FULL else _("empty: counts {factor}").format(factor=decimal_text(factor))
        return words(said, "ink_2")
    return Cell()


class _Sum(QWidget):
    """A caption over a figure."""

    def __init__(self) -> None:
        super().__init__()
        self._caption = Label("", "caption", tone="ink_2")
        self._figure = MoneyFigure("figure")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._caption)
        column.addWidget(self._figure)

    def tell(self, caption: str, amount: Fen, tone: Token = "ink") -> None:
        self._caption.setText(caption)
        self._figure.set_text(format_amount(amount), tone)
        self.setAccessibleName(f"{caption} {format_amount(amount)}")


class ShareHead(QWidget):
    """Over the shares: what the cost is, its total, what of it falls on payers and what on nobody."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Phrase()
        self._words = Phrase()
        self._sums = [_Sum() for _place in range(3)]
        self._row = QHBoxLayout()
        self._row.setSpacing(24)
        for one in self._sums:
            self._row.addWidget(one, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._words)
        self._column.addLayout(self._row)

    def show_cost(self, row: SharedCostRow, table: ShareTable | None) -> None:
        """Shows a cost, and its sums once they are worked out."""
        self._title.set_spans(
            (Span(row.name, bold=True, look="title"), Span(f"  {row.item} · {row.period}", "ink_2", look="secondary"))
        )
        facts = [row.basis.value, _("scope {patterns}").format(patterns=_(", ").join(row.scope))]
        facts.append(_("due {day}").format(day=row.due if table is None else table.cost.due_date))
        if table is not None and table.cost.vacant_weight != FULL and row.basis is not ShareBasis.USAGE:
            facts.append(_("an empty unit counts {factor}").format(factor=decimal_text(table.cost.vacant_weight)))
        if row.note:
            facts.append(row.note)
        self._words.set_spans((Span(" · ".join(facts), "ink_2", look="secondary"),))
        for one in self._sums:
            one.setVisible(table is not None and not table.refusal)
        if table is not None:
            total, borne, nobody = self._sums
            total.tell(_("Shared total"), row.total)
            borne.tell(_("billed") if table.posted else _("to be billed"), table.billed, "accent")
            nobody.tell(_("falls on nobody"), table.not_billed, "warn" if table.not_billed else "mute")

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        pad = 10 if compact else 16
        self._column.setContentsMargins(pad, 6 if compact else 12, pad, 6 if compact else 10)
        self._column.setSpacing(2 if compact else 6)


def sum_spans(table: ShareTable) -> tuple[Span, ...]:
    """The last line under the shares: units, weights, and that the shares come to the total."""
    weights = weight_words(table.cost, table.weights)
    units = len({row.unit for row in table.rows if row.unit})
    spans = [
        Span(_("Together {units} units · {weights} · ").format(units=f"{units:,}", weights=weights), "ink_2"),
        Span(format_amount(table.billed), bold=True),
    ]
    if table.not_billed:
        spans += [Span(" + ", "ink_2"), Span(format_amount(table.not_billed), "warn", bold=True)]
    told = Span(" = " if table.sums else " ≠ ", "ink_2" if table.sums else "danger", bold=not table.sums)
    total = Span(_("total {total}").format(total=format_amount(table.cost.total)), bold=True)
    agrees = Span(_("  it sums"), "good") if table.sums else Span(_("  it does not sum"), "danger", bold=True)
    return (*spans, told, total, agrees)
