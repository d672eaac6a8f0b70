"""Whether everything agrees to the fen once the day is over: hands, papers, ledger, workbook, drawer.

Five accounts of the same money were kept in different ways: what the script says must come of each payment, what
the receipts say, what the ledger adds up, what the workbook shows, and the notes in the drawer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedesk.demo.serving import Served, Serving
from feedesk.errors import UserError
from feedesk.exchange.excel_files import opened_workbook, rows_of
from feedesk.ledger.verify import Verification
from feedesk.money import ZERO, Fen, format_amount, parse_amount
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import ShiftClosed
from feedesk.queries.day_figures import closed_figures
from feedesk.queries.issued_receipts import issued_receipts
from feedesk.queries.offsets import day_offsets
from feedesk.queries.receipts import StoredReceipt, find_receipt
from feedesk.queries.shifts import shifts_of_day
from feedesk.queries.verification import verify_everything
from feedesk.receipts.interpreter import interpret
from feedesk.receipts.summary_front import DETAILS, FRONT
from feedesk.rules.day_summary import DayFigures
from feedesk.texts import N_, _


class DayDisagrees(UserError):
    """The sample day's accounts differ; ``details`` tell what was expected and what was found."""

    message = N_("The sample day does not add up: {count} things disagree, the first is {first}.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should be the same on both sides and is not."""

    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.what}: {self.expected} ≠ {self.found}"


@dataclass(frozen=True, slots=True)
class DayResult:
    """What the day came to, all of it agreeing: amounts in fen, ``by_tender`` with the tenders' names."""

    receipts: tuple[StoredReceipt, ...]
    figures: DayFigures
    by_tender: dict[str, Fen]
    total: Fen
    verification: Verification

    @property
    def standing(self) -> tuple[StoredReceipt, ...]:
        """Receipts that were not voided."""
        return tuple(one for one in self.receipts if one.status == "issued")


def check_day(
    workplace: Workplace,
    day: date,
    *,
    past: Serving,
    shifts: Sequence[ShiftClosed],
    workbook: Path,
    slips: Path,
    columns: int,
) -> DayResult:
    """Compares all accounts of the day. Raises `DayDisagrees`."""
    receipts = tuple(_receipts(workplace, day))
    figures = workplace.read(closed_figures, day=day)
    assert figures is not None
    kept = _kept(receipts)
    with_offsets = _added([kept, workplace.read(day_offsets, day=day)])
    findings = [
        *compare_receipts(past.served, receipts),
        *compare_sums(N_("figures of the day"), with_offsets, figures.takings.by_tender()),
        *compare_sums(N_("shifts"), kept, _added(shift.takings_by_tender for shift in shifts)),
        *compare_workbook(workbook, figures, with_offsets),
        *compare_drawer(shifts, kept),
        # Beside the receipts each shift's hand-over slip lies there.
        *compare_slips(slips, receipts, past.reprints + len(shifts), columns),
    ]
    verification = workplace.read(verify_everything)
    findings += [Finding(f"verify {one.entry}", "", one.message) for one in verification.problems]
    if findings:
        details = [{"what": one.what, "expected": one.expected, "found": one.found} for one in findings]
        raise DayDisagrees(count=len(findings), first=str(findings[0]), details=details)
    names = {one.code: one.name for one in figures.tenders}
    by_tender = {names[code]: amount for code, amount in figures.takings.by_tender().items()}
    return DayResult(receipts, figures, by_tender, Fen(sum(by_tender.values())), verification)


def _receipts(workplace: Workplace, day: date) -> Iterator[StoredReceipt]:
    for shift in workplace.read(shifts_of_day, day=day):
        for one in reversed(workplace.read(issued_receipts, shift=shift.id)):
            yield workplace.read(find_receipt, number=one.number)


def _kept(receipts: Iterable[StoredReceipt]) -> dict[str, Fen]:
    """Money by tender that the receipts which stand say was kept."""
    return _added(
        {tender.code: tender.kept for tender in one.document.tenders} for one in receipts if one.status == "issued"
    )


def _added(sums: Iterable[Mapping[str, Fen]]) -> dict[str, Fen]:
    total: Counter[str] = Counter()
    for one in sums:
        total.update(one)
    return {code: Fen(amount) for code, amount in total.items()}


