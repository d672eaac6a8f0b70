"""The tabs of the meters page, each with what its keys really do on the ledger."""

from collections.abc import Callable
from pathlib import Path

from feedesk.ops.run import Workplace
from feedesk.ui.pages.meters.readings_tab import ReadingsTab
from feedesk.ui.pages.meters.reconciliation_tab import ReconciliationTab
from feedesk.ui.pages.meters.reconciliation_work import ReconciliationWork
from feedesk.ui.pages.meters.shared_costs_tab import SharedCostsTab
from feedesk.ui.pages.meters.shared_costs_work import SharedCostsWork
from feedesk.ui.pages.meters.tab import MetersTab
from feedesk.ui.pages.meters.work import ReadingsWork
from feedesk.ui.pages.records.units_work import UnitsWork
from feedesk.ui.tasks import Worker


def meters_tabs(seat: Callable[[], Workplace], worker: Worker, open_path: Callable[[Path], object]) -> list[MetersTab]:
    """The tabs there are, in the order shown: 抄表录入, 公摊, 对账."""
    importing = UnitsWork(seat, open_path).functions().importing
    return [
        ReadingsTab(ReadingsWork(seat, importing).functions(), worker),
        SharedCostsTab(SharedCostsWork(seat).functions(), worker),
        ReconciliationTab(ReconciliationWork(seat).functions(), worker),
    ]
