"""Shortcuts that know their own words, so that F1 can list every one there is.

A shortcut never fires while an input method composes, nor behind an open sheet: `bind` sees to both.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from feedesk.texts import _

_DELETE_WORD: Final = QKeySequence("Ctrl+Delete")


@dataclass(frozen=True, slots=True)
class ShortcutWords:
    """One line of the F1 sheet: ``keys`` as Qt names them, what they do, and the heading they stand under."""

    keys: str
    words: str
    group: str


class BoundShortcut(QShortcut):
    """A shortcut with its words (``N_`` texts, translated when listed)."""

    def __init__(
        self,
        owner: QWidget,
        keys: str,
        message: str,
        act: Callable[[], object],
        *,
        group: str,
        context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
        shown: str | None = None,
    ) -> None:
        super().__init__(QKeySequence(keys), owner)
        self.setContext(context)
        self.setAutoRepeat(False)
        self._owner = owner
        self._act = act
        self._facts = (keys if shown is None else shown, message, group)
        self.activated.connect(self._on_activated)
        self.activatedAmbiguously.connect(self._on_ambiguous)

    def words(self) -> ShortcutWords:
        """How the sheet shows it."""
        keys, message, group = self._facts
        return ShortcutWords(keys, _(message), _(group))

    def distance_from(self, page: QWidget) -> int:
        """0 on a page itself, 1 on something in it, 2 elsewhere."""
        if self._owner is page:
            return 0
        return 1 if page.isAncestorOf(self._owner) else 2

    def _on_ambiguous(self) -> None:
        """The page behind an open sheet has the same keys: the sheet's are meant."""
        sheet = open_sheet(self._owner.window())
        if sheet is None:
            self._act()
            return
        for shortcut in sheet.findChildren(BoundShortcut):
            if shortcut.key() == self.key():
                shortcut._act()

    def _on_activated(self) -> None:
        if self.key() == _DELETE_WORD and _delete_word():
            return
        sheet = open_sheet(self._owner.window())
        if sheet is None or sheet is self._owner or sheet.isAncestorOf(self._owner):
            self._act()


def _delete_word() -> bool:
    """Ctrl+Delete belongs to a text field as long as there is something to delete; fields do not claim it."""
    field = QApplication.focusWidget()
    if not isinstance(field, QLineEdit) or field.isReadOnly():
        return False
    if not field.hasSelectedText() and field.cursorPosition() == len(field.text()):
        return False
    if not field.hasSelectedText():
        field.cursorWordForward(True)
    field.del_()
    return True


def bind(
    owner: QWidget,
    keys: str,
    message: str,
    act: Callable[[], object],
    *,
    group: str,
    context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
    shown: str | None = None,
) -> BoundShortcut:
    """Makes ``keys`` do ``act`` while ``owner`` (or, by ``context``, its window) has the keyboard.

    ``shown`` stands in the list of F1 instead of the keys; empty, the shortcut is not listed.
    """
    return BoundShortcut(owner, keys, message, act, group=group, context=context, shown=shown)


def open_sheet(window: QWidget) -> QWidget | None:
    """The sheet that lies over a window now, if one does (see ``dialogs.sheet``)."""
    found = window.property("open_sheet")
    return found if isinstance(found, QWidget) else None


def listed_shortcuts(
    window: QWidget, extra: Iterable[ShortcutWords] = (), *, page: QWidget | None = None
) -> list[ShortcutWords]:
    """Every shortcut bound in a window and its pages, once each, by group as they were bound: ``page`` comes first."""
    bound = window.findChildren(BoundShortcut)
    if page is not None:
        bound.sort(key=lambda shortcut: shortcut.distance_from(page))
    found: dict[tuple[str, str], ShortcutWords] = {}
    for facts in (*(shortcut.words() for shortcut in bound), *extra):
        if facts.keys:
            found.setdefault((facts.group, facts.keys), facts)
    groups = list(dict.fromkeys(facts.group for facts in found.values()))
    return sorted(found.values(), key=lambda facts: groups.index(facts.group))
