"""C: the clearance certificate (结清证明) of the account shown, as a PDF to print, seal and sign."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit

from feedesk.config import data_folder
from feedesk.errors import EnvironmentFault
from feedesk.ops.clearing import issue_clearance
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import ActSheet, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.widgets.choice import FormRow


class CertificateNotWritten(EnvironmentFault):
    message = N_("The certificate could not be written to {path}: {reason}. Choose another place.")


class ClearanceSheet(ActSheet):
    """Where the file goes; Enter writes and shows it. What is still owed is told instead."""

    def __init__(self, place: DeskPlace, account: int) -> None:
        words = _("It is written only when nothing at all is owed on this account.")
        super().__init__(place.window, _("Certificate of clearance"), _("Write and open"), words=words, width=680)
        self._place, self._account = place, account
        shown = place.page.statement()
        unit = shown.card.unit if shown else str(account)
        day = place.seat().business_date()
        name = _("Clearance {unit} {day}.pdf").format(unit=unit, day=day.isoformat())
        self.path = QLineEdit(str(data_folder() / "exports" / name))
        self.content.addWidget(FormRow(N_("File"), self.path))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        open_act(self, self.path, self._on_done)

    def decide(self) -> str:
        from feedesk.receipts.clearance import clearance_pdf

        path = Path(self.path.text().strip().strip('"')).expanduser()
        document = self._place.seat().run_op(issue_clearance, account=self._account)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(clearance_pdf(document))
        except OSError as error:
            raise CertificateNotWritten(path=path, reason=error.strerror or str(error)) from error
        show_file(path)
        return _("Certificate {number} lies in {path}.").format(number=document.number, path=path)

    def _on_done(self, told: str) -> None:
        self._place.done(told)


def show_file(path: Path) -> None:
    """Opens the file with the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def ask_clearance(place: DeskPlace) -> None:
    """C: of the account shown."""
    if place.account is not None:
        ClearanceSheet(place, place.account).ask()
