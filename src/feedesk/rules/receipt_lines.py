"""The lines of a receipt: the same item at the same price over following periods is one line.

Charges are merged only where the printed arithmetic then adds up to the fen; whatever does not merge stands alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from feedesk.money import Fen, format_amount
from feedesk.periods import Period
from feedesk.rules.receipt_document import ReceiptLine
from feedesk.texts import _


@dataclass(frozen=True, slots=True)
class SettledCharge:
    """A charge and what this payment settled of it, in fen; ``basis`` is its arithmetic as billed.

    ``late_fee_rate`` says at what rate its late fee was reckoned: 万分之三/日.
    """

    item: str
    unit: str
    period: str
    basis: str
    gross: Fen
    discount: Fen
    concession: str
    principal: Fen
    late_fee: Fen
    late_fee_rate: str = ""

    @property
    def whole(self) -> bool:
        """Whether this payment settled all of it at once, so that its arithmetic is the payment's."""
        return self.principal == self.gross - self.discount


def compose_lines(charges: Sequence[SettledCharge], own_unit: str) -> tuple[ReceiptLine, ...]:
    """The lines for charges in the order they are to be shown by; late fees come last, on a line of their own."""
    lines: list[ReceiptLine] = []
    for (item, unit), group in groupby(_by_item(charges), key=lambda charge: (charge.item, charge.unit)):
        for run in _runs([charge for charge in group if charge.principal]):
            lines.append(_line(item, unit if unit != own_unit else "", run))
    late = [charge for charge in charges if charge.late_fee]
    if late:
        lines.append(_late_fee_line(late))
    return tuple(lines)


def _by_item(charges: Sequence[SettledCharge]) -> list[SettledCharge]:
    """Charges of one item and unit together, in the order in which the items first appear, by period within."""
    place: dict[tuple[str, str], int] = {}
    for charge in charges:
        place.setdefault((charge.item, charge.unit), len(place))
    return sorted(charges, key=lambda charge: (place[charge.item, charge.unit], Period.parse(charge.period)))


def _runs(charges: Sequence[SettledCharge]) -> list[list[SettledCharge]]:
    runs: list[list[SettledCharge]] = []
    for charge in charges:
        if runs and _continues(runs[-1][-1], charge):
            runs[-1].append(charge)
        else:
            runs.append([charge])
    return runs


def _continues(before: SettledCharge, charge: SettledCharge) -> bool:
    return (
        before.whole
        and charge.whole
        and Period.parse(before.period).shifted(1) == Period.parse(charge.period)
        and (before.basis, before.gross, before.discount, before.concession)
        == (charge.basis, charge.gross, charge.discount, charge.concession)
    )


def _line(item: str, unit: str, run: Sequence[SettledCharge]) -> ReceiptLine:
    first, last = run[0], run[-1]
    details = []
    if first.basis:
        details.append(_arithmetic(first, len(run)))
    discount = Fen(first.discount * len(run))
    if discount:
        details.append(f"{first.concession or _('Concession')} −{format_amount(discount)}")
    if not first.whole:
        details.append(_("Part of {amount}").format(amount=format_amount(Fen(first.gross - first.discount))))
    return ReceiptLine(
        item=item,
        periods=period_span(first.period, last.period),
        amount=Fen(sum(charge.principal for charge in run)),
        details=tuple(details),
        # A rent names its parking space in the arithmetic already.
        unit="" if any(detail.startswith(unit) for detail in details) else unit,
    )


def _arithmetic(charge: SettledCharge, times: int) -> str:
    """``98.60㎡×2.80×4=1,104.32``; a rent without a sign of multiplication is its sum: ``B1-087 300.00×3``."""
    if "×" not in charge.basis and "÷" not in charge.basis:
        name = charge.basis.rpartition(" · ")[0]
        count = f"×{times}" if times > 1 else ""
        return f"{name} {format_amount(charge.gross)}{count}".strip()
    tight = charge.basis
    for sign in ("×", "÷", "+"):
        tight = tight.replace(f" {sign} ", sign)
    tight = tight.replace(" · ", " ").replace(" ㎡", "㎡").replace(" 天", "天")
    for measure in ("吨", "度", "方"):
        tight = tight.replace(f" {measure}×", f"{measure}×")
    if times == 1 and not charge.discount:
        return tight
    gross = format_amount(Fen(charge.gross * times))
    return f"{tight}×{times}={gross}" if times > 1 else f"{tight}={gross}"


def period_span(first: str, last: str) -> str:
    """``2026-08`` to ``2026-11`` is ``2026-08~11``; over the turn of a year ``2025-11~2026-02``."""
    if first == last:
        return first
    if len(first) == len(last) == 7 and first[:5] == last[:5]:
        return f"{first}~{last[5:]}"
    return f"{first}~{last}"


def _late_fee_line(charges: Sequence[SettledCharge]) -> ReceiptLine:
    """``物业费12.00 车位服务费6.93 万分之三/日``; where the rates differ each follows its item."""
    amounts: dict[str, int] = {}
    rates: dict[str, set[str]] = {}
    for charge in charges:
        amounts[charge.item] = amounts.get(charge.item, 0) + charge.late_fee
        rates.setdefault(charge.item, set()).add(charge.late_fee_rate)
    words = {item: f"{item}{format_amount(Fen(amount))}" for item, amount in amounts.items()}
    together = set().union(*rates.values())
    if len(together) == 1:
        details = " ".join((*words.values(), *together)).strip()
    else:
        details = " ".join(
            f"{words[item]} {''.join(found)}".strip() if len(found) == 1 else words[item]
            for item, found in rates.items()
        )
    return ReceiptLine(_("Late fee"), "", Fen(sum(amounts.values())), (details,))


def concession_of(snapshot: str) -> str:
    """The name of the concession that a charge's snapshot (JSON) was granted under, empty without one."""
    return str(json.loads(snapshot).get("concession", "")) if snapshot else ""
