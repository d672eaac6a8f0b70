"""The ledger a benchmark runs on, and its plain copy: made for it, in a folder that goes away afterwards."""

import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self

from feedesk.bench.community import ITEMS, fill_community
from feedesk.bench.history import fill_history
from feedesk.bench.plain import PlainLedger, copy_plain
from feedesk.db import Database
from feedesk.ops.run import Workplace
from feedesk.ops.sample_staff import TRAINING_ACTOR
from feedesk.ops.setting_up import create_ledger
from feedesk.periods import Period

TODAY: Final = date(2026, 11, 23)
_OURS, _PLAIN, _FACTS = "ledger.sqlite", "plain.sqlite", "facts.json"


@dataclass(frozen=True, slots=True)
class Built:
    """How a ledger was built: so many homes, months and charges, in so many seconds, taking so many MiB."""

    households: int
    months: int
    charges: int
    seconds: float
    mib: float


@dataclass(frozen=True, slots=True)
class Site:
    """Where is measured: the folder with our ledger and the plain copy."""

    folder: Path
    built: Built

    @classmethod
    def at(cls, folder: Path) -> Self:
        """The site that another process has built."""
        return cls(folder, Built(**json.loads((folder / _FACTS).read_text(encoding="utf-8"))))

    @property
    def ledger(self) -> Path:
        return self.folder / _OURS

    @contextmanager
    def workplace(self) -> Iterator[Workplace]:
        """Our ledger, with the sample supervisor in front of it on `TODAY`."""
        database = Database(f"sqlite:///{self.ledger.as_posix()}")
        try:
            yield Workplace(database, TRAINING_ACTOR, today=TODAY)
        finally:
            database.dispose()

    def plain(self) -> PlainLedger:
        """The plain program on its copy."""
        return PlainLedger(self.folder / _PLAIN)

    def empty_log(self) -> None:
        """Brings what our ledger has written ahead into the file, as the program does while nobody is served."""
        with closing(sqlite3.connect(self.ledger)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def log_mib(self) -> float:
        """How long the write-ahead log of our ledger is."""
        log = Path(f"{self.ledger}-wal")
        return log.stat().st_size / 2**20 if log.exists() else 0.0

    def next_month(self) -> Period:
        """The month after those billed when the ledger was built."""
        return last_month().shifted(1)


def last_month() -> Period:
    """The last month billed in a ledger just built."""
    return Period.containing(TODAY).shifted(-1)


@contextmanager
def built_site(*, households: int, years: int) -> Iterator[Site]:
    """Builds a ledger of so many homes and years and its plain copy, for as long as it is used.

    The folder is made where the system keeps temporary files (``TMPDIR`` says otherwise): 50,000 homes and five years
    take some 8 GB there.
    """
    with tempfile.TemporaryDirectory(prefix="feedesk-bench-") as folder:
        site = build_site(Path(folder), households=households, years=years)
        yield site


def build_site(folder: Path, *, households: int, years: int) -> Site:
    """Builds a ledger and its plain copy in a folder."""
    began = time.perf_counter()
    months = 12 * years
    database = Database(f"sqlite:///{(folder / _OURS).as_posix()}")
    try:
        create_ledger(database, training=True)
        database.run(lambda connection: fill_community(connection, households=households))
        fill_history(Workplace(database, TRAINING_ACTOR), last=last_month(), months=months)
    finally:
        database.dispose()
    copy_plain(folder / _OURS, folder / _PLAIN)
    seconds = time.perf_counter() - began
    mib = (folder / _OURS).stat().st_size / 2**20
    built = Built(households, months, households * months * ITEMS, round(seconds, 1), round(mib, 1))
    (folder / _FACTS).write_text(json.dumps(asdict(built)), encoding="utf-8")
    return Site(folder, built)
