"""The QR code of a receipt: the same squares in picture, PDF and bytes, error correction M (ISO/IEC 18004)."""

from functools import lru_cache

import segno

ERROR_LEVEL = "m"


@lru_cache(maxsize=64)
def qr_modules(text: str, error: str = ERROR_LEVEL) -> tuple[tuple[bool, ...], ...]:
    """The squares of the code, row by row, True for black; no quiet zone."""
    code = segno.make_qr(text, error=error, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def module_size(text: str, room: int) -> int:
    """The dots a square may take, between 3 and 8, so that the code is about ``room`` dots wide."""
    return max(3, min(8, room // len(qr_modules(text))))
