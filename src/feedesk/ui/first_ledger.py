"""How a ledger is made at the first start: empty, from one's own workbook, or the sample community for training.

A SQLite ledger is put together beside its place and moved there when it is whole, so that a workbook with faults, a
full disk or a pulled plug leaves none behind.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feedesk.db import Database
from feedesk.exchange.importing import import_workbook
from feedesk.exchange.sample_community import sample_workbook_path
from feedesk.ops.billing import bill_period
from feedesk.ops.run import Workplace
from feedesk.ops.sample_staff import TRAINING_ACTOR
from feedesk.ops.setting_up import DEFAULT_ADMIN, create_ledger
from feedesk.ops.signing_in import hash_password
from feedesk.ops.staffing import checked_name
from feedesk.periods import Period
from feedesk.ui.pages.welcome import WelcomeFunctions
from feedesk.ui.tasks import Progress

SAMPLE_PERIOD = Period.parse("2026-11")
"""The month that the sample community's readings lead up to."""


def welcome_functions(url: str) -> WelcomeFunctions:
    """What the first start offers."""
    head = _Administrator()

    def empty(_progress: Progress) -> None:
        with _new_ledger(url) as database:
            create_ledger(database, admin=head.name, password_hash=head.password_hash)

    def sample(progress: Progress) -> None:
        with _new_ledger(url) as database:
            create_ledger(database, training=True)
            workplace = Workplace(database, TRAINING_ACTOR)
            progress.report(1, 3)
            import_workbook(workplace, sample_workbook_path())
            progress.report(2, 3)
            workplace.run_op(bill_period, period=SAMPLE_PERIOD)
            progress.report(3, 3)

    def imported(path: Path, progress: Progress) -> None:
        with _new_ledger(url) as database:
            create_ledger(database, admin=head.name, password_hash=head.password_hash)
            progress.report(1, 2)
            import_workbook(Workplace(database, head.name), path)
            progress.report(2, 2)

    return WelcomeFunctions(
        empty=empty, sample=sample, import_workbook=imported, administer=head.take, template=_write_template
    )


def _write_template(path: Path) -> None:
    from feedesk.exchange.workbook_template import write_template

    write_template(path)


@dataclass(slots=True)
class _Administrator:
    """Who sets a real ledger up."""

    name: str = DEFAULT_ADMIN
    password_hash: str | None = None

    def take(self, name: str, password: str) -> None:
        self.name, self.password_hash = checked_name(name), hash_password(password)


@contextmanager
def _new_ledger(url: str) -> Iterator[Database]:
    """A ledger being made; it takes its place when all went well, and is removed when not."""
    wanted = Database(url)
    path = wanted.path
    wanted.dispose()
    if path is None:
        database = Database(url)
        try:
            yield database
        finally:
            database.dispose()
        return
    unfinished = path.with_name(f"{path.name}.new")
    _remove(unfinished)
    database = Database(f"sqlite:///{unfinished.as_posix()}")
    whole = False
    try:
        yield database
        whole = True
    finally:
        database.dispose()  # the last connection to close leaves everything in the one file
        if whole:
            os.replace(unfinished, path)
        else:
            _remove(unfinished)


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
