"""A form reads what is typed into it as the workbook's sheet would: one way of writing, one set of complaints.

``texts`` are by field name; a blank takes the column's default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from feedesk.errors import UserError
from feedesk.exchange.cells import BadCell, Cell, is_blank
from feedesk.exchange.fee_sheets import SCOPE_SHEET, TARIFF_SHEET
from feedesk.exchange.grammar import Sheet
from feedesk.money import Mantissa, decimal_text
from feedesk.ops.pricing import ItemFacts
from feedesk.rules.community_rows import ScopeRow, TariffRow
from feedesk.rules.price_terms import PriceTerms
from feedesk.texts import N_, _

CYCLE_TEXTS = {1: "月", 3: "季", 6: "半年", 12: "年", 0: "一次性"}
"""The cycles by their months, as a form writes them."""

_STEPS = {1: "", 10: "到角", 100: "到元"}
ROUNDING_TEXTS = tuple(f"{way}{step}" for way in Mantissa for step in _STEPS.values())
"""Every way and step of rounding, as a form writes it."""

TIER_CYCLES = ("月", "年")
USUAL_TEXTS = {"due_rule": "当月末"}
"""What a form for a new tariff begins with."""

EXAMPLES = {
    "item": "物业费",
    "price": "2.80 · 4/3 · 峰0.5583;谷0.3583",
    "formula": "面积 * 1.2 + 楼层 * 3",
    "tiers": "0-180:5.00;180-260:7.00;260-:9.00",
    "tier_restart": "01-01",
    "person_base": "5:36",
    "due_rule": "当月末 · 次月15",
    "valid_from": "2027-01-01",
    "tax_rate": "6%",
}
"""How a field is written, to be shown while it is empty."""

_TERMS = tuple(field.name for field in fields(PriceTerms))


class FormRefused(UserError):
    """``field`` is the one to mend; ``header`` is its column in the workbook."""

    message = N_("{header}: {reason}")

    def __init__(self, field: str, header: str, reason: str) -> None:
        self.field = field
        super().__init__(header=header, reason=reason)


@dataclass(frozen=True, slots=True)
class TariffForm:
    """What a form for a tariff says."""

    name: str
    item: ItemFacts
    terms: PriceTerms


def read_form(sheet: Sheet, texts: Mapping[str, str]) -> Any:
    """The row that a sheet would make of these texts; `FormRefused` at the first that does not fit."""
    values: dict[str, Any] = {}
    for column in sheet.columns:
        text = texts.get(column.field, "")
        if is_blank(text):
            if column.required:
                raise FormRefused(column.field, column.header, _("This field must be filled in."))
            values[column.field] = column.default
            continue
        try:
            values[column.field] = column.read(Cell(text))
        except BadCell as error:
            raise FormRefused(column.field, column.header, error.reason) from None
    for field, reason in sheet.complete(values):
        raise FormRefused(field, sheet.column(field).header, reason)
    return sheet.build(row=0, **values)


def read_tariff_form(texts: Mapping[str, str]) -> TariffForm:
    """A tariff with one price; ``covers`` (服务内容) is no column of the sheet."""
    row: TariffRow = read_form(TARIFF_SHEET, texts)
    item = ItemFacts(
        name=row.item,
        nature=row.nature,
        mantissa=row.mantissa,
        mantissa_step=row.mantissa_step,
        covers=texts.get("covers", "").strip(),
    )
    return TariffForm(row.name, item, PriceTerms(**{name: getattr(row, name) for name in _TERMS}))


def read_scope_form(texts: Mapping[str, str]) -> ScopeRow:
    """Where a tariff applies."""
    row: ScopeRow = read_form(SCOPE_SHEET, texts)
    return row


def price_texts(terms: PriceTerms) -> dict[str, str]:
    """A stored price as the form shows it, to be read back as the same."""
    price = terms.prices or ("" if terms.unit_price is None else decimal_text(terms.unit_price, 2))
    tax = "" if terms.tax_rate is None else f"{decimal_text(terms.tax_rate * 100)}%"
    return {
        "method": terms.method,
        "price": price,
        "cycle_months": CYCLE_TEXTS[terms.cycle_months],
        "due_rule": terms.due_rule,
        "tiers": terms.tiers,
        "tier_cycle": terms.tier_cycle,
        "tier_restart": terms.tier_restart,
        "person_base": terms.person_base,
        "partial_month": terms.partial_month,
        "price_form": terms.price_form,
        "basis_document": terms.basis_document,
        "valid_from": terms.valid_from.isoformat(),
        "valid_to": "" if terms.valid_to is None else terms.valid_to.isoformat(),
        "tax_rate": tax,
        "meter_kind": terms.meter_kind,
        "formula": terms.formula,
    }


def rounding_text(mantissa: str, step: int) -> str:
    """How an item rounds, as the form shows it: ``四舍五入``, ``进位到角``."""
    return mantissa + _STEPS[step]
