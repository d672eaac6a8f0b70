"""The records (档案) F11: what the office keeps on file, a tab a section, changed by Ctrl+1, Ctrl+2 … .

Sections are made when first shown; the page knows nothing of what is in them.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.page import Page
from feedesk.ui.pages.records.section import Section, SectionFactory
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.segments import SegmentedTabs

GROUP: Final = N_("Records")


class RecordsPage(Page):
    """The tabs, and below them the section chosen."""

    def __init__(self, factories: Sequence[SectionFactory]) -> None:
        super().__init__()
        self._factories = tuple(factories)
        self._sections: dict[str, Section] = {}
        keys = [f"Ctrl+{place}" for place, _factory in enumerate(self._factories, 1)]
        self.tabs = SegmentedTabs(keys=keys)
        self.tabs.chosen.connect(self._on_chosen)
        self._stack = QStackedWidget()
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(0)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._tab_row = QVBoxLayout()
        self._tab_row.addWidget(self.tabs)
        self._outer.addLayout(self._tab_row)
        self._outer.addWidget(self._stack, 1)
        for key, factory in zip(keys, self._factories, strict=True):
            bind(self, key, factory.message, self._shower(factory.name), group=GROUP)
        self._current = ""
        self.show_section(self._factories[0].name)
        self.finish()

    def _shower(self, name: str) -> Callable[[], object]:
        return lambda: self.show_section(name)

    def show_section(self, name: str) -> Section:
        """Shows a section, making it if this is the first time."""
        factory = next(one for one in self._factories if one.name == name)
        if name not in self._sections:
            made = self._sections[name] = factory.make()
            made.bars_changed.connect(self._tell_tabs)
            self._stack.addWidget(made)
        shown, is_new = self._sections[name], name != self._current
        self._current = name
        self._stack.setCurrentWidget(shown)
        self.tabs.choose(self._factories.index(factory))
        self._tell_tabs()
        if is_new and self.isVisible():
            shown.refresh()
            shown.take_focus()
        return shown

    def section(self) -> Section:
        """The section shown now."""
        return self._sections[self._current]

    def _on_chosen(self, place: int) -> None:
        if self._factories[place].name != self._current:
            self.show_section(self._factories[place].name)

    def _tell_tabs(self) -> None:
        sections = [self._sections.get(factory.name) for factory in self._factories]
        names = [_(factory.message) for factory in self._factories]
        self.tabs.set_words([made.title() if made else name for made, name in zip(sections, names, strict=True)])

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Records")

    def bar_right(self) -> QWidget | None:
        return self.section().bar_right()

    def refresh(self) -> None:
        """Reads the section in sight anew; the others when they come into sight."""
        self.section().refresh()

    def take_focus(self) -> None:
        self.section().take_focus()

    def retranslate(self) -> None:
        self._tell_tabs()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """The tabs stand close above the cards."""
        gap = 8 if appearance().is_compact else 12
        self._tab_row.setContentsMargins(gap, gap, gap, 0)
