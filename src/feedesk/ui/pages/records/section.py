"""A section of the records (档案): one tab of the page, with a list and the work on it.

A section is to the records what a page is to the window: it gets frozen rows and functions to call, tells by signals,
follows language and appearance once `finish` was called, and reads anew by `refresh` whenever it comes into sight.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal

from feedesk.ui.pages.page import Page


class Section(Page):
    """Base of all sections. `changed` when an act of the section changed what others show."""

    changed = Signal()

    def title(self) -> str:
        """What its tab says, in the language shown; a section may add a count."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SectionFactory:
    """How a section is made when it is first shown; ``message`` (an ``N_`` text) names its tab until then."""

    name: str
    message: str
    make: Callable[[], Section]
