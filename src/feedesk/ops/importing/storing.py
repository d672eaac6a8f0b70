"""The import as one act: check, store, and either keep everything or nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from feedesk.errors import UserError
from feedesk.models import Resident, Tariff, Unit, table_of
from feedesk.ops.importing.accounts import derive_accounts
from feedesk.ops.importing.concessions import store_policies
from feedesk.ops.importing.fees import store_fee_items, store_scopes, store_tariffs
from feedesk.ops.importing.late_fees import store_late_fee_rules
from feedesk.ops.importing.meters import store_readings
from feedesk.ops.importing.openings import post_openings
from feedesk.ops.importing.people import store_residents
from feedesk.ops.importing.shared_costs import store_shared_costs
from feedesk.ops.importing.under_way import ImportUnderWay, SheetTally
from feedesk.ops.importing.units import store_community, store_units
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.rules import community_rows as rows
from feedesk.rules.community_checks import KnownLedger, check_book, idle_patterns, unmarked_prices
from feedesk.rules.community_rows import CellProblem, CommunityBook, SheetRows
from feedesk.texts import N_

_unit, _tariff, _resident = (table_of(model) for model in (Unit, Tariff, Resident))


class WorkbookRefused(UserError):
    """``problems`` tells every bad cell; ``details`` the same as plain values."""

    message = N_("Nothing was imported: {count} cells of the workbook cannot be taken. Mend them and import it again.")

    def __init__(self, problems: tuple[CellProblem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), details=[problem.detail() for problem in problems])


@dataclass(frozen=True, slots=True)
class CommunityImported:
    """What an import did, by sheet; with ``dry_run`` what it would have done."""

    sheets: Mapping[str, SheetTally]
    warnings: tuple[str, ...]
    dry_run: bool


@requires(Permission.IMPORT_RECORDS)
def import_community(act: Act, *, book: CommunityBook, dry_run: bool = False) -> CommunityImported:
    """Stores a workbook. Raises `WorkbookRefused` with every bad cell; then nothing was stored.

    With ``dry_run`` everything is done and undone again.
    """
    savepoint = act.connection.begin_nested()
    under_way = ImportUnderWay(act, book)
    under_way.note(book.problems)
    known = _known(under_way)
    under_way.note(check_book(book, known))
    _store(under_way)
    if under_way.problems:
        savepoint.rollback()
        raise WorkbookRefused(_in_order(under_way.problems))
    if dry_run:
        savepoint.rollback()
    else:
        savepoint.commit()
        _audit(under_way)
    tallies = {sheet: under_way.tallies.get(sheet, SheetTally()) for sheet in book.sheets}
    return CommunityImported(tallies, _warnings(under_way, known), dry_run)


def _known(under_way: ImportUnderWay) -> KnownLedger:
    connection = under_way.connection
    customers = connection.execute(
        select(_resident.c.customer_code, _resident.c.name).where(_resident.c.customer_code.is_not(None))
    )
    return KnownLedger(
        units=frozenset(connection.execute(select(_unit.c.code)).scalars()),
        tariffs=frozenset(connection.execute(select(_tariff.c.name)).scalars()),
        customers=dict(customers.all()),
    )


def _store(under_way: ImportUnderWay) -> None:
    community = store_community(under_way)
    units = store_units(under_way, community)
    # What stands in a bad row of 房屋 has no key; the rows that name it are checked when it is mended.
    _leave_out_rows_of_bad_units(under_way, units)
    store_residents(under_way, units)
    items = store_fee_items(under_way)
    tariffs = store_tariffs(under_way, items)
    store_scopes(under_way, tariffs)
    store_policies(under_way, items)
    store_shared_costs(under_way, items)
    store_late_fee_rules(under_way, items)
    derive_accounts(under_way)
    store_readings(under_way, units)
    post_openings(under_way, units, items)


def _leave_out_rows_of_bad_units(under_way: ImportUnderWay, units: Mapping[str, int]) -> None:
    naming: tuple[tuple[str, SheetRows[Any]], ...] = (
        (rows.RESIDENTS, under_way.book.residents),
        (rows.READINGS, under_way.book.readings),
        (rows.ARREARS, under_way.book.arrears),
        (rows.PAID_THROUGH, under_way.book.paid_through),
        (rows.PREPAYMENTS, under_way.book.prepayments),
        (rows.DEPOSITS, under_way.book.deposits),
    )
    for sheet, found in naming:
        under_way.leave_out(sheet, [row.row for row in found.rows if row.unit not in units])


def _in_order(problems: list[CellProblem]) -> tuple[CellProblem, ...]:
    order = {sheet: n for n, sheet in enumerate(rows.SHEET_ORDER)}
    return tuple(sorted(problems, key=lambda problem: (order[problem.sheet], problem.row)))


def _warnings(under_way: ImportUnderWay, known: KnownLedger) -> tuple[str, ...]:
    book = under_way.book
    return (*book.warnings, *idle_patterns(book, known), *unmarked_prices(book, known), *under_way.warnings)


def _audit(under_way: ImportUnderWay) -> None:
    done = {
        sheet: {"added": tally.added, "changed": tally.changed}
        for sheet, tally in under_way.tallies.items()
        if tally.added or tally.changed
    }
    if done:
        record_audit(under_way.act, action="import", subject="workbook", detail=json.dumps(done, ensure_ascii=False))
