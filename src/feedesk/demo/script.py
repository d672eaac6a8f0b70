"""The script of the sample day: what each visitor is looked up by, how they pay, and what goes wrong on the way."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final


class SoughtBy(StrEnum):
    """What the cashier types to find somebody."""

    ROOM = auto()
    COMPACT = auto()
    NAME = auto()
    INITIALS = auto()
    PINYIN = auto()
    PHONE = auto()
    LAST_FOUR = auto()
    PLATE = auto()
    NUMBER = auto()


class Way(StrEnum):
    """How somebody pays, or that they only ask."""

    EXACT_CASH = auto()
    CASH = auto()
    WECHAT = auto()
    ALIPAY = auto()
    CARD = auto()
    TRANSFER = auto()
    PREPAID = auto()
    CASH_AND_WECHAT = auto()
    PREPAID_AND_CASH = auto()
    THREE_WAYS = auto()
    PART_CASH = auto()
    PART_WECHAT = auto()
    CHANGE_KEPT = auto()
    ONE_LESS = auto()
    ASKS = auto()


class Mishap(StrEnum):
    """What goes wrong on the way, and must do no harm."""

    NONE = auto()
    LETTERS = auto()
    TOO_LITTLE = auto()
    DOUBLE_ENTER = auto()
    UNKNOWN_ROOM = auto()
    USED_REFERENCE = auto()
    SECOND_THOUGHTS = auto()
    PAPER_OUT = auto()


class After(StrEnum):
    """What is asked for once the money is taken."""

    NOTHING = auto()
    REPRINT = auto()
    VOID = auto()
    ANOTHER_LOOK = auto()


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of the script. ``rare``: the name holds a character that printers lack."""

    sought: SoughtBy
    way: Way
    mishap: Mishap = Mishap.NONE
    after: After = After.NOTHING
    rare: bool = False


_S, _W, _M = SoughtBy, Way, Mishap

MORNING: Final = (
    Visit(_S.ROOM, _W.CASH),
    Visit(_S.COMPACT, _W.WECHAT),
    Visit(_S.NAME, _W.EXACT_CASH, rare=True),
    Visit(_S.INITIALS, _W.CASH),
    Visit(_S.PINYIN, _W.ALIPAY),
    Visit(_S.PHONE, _W.CASH, _M.LETTERS),
    Visit(_S.LAST_FOUR, _W.CARD),
    Visit(_S.PLATE, _W.CASH),
    Visit(_S.ROOM, _W.ASKS),
    Visit(_S.NAME, _W.TRANSFER),
    Visit(_S.COMPACT, _W.CASH, _M.TOO_LITTLE),
    Visit(_S.ROOM, _W.PREPAID),
    Visit(_S.INITIALS, _W.CASH_AND_WECHAT),
    Visit(_S.ROOM, _W.WECHAT, _M.UNKNOWN_ROOM),
    Visit(_S.NAME, _W.CASH, _M.DOUBLE_ENTER),
    Visit(_S.NUMBER, _W.ALIPAY),
    Visit(_S.COMPACT, _W.PART_CASH),
    Visit(_S.NAME, _W.CHANGE_KEPT),
    Visit(_S.PINYIN, _W.ONE_LESS),
    Visit(_S.PHONE, _W.WECHAT, _M.USED_REFERENCE),
    Visit(_S.LAST_FOUR, _W.EXACT_CASH),
    Visit(_S.ROOM, _W.CASH, after=After.REPRINT),
    Visit(_S.COMPACT, _W.CASH, after=After.VOID),
    Visit(_S.PLATE, _W.ALIPAY),
    Visit(_S.INITIALS, _W.PREPAID_AND_CASH),
    Visit(_S.ROOM, _W.CASH, _M.SECOND_THOUGHTS),
    Visit(_S.NAME, _W.WECHAT),
    Visit(_S.COMPACT, _W.CARD),
)
AFTERNOON: Final = (
    Visit(_S.ROOM, _W.CASH),
    Visit(_S.NAME, _W.WECHAT, rare=True),
    Visit(_S.COMPACT, _W.CASH, _M.PAPER_OUT),
    Visit(_S.INITIALS, _W.ALIPAY),
    Visit(_S.ROOM, _W.THREE_WAYS),
    Visit(_S.PHONE, _W.EXACT_CASH),
    Visit(_S.ROOM, _W.ASKS),
    Visit(_S.PINYIN, _W.CASH),
    Visit(_S.LAST_FOUR, _W.WECHAT),
    Visit(_S.COMPACT, _W.PART_WECHAT),
    Visit(_S.NAME, _W.CASH, after=After.ANOTHER_LOOK),
    Visit(_S.NUMBER, _W.CASH_AND_WECHAT),
    Visit(_S.ROOM, _W.ALIPAY),
    Visit(_S.INITIALS, _W.ONE_LESS),
    Visit(_S.COMPACT, _W.TRANSFER),
    Visit(_S.PLATE, _W.WECHAT),
    Visit(_S.ROOM, _W.CASH),
    Visit(_S.NAME, _W.CASH),
    Visit(_S.PINYIN, _W.WECHAT),
    Visit(_S.COMPACT, _W.EXACT_CASH),
    Visit(_S.ROOM, _W.CARD),
    Visit(_S.LAST_FOUR, _W.CASH),
)
