"""What all widgets share: colours, sizes, fonts and language, and the signals that say when they change.

Painting asks `appearance()` each time, so that a change of theme needs no rebuilding; the stylesheet is one template
filled from the same tokens. Widgets that hold texts or sizes follow by `follow_language` and `follow_appearance`.
"""

import string
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from feedesk import texts
from feedesk.config import ThemeChoice, TypeSize
from feedesk.resources import resource_path
from feedesk.ui.fonts import type_face
from feedesk.ui.tokens import COMPACT_SIZES, DARK, LARGE_SIZES, LIGHT, NORMAL_SIZES, Look, Palette, Sizes, Token

_ROLES: Final[tuple[tuple[QPalette.ColorRole, Token], ...]] = (
    (QPalette.ColorRole.Window, "bg"),
    (QPalette.ColorRole.WindowText, "ink"),
    (QPalette.ColorRole.Base, "field"),
    (QPalette.ColorRole.AlternateBase, "panel"),
    (QPalette.ColorRole.Text, "ink"),
    (QPalette.ColorRole.Button, "card"),
    (QPalette.ColorRole.ButtonText, "ink"),
    (QPalette.ColorRole.Highlight, "button"),
    (QPalette.ColorRole.HighlightedText, "button_ink"),
    (QPalette.ColorRole.PlaceholderText, "mute"),
    (QPalette.ColorRole.ToolTipBase, "card"),
    (QPalette.ColorRole.ToolTipText, "ink"),
    (QPalette.ColorRole.Link, "accent"),
)


class Appearance(QObject):
    """One per process. `changed` follows every change of colours or sizes, `language_changed` of the language."""

    changed = Signal()
    language_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice = ThemeChoice.LIGHT
        self._type_size = TypeSize.NORMAL
        self._compact = False
        self._palette = LIGHT
        self._sizes = NORMAL_SIZES
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool], QFont] = {}

    @property
    def palette(self) -> Palette:
        return self._palette

    @property
    def size(self) -> Sizes:
        return self._sizes

    @property
    def is_dark(self) -> bool:
        return self._palette is DARK

    @property
    def is_compact(self) -> bool:
        """Whether the window is too small for the full layout (1366×768 at 125 % and more)."""
        return self._compact

    def colour(self, token: Token) -> QColor:
        """The colour of a token in the theme shown."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(getattr(self._palette, token))
        return found

    def font(self, look: Look, *, bold: bool = False) -> QFont:
        """The font of a kind of text in the type size shown; not to be changed by the caller."""
        found = self._fonts.get((look, bold))
        if found is None:
            found = self._fonts[look, bold] = type_face(getattr(self._sizes, look), bold=bold)
        return found

    def apply(
        self,
        *,
        theme: ThemeChoice | None = None,
        type_size: TypeSize | None = None,
        compact: bool | None = None,
    ) -> None:
        """Shows another theme, type size or density; what is not named stays."""
        self._choice = self._choice if theme is None else theme
        self._type_size = self._type_size if type_size is None else type_size
        self._compact = self._compact if compact is None else compact
        self._show()

    def follow_system(self) -> None:
        """Called once: a theme of ``system`` changes when the system's does."""
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def set_language(self, language: str) -> None:
        """Shows all texts in another language, at once."""
        texts.use_language(language)
        self.language_changed.emit()

    def _on_system_changed(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._show()

    def _show(self) -> None:
        self._palette = DARK if self._wants_dark() else LIGHT
        if self._compact:
            self._sizes = COMPACT_SIZES
        else:
            self._sizes = LARGE_SIZES if self._type_size is TypeSize.LARGE else NORMAL_SIZES
        self._colours.clear()
        self._fonts.clear()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(self._qt_palette())
            QApplication.setFont(self.font("body"))
            application.setStyleSheet(stylesheet(self._palette, self._sizes))
        self.changed.emit()

    def _wants_dark(self) -> bool:
        if self._choice is ThemeChoice.SYSTEM:
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._choice is ThemeChoice.DARK

    def _qt_palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _ROLES:
            palette.setColor(role, self.colour(token))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("mute"))
        return palette


@cache
def appearance() -> Appearance:
    """The appearance of this process."""
    return Appearance()


def stylesheet(palette: Palette, sizes: Sizes) -> str:
    """The stylesheet's template filled from the tokens; a name the template has and the tokens lack raises KeyError."""
    template = string.Template(resource_path("style/feedesk.qss").read_text("utf-8"))
    facts = {**asdict(palette), **{f"px_{name}": value for name, value in asdict(sizes).items()}}
    facts["px_slim"] = sizes.field - 8
    facts["check_icon"] = resource_path("icons").as_posix()
    return template.substitute(facts)


class _Follower(QObject):
    """Lives as long as the widget it is a child of, and runs one function whenever a signal comes."""

    def __init__(self, owner: QObject, act: Callable[[], object]) -> None:
        super().__init__(owner)
        self._act = act

    def run(self) -> None:
        self._act()


def follow_language(owner: QObject, act: Callable[[], object]) -> None:
    """Runs ``act`` now and after each change of language, until ``owner`` is gone."""
    appearance().language_changed.connect(_Follower(owner, act).run)
    act()


def follow_appearance(owner: QObject, act: Callable[[], object]) -> None:
    """Runs ``act`` now and after each change of theme, type size or density, until ``owner`` is gone."""
    appearance().changed.connect(_Follower(owner, act).run)
    act()
