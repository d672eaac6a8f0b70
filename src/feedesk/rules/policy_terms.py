"""What one row of the concession policies (优惠政策) says, and whether its parts fit together.

The workbook's reader and the forms of the window ask the same questions here before anything is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from feedesk.rules.concession_terms import Condition
from feedesk.rules.concessions import Reduction
from feedesk.texts import N_, _

Finding = tuple[str, str]
"""A field and the sentence that says why its value cannot stand."""

_ENDS_BEFORE_IT_BEGINS = N_("The end lies before the beginning.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTerms:
    """A policy as a form has it: ``condition`` and ``method`` as stored, ``value`` per cent, yuan, months, or yuan
    per unit, ``items`` the names of fee items (or 全部), in force from a day to a day (both included).
    """

    name: str
    condition: str
    method: str
    value: Fraction
    items: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    stackable: bool = False
    basis_document: str = ""


def policy_findings(terms: PolicyTerms) -> Iterator[Finding]:
    """Each field of a policy that cannot stand, with the reason."""
    if not terms.name.strip():
        yield "name", _("A policy needs a name: it is shown on bills and receipts.")
    try:
        Condition.parse(terms.condition)
    except ValueError:
        yield "condition", _("Write the condition as 标签=老年, 空置, 核准, 预缴>=12月 or 一次性付清.")
    if terms.method not in set(Reduction):
        yield "method", _("Choose one of: {values}.").format(values="、".join(Reduction))
    elif reason := value_fault(Reduction(terms.method), terms.value):
        yield "value", reason
    if not terms.items:
        yield "items", _("Name the fee items it lowers, several separated by “;”.")
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        yield "valid_to", _(_ENDS_BEFORE_IT_BEGINS)


def value_fault(reduction: Reduction, value: Fraction) -> str | None:
    """Why a policy cannot take off so much; None where it can."""
    match reduction:
        case Reduction.PERCENT if not 0 < value <= 100:
            return _("A percentage must lie between 0 and 100.")
        case Reduction.MONTHS if value.denominator != 1 or not 1 <= value <= 12:
            return _("Months off are a whole number from 1 to 12.")
        case Reduction.AMOUNT if value <= 0 or (value * 100).denominator != 1:
            return _("An amount off is greater than zero, with at most two decimals.")
        case Reduction.UNIT_PRICE if value < 0:
            return _("The number must not be negative.")
        case _:
            return None
