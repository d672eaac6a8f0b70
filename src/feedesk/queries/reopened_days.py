"""Days that were closed and opened again, and not closed since: on them what was forgotten can still be booked."""

from datetime import date

from sqlalchemy import Connection, exists, select

from feedesk.models import DayClose, Entry, table_of

_close = table_of(DayClose)
_standing, _reopening = _close.alias("standing"), table_of(Entry).alias("reopening")
_stands = ~exists().where(_reopening.c.reverses_id == _standing.c.entry_id)
_REOPENED = (
    select(_close.c.business_date)
    .where(~exists().where(_standing.c.business_date == _close.c.business_date, _stands))
    .distinct()
    .order_by(_close.c.business_date)
)


def reopened_days(connection: Connection) -> tuple[date, ...]:
    """In their order."""
    return tuple(connection.execute(_REOPENED).scalars())
