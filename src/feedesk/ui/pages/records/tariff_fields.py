"""The fields of a tariff, as the workbook's sheet 收费标准 has them; those that the method does not need are away.

Everything is typed as it would be into the workbook and read by the same readers (`feedesk.exchange.forms`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from feedesk.exchange.forms import CYCLE_TEXTS, EXAMPLES, ROUNDING_TEXTS, TIER_CYCLES
from feedesk.rules.community_rows import METERS, NATURES, PARTIAL_MONTHS, PRICE_FORMS
from feedesk.rules.tariffs import METERED, TIMED, Method
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.widgets.choice import Choice, FormRow

METHOD_NAMES: Final = {
    Method.AREA: N_("By area"),
    Method.FIXED: N_("Fixed sum"),
    Method.USAGE: N_("By usage"),
    Method.TIERED: N_("By usage in tiers"),
    Method.SHARED: N_("A total, shared out"),
    Method.FORMULA: N_("By a formula"),
}
_CYCLES: Final = tuple(
    zip(
        CYCLE_TEXTS.values(),
        (N_("A month"), N_("A quarter"), N_("Half a year"), N_("A year"), N_("Once only")),
        strict=True,
    )
)
_PARTIAL: Final = dict(
    zip(PARTIAL_MONTHS, (N_("By days"), N_("As a whole month"), N_("As half a month up to 15 days")), strict=True)
)
_NATURES: Final = dict(
    zip(
        NATURES,
        (N_("Our own"), N_("Collected for a supplier"), N_("The owners' common income"), N_("A deposit")),
        strict=True,
    )
)
_FORMS: Final = dict(
    zip(PRICE_FORMS, (N_("Government guidance price"), N_("Market price"), N_("Agreed by contract")), strict=True)
)
_METERS: Final = dict(
    zip(
        METERS,
        (N_("Water meter"), N_("Electricity meter"), N_("Electricity, peak"), N_("Electricity, valley"),
         N_("Gas meter"), N_("Hot water meter")),
        strict=True,
    )
)  # fmt: skip
_TIER_CYCLES: Final = tuple(zip(TIER_CYCLES, (N_("the month"), N_("the year")), strict=True))
_ROUNDINGS: Final = tuple(
    zip(
        ROUNDING_TEXTS,
        (N_("Rounded to the fen"), N_("Rounded to the jiao"), N_("Rounded to the yuan"),
         N_("Up to the fen"), N_("Up to the jiao"), N_("Up to the yuan"),
         N_("Down to the fen"), N_("Down to the jiao"), N_("Down to the yuan")),
        strict=True,
    )
)  # fmt: skip

Field = QLineEdit | Choice[str]
_ALL: Final = frozenset(Method)
_TIERED: Final = frozenset({Method.TIERED})


@dataclass(frozen=True, slots=True)
class _Spec:
    """A field: its name in the sheet, its caption, how it is made, for which methods, and how many columns wide.

    ``hint`` (an ``N_`` text) is shown while it is empty, else an example.
    """

    name: str
    caption: str
    make: Callable[[], Field]
    methods: frozenset[Method] = _ALL
    wide: int = 1
    hint: str = ""


def _line() -> QLineEdit:
    field = QLineEdit()
    field.setProperty("form", True)
    return field


def _choice(choices: Sequence[tuple[str, str]]) -> Callable[[], Choice[str]]:
    return lambda: Choice(choices, choices[0][0])


def _or_none(choices: Mapping[str, str], none: str) -> Callable[[], Choice[str]]:
    return _choice((("", none), *choices.items()))


_SPECS: Final = (
    _Spec("name", N_("Name of the tariff"), _line, wide=2, hint=N_("as bills show it")),
    _Spec("item", N_("Fee item"), _line),
    _Spec("method", N_("How it is charged"), _choice([(one.value, words) for one, words in METHOD_NAMES.items()])),
    _Spec("price", N_("Price in yuan"), _line, _ALL - {Method.SHARED}),
    _Spec("formula", N_("Formula, in yuan a cycle"), _line, frozenset({Method.FORMULA}), 2),
    _Spec("tiers", N_("Tiers"), _line, _TIERED, 2),
    _Spec("tier_cycle", N_("Tiers count by"), _choice(_TIER_CYCLES), _TIERED),
    _Spec("tier_restart", N_("Tiers begin anew on"), _line, _TIERED),
    _Spec("person_base", N_("Wider by persons"), _line, _TIERED),
    _Spec("meter_kind", N_("Meter"), _or_none(_METERS, N_("The usual one of the item")), frozenset(METERED)),
    _Spec("cycle_months", N_("Charged for"), _choice(_CYCLES), frozenset(TIMED)),
    _Spec("partial_month", N_("Part of a month"), _choice(tuple(_PARTIAL.items())), frozenset(TIMED)),
    _Spec("due_rule", N_("When it is due"), _line),
    _Spec("valid_from", N_("First day in force"), _line),
    _Spec("valid_to", N_("Last day in force"), _line, hint=N_("empty: no limit")),
    _Spec("price_form", N_("Price form"), _or_none(_FORMS, N_("Not said"))),
    _Spec("basis_document", N_("Basis document"), _line, wide=2),
    _Spec("tax_rate", N_("Tax rate"), _line),
    _Spec("nature", N_("Whose money it is"), _or_none(_NATURES, N_("As usual for the item"))),
    _Spec("rounding", N_("Rounding of each line"), _choice(_ROUNDINGS)),
    _Spec("covers", N_("What is done for it (fee board)"), _line, wide=2),
)
OF_ITEM: Final = ("nature", "rounding", "covers")
"""What belongs to the fee item rather than to one price."""


class TariffFields(QWidget):
    """`changed` while anything is typed or chosen."""

    changed = Signal()

    def __init__(self, *, away: Sequence[str] = (), fixed: Sequence[str] = ()) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self._specs = [spec for spec in _SPECS if spec.name not in away]
        self.fields: dict[str, Field] = {spec.name: spec.make() for spec in self._specs}
        self._rows = {spec.name: FormRow(spec.caption, self.fields[spec.name]) for spec in self._specs}
        for row in self._rows.values():
            row.setParent(self)  # a row without a parent would be shown as a window of its own
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        for name, field in self.fields.items():
            if isinstance(field, QLineEdit):
                field.textChanged.connect(self.changed)
                field.setReadOnly(name in fixed)
            else:
                field.chosen.connect(self.changed)
                field.setEnabled(name not in fixed)
        method = self.fields["method"]
        if isinstance(method, Choice):
            method.chosen.connect(self.relayout)
        self.relayout()
        follow_language(self, self._retranslate)

    def texts(self) -> dict[str, str]:
        """What is typed and chosen, of the fields in sight."""
        shown = (spec.name for spec in self._specs if self.method() in spec.methods)
        return {name: self._text(self.fields[name]) for name in shown}

    def fill(self, texts: Mapping[str, str]) -> None:
        """Shows other values."""
        for name, text in texts.items():
            field = self.fields.get(name)
            if isinstance(field, QLineEdit):
                field.setText(text)
                field.setCursorPosition(0)
            elif field is not None:
                field.set_value(text)
        self.relayout()
        self.changed.emit()

    def method(self) -> Method:
        """How it is charged."""
        return Method(self._text(self.fields["method"]))

    def focus_field(self, name: str) -> None:
        """Puts the keyboard into a field, if it is in sight."""
        field = self.fields.get(name)
        if field is not None and not field.isHidden():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def relayout(self) -> None:
        """Puts the fields that the method needs side by side, row by row."""
        columns = 3 if appearance().is_compact else 4
        for row in self._rows.values():
            self._grid.removeWidget(row)
        at, method, before = 0, self.method(), None
        for spec in self._specs:
            row = self._rows[spec.name]
            row.setVisible(method in spec.methods)
            if method not in spec.methods:
                continue
            if at % columns + spec.wide > columns:
                at += columns - at % columns
            self._grid.addWidget(row, at // columns, at % columns, 1, spec.wide, Qt.AlignmentFlag.AlignTop)
            at += spec.wide
            if before is not None:
                QWidget.setTabOrder(before, self.fields[spec.name])
            before = self.fields[spec.name]
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def wanted_height(self) -> int:
        """How tall all fields in sight are together."""
        self._grid.invalidate()
        return self._grid.sizeHint().height()

    @staticmethod
    def _text(field: Field) -> str:
        return field.text() if isinstance(field, QLineEdit) else field.value()

    def _retranslate(self) -> None:
        for spec in self._specs:
            field = self.fields[spec.name]
            if isinstance(field, QLineEdit):
                field.setPlaceholderText(_(spec.hint) if spec.hint else EXAMPLES.get(spec.name, ""))
