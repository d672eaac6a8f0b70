"""What belongs to 备用金 in a drawer: cash refunds and petty cash come out of it, never out of takings.

Spending takings before they reach the bank is 坐支 (现金管理暂行条例 art. 11). So what was given out during a shift
comes off the float, and everything taken is on its way to the bank.
"""

from collections.abc import Mapping
from enum import StrEnum

from feedesk.money import Fen


class Movement(StrEnum):
    """Why cash goes into or out of a drawer beside payments."""

    PETTY_CASH = "petty_cash"
    CHANGE_IN = "change_in"
    CHANGE_OUT = "change_out"


SIGNS: Mapping[Movement, int] = {Movement.PETTY_CASH: -1, Movement.CHANGE_IN: 1, Movement.CHANGE_OUT: -1}
"""Whether a movement fills the drawer or empties it."""


def imprest_returned(opening_float: int, moved: int, counted: int) -> Fen:
    """What goes back to 备用金 when a drawer is emptied, in fen.

    ``moved`` is what change money, petty cash and refunds added to the float or (negative) took from it. Never more
    than lies there, and never less than nothing: what the float could not bear was borrowed from takings.
    """
    return Fen(min(max(opening_float + moved, 0), counted))
