"""What must hold between the rows of a community workbook, and between them and the ledger.

Each check yields `CellProblem`s; none stops at the first. Rows that have one are left out by whoever stores the rest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedesk.rules import community_rows as rows
from feedesk.rules.community_rows import CellProblem, CommunityBook
from feedesk.rules.fee_items import item_fault
from feedesk.rules.unit_patterns import is_pattern, matches
from feedesk.texts import N_, _

NO_SUCH_UNIT = N_("There is no such unit: neither in the sheet 房屋 nor in the ledger.")
NO_SUCH_TARIFF = N_("There is no such tariff: neither in the sheet 收费标准 nor in the ledger.")

_NAMED = 5
_WITH_ITEMS = frozenset({rows.TARIFFS, rows.SHARED_COSTS, rows.ARREARS, rows.PAID_THROUGH})


@dataclass(frozen=True, slots=True)
class KnownLedger:
    """What is in the ledger already: unit codes and the names of tariffs."""

    units: frozenset[str] = frozenset()
    tariffs: frozenset[str] = frozenset()
    customers: dict[str, str] = field(default_factory=dict)


def check_book(book: CommunityBook, known: KnownLedger) -> list[CellProblem]:
    """All that does not fit together."""
    return [
        *_one_community(book),
        *_known_units(book, known),
        *_known_tariffs(book, known),
        *_in_bad_rows(book, known),
        *_fee_items(book),
        *_same_persons(book, known),
        *_tariffs_agree(book),
        *_meters_agree(book),
    ]


def idle_patterns(book: CommunityBook, known: KnownLedger) -> list[str]:
    """Warnings about patterns that no unit fits."""
    codes = book.named_units | known.units
    patterns = dict.fromkeys(row.pattern for row in book.scopes.rows if is_pattern(row.pattern))
    return [
        _("Sheet “{sheet}”: no unit fits the pattern {pattern}.").format(sheet=rows.SCOPES, pattern=pattern)
        for pattern in patterns
        if not any(matches(pattern, code) for code in codes)
    ]


def unmarked_prices(book: CommunityBook, known: KnownLedger) -> list[str]:
    """A warning about prices that name no legal form or no document: nothing may be charged that is not marked.

    A tariff the ledger has may leave the columns out: what is stored stays.
    """
    said = book.tariffs.fields >= {"price_form", "basis_document"}
    lacking = dict.fromkeys(
        row.name
        for row in book.tariffs.rows
        if not (row.price_form and row.basis_document) and (said or row.name not in known.tariffs)
    )
    if not lacking:
        return []
    names = list(lacking)
    more = _(" and others, {n} in all").format(n=len(names)) if len(names) > _NAMED else ""
    words = _("Sheet “{sheet}”: 依据类型 or 依据文件 is missing for {names}; prices must be marked with both.")
    return [words.format(sheet=rows.TARIFFS, names="、".join(names[:_NAMED]) + more)]


def _one_community(book: CommunityBook) -> Iterator[CellProblem]:
    for row in book.communities.rows[1:]:
        reason = _("A workbook describes one community; this is a second one.")
        yield CellProblem(rows.COMMUNITY, row.row, "小区名称", row.name, reason)


def _in_bad_rows(book: CommunityBook, known: KnownLedger) -> Iterator[CellProblem]:
    """What a row names whose other cells are bad is told together with them."""
    codes, tariffs = book.named_units | known.units, book.named_tariffs | known.tariffs
    for one in book.mentions:
        reason = ""
        if one.field == "tariff" and one.value not in tariffs:
            reason = _(NO_SUCH_TARIFF)
        elif one.field == "item" and one.sheet in _WITH_ITEMS:
            reason = item_fault(one.value)
        elif one.field in ("unit", "joined_to", "pattern") and not is_pattern(one.value) and one.value not in codes:
            reason = _(NO_SUCH_UNIT)
        if reason:
            yield CellProblem(one.sheet, one.row, one.column, one.value, reason)


def _fee_items(book: CommunityBook) -> Iterator[CellProblem]:
    naming: tuple[tuple[str, str, Sequence[Any], Callable[[Any], str]], ...] = (
        (rows.TARIFFS, "收费项目", book.tariffs.rows, lambda row: row.item),
        (rows.SHARED_COSTS, "收费项目", book.shared_costs.rows, lambda row: row.item),
        (rows.ARREARS, "收费项目", book.arrears.rows, lambda row: row.item),
        (rows.PAID_THROUGH, "收费项目", book.paid_through.rows, lambda row: row.item),
        (rows.DEPOSITS, "名称", book.deposits.rows, lambda row: row.name),
    )
    for sheet, column, found, name in naming:
        for row in found:
            if reason := item_fault(name(row)):
                yield CellProblem(sheet, row.row, column, name(row), reason)


def _known_units(book: CommunityBook, known: KnownLedger) -> Iterator[CellProblem]:
    codes = book.named_units | known.units
    reason = _(NO_SUCH_UNIT)
    for unit in book.units.rows:
        if unit.joined_to and unit.joined_to not in codes:
            yield CellProblem(rows.UNITS, unit.row, "关联房屋", unit.joined_to, reason)
    naming: tuple[tuple[str, Sequence[Any]], ...] = (
        (rows.RESIDENTS, book.residents.rows),
        (rows.READINGS, book.readings.rows),
        (rows.ARREARS, book.arrears.rows),
        (rows.PAID_THROUGH, book.paid_through.rows),
        (rows.PREPAYMENTS, book.prepayments.rows),
        (rows.DEPOSITS, book.deposits.rows),
    )
    for sheet, found in naming:
        for row in found:
            if row.unit not in codes:
                yield CellProblem(sheet, row.row, "房屋编号", row.unit, reason)
    for scope in book.scopes.rows:
        if not is_pattern(scope.pattern) and scope.pattern not in codes:
            yield CellProblem(rows.SCOPES, scope.row, "房屋编号", scope.pattern, reason)
    for cost in book.shared_costs.rows:
        for pattern in cost.scope:
            if not any(matches(pattern, code) for code in codes):
                yield CellProblem(rows.SHARED_COSTS, cost.row, "范围", pattern, _("No unit fits this pattern."))


def _known_tariffs(book: CommunityBook, known: KnownLedger) -> Iterator[CellProblem]:
    names = book.named_tariffs | known.tariffs
    for row in book.scopes.rows:
        if row.tariff not in names:
            reason = _(NO_SUCH_TARIFF)
            yield CellProblem(rows.SCOPES, row.row, "收费标准", row.tariff, reason)


def _same_persons(book: CommunityBook, known: KnownLedger) -> Iterator[CellProblem]:
    """One customer number is one person, so it goes with one name."""
    names = dict(known.customers)
    in_book: dict[str, int] = {}
    for row in book.residents.rows:
        if not row.customer_code:
            continue
        name = names.setdefault(row.customer_code, row.name)
        first = in_book.setdefault(row.customer_code, row.row)
        if name != row.name:
            in_row = _("In row {first} this number is {name}: one number, one person.")
            in_ledger = _("In the ledger this number is {name}: one number, one person.")
            reason = (in_row if first != row.row else in_ledger).format(first=first, name=name)
            yield CellProblem(rows.RESIDENTS, row.row, "客户编号", row.customer_code, reason)


def _tariffs_agree(book: CommunityBook) -> Iterator[CellProblem]:
    """One tariff is for one item; what belongs to the item (款项性质, 尾数) is the same in all its tariffs."""
    found = book.tariffs.rows
    yield from _one_value(found, lambda row: row.name, lambda row: row.item, "收费项目")
    with_nature = [row for row in found if row.nature]
    yield from _one_value(with_nature, lambda row: row.item, lambda row: row.nature, "款项性质")
    if "rounding" in book.tariffs.fields:
        yield from _one_value(
            found, lambda row: row.item, lambda row: f"{row.mantissa}{_STEP_WORDS[row.mantissa_step]}", "尾数"
        )


_STEP_WORDS = {1: "", 10: "到角", 100: "到元"}


def _one_value(
    found: Sequence[rows.TariffRow],
    group: Callable[[rows.TariffRow], str],
    value: Callable[[rows.TariffRow], str],
    column: str,
) -> Iterator[CellProblem]:
    first: dict[str, rows.TariffRow] = {}
    for row in found:
        other = first.setdefault(group(row), row)
        if value(other) != value(row):
            reason = _("For “{name}” row {first} says {value}; it must be the same everywhere.").format(
                name=group(row), first=other.row, value=value(other)
            )
            yield CellProblem(rows.TARIFFS, row.row, column, value(row), reason)


def _meters_agree(book: CommunityBook) -> Iterator[CellProblem]:
    """A meter has one multiplier."""
    said: dict[tuple[str, str, str], list[rows.ReadingRow]] = defaultdict(list)
    for row in book.readings.rows:
        if row.multiplier is not None:
            said[row.unit, row.meter, row.number].append(row)
    for readings in said.values():
        for row in readings[1:]:
            if row.multiplier != readings[0].multiplier:
                reason = _("The same meter has the multiplier {value} in row {first}.").format(
                    value=readings[0].multiplier, first=readings[0].row
                )
                yield CellProblem(rows.READINGS, row.row, "倍率", str(row.multiplier), reason)
