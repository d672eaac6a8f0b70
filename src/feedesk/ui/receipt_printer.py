"""From the settings to the printer: the profile the receipt side knows, and a test slip."""

from feedesk.config import PrinterProfile as PrinterSettings
from feedesk.config import PrinterTransport
from feedesk.errors import EnvironmentFault
from feedesk.receipts.escpos import CHINESE_MODE, CUT, FEED_TO_TEAR, INITIALISE
from feedesk.receipts.printers import PrinterKind, PrinterProfile, Sent, printer_for
from feedesk.receipts.repertoire import Repertoire, encoded
from feedesk.receipts.virtual_printer import DEFAULT_PORT
from feedesk.texts import N_, _


class SlipTestFailed(EnvironmentFault):
    message = N_("The test slip was not printed. {reason}")


def printer_profile(settings: PrinterSettings, *, virtual_port: int = DEFAULT_PORT) -> PrinterProfile:
    """The profile as the print queue wants it; the built-in printer is a network printer on this machine."""
    virtual = settings.transport is PrinterTransport.VIRTUAL
    return PrinterProfile(
        kind=PrinterKind.NETWORK if virtual else PrinterKind(settings.transport.value),
        address=f"127.0.0.1:{virtual_port}" if virtual else settings.address,
        columns=settings.columns,
        repertoire=Repertoire(settings.repertoire),
        cut=settings.cuts,
        drawer=settings.opens_drawer,
    )


def print_test_slip(settings: PrinterSettings, *, virtual_port: int = DEFAULT_PORT) -> None:
    """Prints a few lines. Raises `BadPrinterAddress`, or `SlipTestFailed` with what the printer says."""
    profile = printer_profile(settings, virtual_port=virtual_port)
    printer = printer_for(profile)
    status = printer.status()
    if not status.may_print:
        raise SlipTestFailed(reason=str(status))
    result = printer.send(_test_job(profile))
    if result.sent is not Sent.ALL:
        raise SlipTestFailed(reason=result.message)


def _test_job(profile: PrinterProfile) -> bytes:
    ruler = "".join(str(column % 10) for column in range(1, profile.columns + 1))
    lines = (_("Test slip"), ruler, _("{columns} columns").format(columns=profile.columns), "")
    # A printer without Chinese firmware still shows the ruler, by which the width is judged.
    known = Repertoire.GBK if profile.repertoire is Repertoire.NONE else profile.repertoire
    job = [INITIALISE, CHINESE_MODE]
    job += [(encoded(line, known) or b"") + b"\n" for line in lines]
    job.append(CUT if profile.cut else FEED_TO_TEAR)
    return b"".join(job)
