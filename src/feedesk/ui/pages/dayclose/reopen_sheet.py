"""Opening a closed day again: what that means, and why it is done."""

from PySide6.QtWidgets import QWidget

from feedesk.texts import _
from feedesk.ui.dialogs.reason_sheet import ReasonSheet


class ReopenSheet(ReasonSheet):
    """Names the day and the version that no longer stands."""

    def __init__(self, window: QWidget, *, day: str, version: int) -> None:
        words = _(
            "Version {version} of its summary no longer stands; it stays in the ledger as it was issued. "
            "Closing the day once more makes version {next}, with a sheet that shows every difference."
        ).format(version=version, next=version + 1)
        super().__init__(
            window,
            question=_("Open {day} again?").format(day=day),
            words=words,
            example=_("Why: for example a payment came after the close"),
            act=_("Open the day again"),
            width=520,
        )
