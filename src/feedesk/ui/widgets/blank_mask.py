"""••• where a figure may not be seen yet: the blind count of the drawer."""

from typing import Final

from feedesk.texts import N_, _
from feedesk.ui.appearance import follow_language
from feedesk.ui.widgets.label import Label

MASK: Final = "•••"
HIDDEN: Final = N_("Shown after counting")


class MaskedLabel(Label):
    """A label that shows dots until it is told the figure."""

    def __init__(self) -> None:
        super().__init__(MASK, "body", tone="ink_2")
        self._text: str | None = None
        follow_language(self, self._retranslate)

    def reveal(self, text: str) -> None:
        """The figure, now that it may be seen."""
        self._text = text
        self._retranslate()

    def hide_figure(self) -> None:
        """Dots again."""
        self._text = None
        self._retranslate()

    def is_masked(self) -> bool:
        return self._text is None

    def _retranslate(self) -> None:
        self.setText(MASK if self._text is None else self._text)
        self.setAccessibleName(_(HIDDEN) if self._text is None else self._text)
