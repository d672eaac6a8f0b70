"""Which characters a printer's firmware can print, and the bytes for them.

GBK is the safe repertoire of printers sold in China. GB2312-only firmware lacks ㎡ 〇 喆; GB18030 firmware adds
Extension A in four bytes; some printers are set to UTF-8; others have no Chinese at all. A character outside is
never replaced: its line is printed as a picture.
"""

from enum import StrEnum

from feedesk.receipts.columns import MINUS


class Repertoire(StrEnum):
    GBK = "gbk"
    GB2312 = "gb2312"
    GB18030 = "gb18030"
    UTF8 = "utf8"
    NONE = "none"


def encoded(text: str, repertoire: Repertoire) -> bytes | None:
    """The bytes of a text, or None when one of its characters is outside the repertoire.

    The minus sign U+2212, which no Chinese repertoire has, becomes the hyphen-minus.
    """
    parts = [_encoded_character("-" if character == MINUS else character, repertoire) for character in text]
    if None in parts:
        return None
    return b"".join(part for part in parts if part is not None)


def _encoded_character(character: str, repertoire: Repertoire) -> bytes | None:
    if repertoire is Repertoire.NONE:
        return None
    if character.isascii():
        return character.encode("ascii") if character.isprintable() else None
    two_bytes = _in_gbk(character)
    match repertoire:
        case Repertoire.GBK:
            return two_bytes
        case Repertoire.GB2312:
            return two_bytes if two_bytes and _is_in_gb2312(two_bytes) else None
        case Repertoire.GB18030:
            return two_bytes or (character.encode("gb18030") if _is_in_extension_a(character) else None)
        case Repertoire.UTF8:
            return character.encode("utf-8") if two_bytes or _is_in_extension_a(character) else None


def _in_gbk(character: str) -> bytes | None:
    try:
        return character.encode("gbk")
    except UnicodeEncodeError:
        return None


def _is_in_gb2312(two_bytes: bytes) -> bool:
    """Whether GBK's two bytes lie in the plane of GB2312; its codec in Python names · and — otherwise."""
    try:
        two_bytes.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def _is_in_extension_a(character: str) -> bool:
    """The four-byte part that GB18030-2000 demanded of every device; later parts are not in most firmware."""
    return "\u3400" <= character <= "\u4db5"
