"""One signal after each act tells what kinds of thing changed; pages that show such things read them anew."""

from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class Changed(StrEnum):
    """Kinds of thing an act changes."""

    PAYMENTS = "payments"
    CHARGES = "charges"
    SHIFTS = "shifts"
    RECORDS = "records"
    PRINT_JOBS = "print_jobs"
    SETTINGS = "settings"


class Changes(QObject):
    """Made once by the composition; `happened` carries a frozenset of `Changed`."""

    happened = Signal(frozenset)

    def tell(self, *kinds: Changed) -> None:
        """Tells, after the commit."""
        self.happened.emit(frozenset(kinds))
