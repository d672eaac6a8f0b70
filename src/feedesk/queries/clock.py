"""What the clock of this machine says beside the last act of the ledger, before anybody books on a wrong day."""

from datetime import datetime

from sqlalchemy import Connection

from feedesk.ledger.clock import QUIET, TOLERANCE, last_act, moment_text
from feedesk.ledger.posting import OFFICE_CHAIN
from feedesk.queries.desk import ledger_setting, till_id
from feedesk.texts import _


def clock_warning(connection: Connection, *, till: int, now: datetime) -> str:
    """A sentence where the clock seems to be set back, or far ahead; empty where it is well, and on training ledgers.

    Behind the last act nothing can be booked; far ahead is only told, since an office may have been closed.
    """
    acts = [last_act(connection, chain) for chain in (OFFICE_CHAIN, till_id(connection, till))]
    last = max((moment for moment in acts if moment is not None), default=None)
    if last is None or ledger_setting(connection, "training", default=False):
        return ""
    facts = {"now": moment_text(now), "last": moment_text(last.astimezone(now.tzinfo))}
    if now < last - TOLERANCE:
        words = _(
            "The clock of this computer says {now}, but the last act in the ledger was at {last}: nothing can be "
            "booked. Set the clock right, or a supervisor confirms it: Ctrl+K, then K."
        )
        return words.format(**facts)
    if now > last + QUIET:
        words = _(
            "The clock of this computer says {now}; the last act in the ledger was at {last}. "
            "If today's date is wrong, set the clock before anything is booked."
        )
        return words.format(**facts)
    return ""