def compare_receipts(served: Sequence[Served], receipts: Sequence[StoredReceipt]) -> Iterator[Finding]:
    """What each payment must come to, against what its receipt says."""
    if len(served) != len(receipts):
        yield Finding(_("receipts"), str(len(served)), str(len(receipts)))
    for one, receipt in zip(served, receipts, strict=False):
        said = receipt.document
        expected = {
            "unit": one.customer.unit,
            "payer": one.customer.resident,
            "cashier": one.cashier,
            "total": one.money.settlement.total,
            "rounding": one.money.settlement.rounding,
            "change": one.money.settlement.change,
        }
        found = {name: getattr(said, name) for name in expected}
        kept = {tender.code: tender.kept for tender in said.tenders}
        if (expected, one.money.kept) != (found, kept):
            yield Finding(said.number, f"{expected} {one.money.kept}", f"{found} {kept}")
        if (receipt.status == "void") != one.voided:
            yield Finding(said.number, "void" if one.voided else "issued", receipt.status)


def compare_sums(what: str, kept: Mapping[str, Fen], found: Mapping[str, Fen]) -> Iterator[Finding]:
    for code in sorted({*kept, *found}):
        if kept.get(code, ZERO) != found.get(code, ZERO):
            yield _differing(f"{_(what)} {code}", kept.get(code, ZERO), found.get(code, ZERO))


def compare_workbook(path: Path, figures: DayFigures, kept: Mapping[str, Fen]) -> Iterator[Finding]:
    """The sum row of the front sheet as a reader sees it, and the sum of all lines of the details."""
    codes = [tender.code for tender in figures.tenders]
    with opened_workbook(path) as workbook:
        rows = [[cell.value for cell in row] for row in rows_of(path, workbook[FRONT])]
        total = next((row for row in rows if row and row[0] == _("Sum")), None)
        if total is None:
            yield Finding(FRONT, _("Sum"), "—")
            return
        for code, value in zip(codes, total[2:], strict=False):
            if _fen(value) != kept.get(code, ZERO):
                yield _differing(f"{FRONT} {code}", kept.get(code, ZERO), _fen(value))
        whole = Fen(sum(kept.values()))
        if _fen(total[2 + len(codes)]) != whole:
            yield _differing(FRONT, whole, _fen(total[2 + len(codes)]))
        shown = {_fen(cell.value) for row in rows_of(path, workbook[DETAILS]) for cell in row if _is_money(cell.value)}
        if whole not in shown:
            yield Finding(DETAILS, format_amount(whole), "—")


def _is_money(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fen(value: object) -> Fen:
    """A cell's amount. Excel keeps binary fractions; two decimals of what it shows are exact."""
    return parse_amount(f"{value:.2f}") if isinstance(value, int | float) else ZERO


def compare_drawer(shifts: Sequence[ShiftClosed], kept: Mapping[str, Fen]) -> Iterator[Finding]:
    """The notes that were counted, less the float, are the cash the receipts say was kept."""
    for shift in shifts:
        if shift.over_short:
            yield _differing(_("drawer of {cashier}").format(cashier=shift.cashier), shift.expected, shift.counted)
    counted = Fen(sum(shift.counted - shift.opening_float for shift in shifts))
    if counted != kept.get("cash", ZERO):
        yield _differing(_("cash counted"), kept.get("cash", ZERO), counted)


def compare_slips(folder: Path, receipts: Sequence[StoredReceipt], more: int, columns: int) -> Iterator[Finding]:
    """Every receipt is on paper with so many ``more`` slips, and the printer understood all of it."""
    jobs = sorted(folder.glob("*.escpos"))
    if len(jobs) != len(receipts) + more:
        yield Finding(_("slips"), str(len(receipts) + more), str(len(jobs)))
    papers = [interpret(job.read_bytes(), columns=columns) for job in jobs]
    for job, paper in zip(jobs, papers, strict=True):
        for problem in paper.problems:
            yield Finding(job.name, "", problem)
    for receipt in receipts:
        said = receipt.document
        amount = format_amount(said.total)
        if not any(said.number in paper.text() and amount in paper.text() for paper in papers):
            yield Finding(_("slip"), f"{said.number} {amount}", "—")


def _differing(what: str, expected: Fen, found: Fen) -> Finding:
    return Finding(what, format_amount(expected), format_amount(found))
