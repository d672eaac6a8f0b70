"""Comparing what was booked through a channel with what the channel reports itself (核对渠道)."""

from dataclasses import dataclass

from feedesk.money import Fen, format_amount
from feedesk.texts import _


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """What came in through a channel by our books, and what it reports itself; None: not compared. In fen."""

    code: str
    name: str
    booked: Fen
    reported: Fen | None = None

    @property
    def difference(self) -> Fen | None:
        """Reported less booked; zero where they agree."""
        return None if self.reported is None else Fen(self.reported - self.booked)


def channel_words(check: ChannelCheck) -> str:
    """What the comparison says, and where to look when the two differ."""
    facts = {"name": check.name, "booked": format_amount(check.booked)}
    if check.difference is None:
        return _("{name}: not compared").format(**facts)
    if not check.difference:
        return _("{name}: agrees, {booked}").format(**facts)
    amount = format_amount(Fen(abs(check.difference)))
    if check.difference > 0:
        return _(
            "{name} reports {amount} more than was booked: a receipt is missing or stands in another tender"
        ).format(**facts, amount=amount)
    return _("{name} reports {amount} less than was booked: money has not come, or was booked twice").format(
        **facts, amount=amount
    )
