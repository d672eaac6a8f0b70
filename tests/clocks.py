"""A clock that a test sets: what `datetime.now` says in the modules that ask it."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of

_setting = table_of(models.Setting)
_MODULES = ("feedesk.ops.run", "feedesk.ui.clock_watch", "feedesk.ui.pages.desk.clock_sheet",
            "feedesk.ui.pages.desk.shift_work")  # fmt: skip


class TestClock:
    """Says what it is set to, in the offset it is set to; east of Greenwich eight hours at first."""

    __test__ = False

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))
        clock = self

        class Asked(datetime):
            @classmethod
            def now(cls, tz: object = None) -> "Asked":
                return cls.fromisoformat(clock.at.isoformat())

            def astimezone(self, tz: object = None) -> "Asked":
                return self if tz is None else Asked.fromisoformat(super().astimezone(tz).isoformat())  # type: ignore[arg-type]

        for module in modules or _MODULES:
            monkeypatch.setattr(f"{module}.datetime", Asked)

    def set(self, day: str, time: str, *, hours_east: int = 8) -> None:
        """``set("2026-11-23", "09:00")``."""
        zone = timezone(timedelta(hours=hours_east))
        self.at = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone)


def make_real(database: Database) -> None:
    """From now on this is no training ledger."""
    with database.transaction() as connection:
        connection.execute(update(_setting).where(_setting.c.key == "training").values(value="false"))
