"""The lines of a receipt: the same item at the same price over following periods is one line.

Charges are merged only where the printed arithmetic then adds up to the fen; whatever does not merge stands alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """The lines for charges in the order they are to be shown by; late fees come last, on a line of their own.

    Where one item is paid for several units the lines stand home by home, ``own_unit`` first, and each names its unit;
    else only another unit's is named, and not where its arithmetic says it.
    """
    lines: list[ReceiptLine] = []
    by_home = bool(_of_several_units([charge for charge in charges if charge.principal]))
    if by_home:
        charges = _by_unit(charges, own_unit)
    for (item, unit), group in groupby(_by_item(charges), key=lambda charge: (charge.item, charge.unit)):
        for run in _runs([charge for charge in group if charge.principal]):
            lines.append(_line(item, unit if unit != own_unit or by_home else "", run, always=by_home))
    late = [charge for charge in charges if charge.late_fee]
    if late:
        lines.append(_late_fee_line(late))
    return tuple(lines)


def _of_several_units(charges: Sequence[SettledCharge]) -> frozenset[str]:
    """The items that are paid for more than one unit."""
    units: dict[str, set[str]] = {}
    for charge in charges:
        units.setdefault(charge.item, set()).add(charge.unit)
    return frozenset(item for item, found in units.items() if len(found) > 1)


def _by_unit(charges: Sequence[SettledCharge], own_unit: str) -> list[SettledCharge]:
    """Home by home in the order in which they first appear, the own one first."""
    units = list(dict.fromkeys((own_unit, *(charge.unit for charge in charges))))
    return sorted(charges, key=lambda charge: units.index(charge.unit))


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


def _line(item: str, unit: str, run: Sequence[SettledCharge], *, always: bool) -> ReceiptLine:
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
        unit="" if not always and any(detail.startswith(unit) for detail in details) else unit,
    )


def _arithmetic(charge: SettledCharge, times: int) -> str:
    """``98.60㎡×2.80×4=1,104.32``; a rent without a sign of multiplication is its sum: ``B1-087 300.00×3``.

    Words alone, such as why something was billed later, stay what they are.
    """
    if "×" not in charge.basis and "÷" not in charge.basis:
        return _without_signs(charge, times)
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


def months_together(lines: Sequence[ReceiptLine]) -> tuple[ReceiptLine, ...]:
    """Neighbouring lines of one item, of following (or preceding) periods and the same amount, as one line.

    For papers without arithmetic: whole months given back. Lines with details stand alone.
    """
    runs: list[list[ReceiptLine]] = []
    for line in lines:
        if runs and _adjoins(runs[-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return tuple(_as_one(run) for run in runs)


def _adjoins(run: Sequence[ReceiptLine], line: ReceiptLine) -> bool:
    last = run[-1]
    same = (last.item, last.unit, last.amount, last.details) == (line.item, line.unit, line.amount, ())
    if not same or not last.periods or not line.periods:
        return False
    before, this = Period.parse(last.periods), Period.parse(line.periods)
    step = 1 if before.shifted(1) == this else -1 if before.shifted(-1) == this else 0
    return bool(step) and (len(run) == 1 or Period.parse(run[-2].periods).shifted(step) == before)


def _as_one(run: Sequence[ReceiptLine]) -> ReceiptLine:
    if len(run) == 1:
        return run[0]
    first, last = sorted((run[0].periods, run[-1].periods), key=Period.parse)
    return replace(run[0], periods=period_span(first, last), amount=Fen(sum(line.amount for line in run)))


def _without_signs(charge: SettledCharge, times: int) -> str:
    name, of_unit, _rent = charge.basis.rpartition(" · ")
    if not of_unit and times == 1:
        return charge.basis
    if not of_unit and not charge.basis[0].isdigit():
        name = charge.basis
    count = f"×{times}" if times > 1 else ""
    return f"{name} {format_amount(charge.gross)}{count}".strip()


def period_span(first: str, last: str) -> str:
    """``2026-08`` to ``2026-11`` is ``2026-08~11``; over the turn of a year ``2025-11~2026-02``."""
    if first == last:
        return first
    if len(first) == len(last) == 7 and first[:5] == last[:5]:
        return f"{first}~{last[5:]}"
    return f"{first}~{last}"


def _late_fee_line(charges: Sequence[SettledCharge]) -> ReceiptLine:
    """``物业费12.00 车位服务费6.93 万分之三/日``; where the rates differ each follows its item.

    The periods are told where no principal is paid beside it, so that no other line tells them; units where late fees
    on one item are paid for several.
    """
    amounts: dict[str, int] = {}
    rates: dict[str, set[str]] = {}
    several = _of_several_units(charges)
    for charge in charges:
        whose = f"{charge.unit} {charge.item}" if charge.item in several else charge.item
        amounts[whose] = amounts.get(whose, 0) + charge.late_fee
        rates.setdefault(whose, set()).add(charge.late_fee_rate)
    words = {whose: f"{whose}{format_amount(Fen(amount))}" for whose, amount in amounts.items()}
    together = set().union(*rates.values())
    if len(together) == 1:
        details = " ".join((*words.values(), *together)).strip()
    else:
        details = " ".join(
            f"{words[whose]} {''.join(found)}".strip() if len(found) == 1 else words[whose]
            for whose, found in rates.items()
        )
    periods = "" if any(charge.principal for charge in charges) else _all_periods(charges)
    return ReceiptLine(_("Late fee"), periods, Fen(sum(amounts.values())), (details,))


def _all_periods(charges: Sequence[SettledCharge]) -> str:
    """From the first period to the last."""
    periods = sorted({charge.period for charge in charges}, key=Period.parse)
    return period_span(periods[0], periods[-1])


def concession_of(snapshot: str) -> str:
    """The name of the concession that a charge's snapshot (JSON) was granted under, empty without one."""
    return str(json.loads(snapshot).get("concession", "")) if snapshot else ""
