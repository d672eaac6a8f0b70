"""A supervisor says that the clock is right although the last entry lies after it (`feedesk.ledger.clock`).

So it is where the clock was wrong before: the entries written then keep their time, and the confirmation, an entry
with its reason, says from when on the clock counts again.
"""

from dataclasses import dataclass
from datetime import datetime

from feedesk.errors import UserError
from feedesk.ledger.clock import CONFIRMED, TOLERANCE, last_act, moment_text
from feedesk.ledger.posting import OFFICE_CHAIN, begin_entry
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.desk import till_id
from feedesk.texts import N_


class ClockReasonMissing(UserError):
    message = N_("Say why the clock is right and the last act was not, for example: the battery was changed.")


class ClockIsRight(UserError):
    message = N_("The clock says {now}, and nothing in the ledger stands against that: there is nothing to confirm.")


@dataclass(frozen=True, slots=True)
class ClockConfirmed:
    """The clock counts from ``at`` on, although there are entries until ``last``."""

    at: datetime
    last: datetime


@requires(Permission.CONFIRM_CLOCK)
def confirm_clock(act: Act, *, reason: str, till: int = 1) -> ClockConfirmed:
    """Records that the clock is right, in the chain of the office and of a till where they lie after it.

    Raises `ClockReasonMissing`, `ClockIsRight`, `UnknownTill`, and `DayIsClosed` where today is closed already.
    """
    if not reason.strip():
        raise ClockReasonMissing
    ahead: dict[int, datetime] = {}
    for chain in (OFFICE_CHAIN, till_id(act.connection, till)):
        last = last_act(act.connection, chain)
        if last is not None and last - TOLERANCE > act.now:
            ahead[chain] = last
    if not ahead or act.training:
        raise ClockIsRight(now=moment_text(act.now))
    for chain in ahead:
        draft = begin_entry(
            act.connection,
            chain=chain,
            kind=CONFIRMED,
            business_date=act.business_date,
            recorded_at=act.now,
            actor_id=act.actor.id,
            reason=reason.strip(),
        )
        draft.seal([])
    return ClockConfirmed(act.now, max(ahead.values()))
