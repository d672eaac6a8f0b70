"""Amounts in Chinese capitals, as 支付结算办法 附一 (正确填写票据和结算凭证的基本规定) prescribes.

Where the rule leaves two spellings we write 零 after 元 when the 元 digit is 0 and 角 is not, none after 万 when the 万
digit is 0 and the 千 digit is not, and no 整 after 角; `parse_words` reads either.
"""

import re

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.texts import N_

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_VALUE = {digit: n for n, digit in enumerate(_DIGITS)}


class NotAnAmountInWords(UserError):
    message = N_("“{text}” is not an amount in Chinese capitals.")


def amount_in_words(fen: Fen) -> str:
    """``100110`` fen → ``人民币壹仟零壹元壹角``; a negative amount is 人民币负…."""
    return f"人民币{'负' if fen < 0 else ''}{_plain_words(abs(fen))}"


def refund_in_words(fen: Fen) -> str:
    """What a refund or a red receipt says: ``退款人民币…``, always positive."""
    return f"退款人民币{_plain_words(abs(fen))}"


def reversal_in_words(fen: Fen) -> str:
    """What a red receipt says of which some moves no money (预存、待认领款): ``红冲人民币…``, always positive."""
    return f"红冲人民币{_plain_words(abs(fen))}"


def _plain_words(fen: int) -> str:
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{whole or '零元'}整"
    # One 零 stands for a 元 digit of 0 and for a 角 that is skipped, but never begins an amount.
    bridge = "零" if yuan and (jiao == 0 or yuan % 10 == 0) else ""
    return whole + bridge + (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[cents]}分" if cents else "")


def _whole(number: int) -> str:
    """A whole number below 10¹⁶, by the groups 亿 and 万."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            words = _whole(high) + unit
            if not low:
                return words
            return words + ("零" if low < size // 10 else "") + _whole(low)
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    words, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            zero = bool(words)
            continue
        words += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return words


_AMOUNT = re.compile(r"(?:退款)?(?:人民币)?(负)?(?:([^元角分整]+)元)?零?(?:(.)角)?零?(?:(.)分)?整?")


def parse_words(text: str) -> Fen:
    """Reads an amount in capitals back, in either spelling; `NotAnAmountInWords` for anything else."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise NotAnAmountInWords(text=text)
    minus, whole, jiao, cents = match.groups()
    try:
        fen = 100 * _parse_whole(whole or "零") + 10 * _VALUE[jiao or "零"] + _VALUE[cents or "零"]
    except KeyError:
        raise NotAnAmountInWords(text=text) from None
    return Fen(-fen if minus else fen)


def _parse_whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        high, found, low = words.rpartition(unit)
        if found:
            return _parse_whole(high) * size + (_parse_whole(low) if low else 0)
    number, digit = 0, 0
    for character in words:
        if character in _PLACES[1:]:
            number += digit * 10 ** _PLACES.index(character)
            digit = 0
        else:
            digit = _VALUE[character]
    return number + digit
