"""Type: Noto Sans SC or its like from the system, else the bundled files; tabular figures, narrow punctuation.

Reading the two bundled files costs some 10 ms at start, which is less than a window without Chinese glyphs costs.
"""

from functools import cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from feedesk.resources import resource_path

# Families with two true weights and the whole repertoire of names; a fallback font of the system has neither.
_FAMILIES: Final = ("Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC")
_BUNDLED: Final = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
_RARE: Final = "fonts/RareHan-Regular.ttf"


class FontMissing(RuntimeError):
    """Neither the system nor the installation has a Chinese font: the installation is damaged."""


@cache
def load_family() -> str:
    """The family all texts are set in, loaded from the bundled files where the system has none."""
    installed = set(QFontDatabase.families())
    for family in _FAMILIES:
        if family in installed:
            return family
    found = [QFontDatabase.addApplicationFont(str(resource_path(path))) for path in _BUNDLED]
    if min(found) < 0:
        raise FontMissing(str(resource_path(_BUNDLED[0])))
    return QFontDatabase.applicationFontFamilies(found[0])[0]


@cache
def load_rare_han() -> None:
    """Adds the rare characters of names (𠮷 …); called once the window stands."""
    found = QFontDatabase.addApplicationFont(str(resource_path(_RARE)))
    if found >= 0 and (families := QFontDatabase.applicationFontFamilies(found)):
        QFont.insertSubstitutions(load_family(), families)


def type_face(pixels: int, *, bold: bool = False) -> QFont:
    """A font of the window in ``pixels`` height: figures of equal width, Chinese punctuation without its blank half."""
    font = QFont(load_family())
    font.setPixelSize(pixels)
    font.setBold(bold)
    for feature in ("tnum", "palt"):
        tag = QFont.Tag.fromString(feature)
        if tag is not None:
            font.setFeature(tag, 1)
    return font
