"""The ledger a benchmark runs on: the sample community, imported and billed, in a folder that goes away afterwards."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from feedesk.db import Database
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.sample_community import write_sample_community
from feedesk.ops.billing import bill_period
from feedesk.ops.importing import import_community
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import TRAINING_ACTOR, create_ledger
from feedesk.periods import Period
from feedesk.texts import _

TODAY: Final = date(2026, 11, 23)


@contextmanager
def sample_ledger(*, households: int, years: int, tell: Callable[[str], None]) -> Iterator[Workplace]:
    """A ledger of the sample community with the bills of so many years up to `TODAY`; 0: of its month only."""
    with tempfile.TemporaryDirectory(prefix="feedesk-bench-") as folder:
        workbook = Path(folder) / "community.xlsx"
        tell(_("Making a ledger of {n} homes and {years} years").format(n=households, years=years))
        write_sample_community(workbook, households=households)
        database = Database(f"sqlite:///{(Path(folder) / 'ledger.sqlite').as_posix()}")
        try:
            create_ledger(database, training=True)
            office = Workplace(database, TRAINING_ACTOR, today=TODAY)
            office.run_op(import_community, book=read_community_workbook(workbook))
            last = Period.containing(TODAY)
            for back in reversed(range(max(12 * years, 1))):
                office.run_op(bill_period, period=last.shifted(-back))
            yield office
        finally:
            database.dispose()
