"""The commands, a file each: ``define(parser)`` adds arguments, ``run(desk)`` does the work and returns an `Answer`.

Only the chosen command's file is imported, so that each starts as fast as it can.
"""

from feedesk.texts import N_

COMMANDS: dict[str, str] = {
    "demo": N_("plays a whole sample day through the window"),
    "init": N_("creates an empty ledger, or upgrades one"),
    "template": N_("writes an empty community workbook"),
    "import": N_("reads the community workbook, all of it or nothing"),
    "bill": N_("bills a period, or undoes it"),
    "search": N_("finds accounts as the search box does"),
    "statement": N_("states what an account owes on a date"),
    "collect": N_("takes a payment"),
    "void": N_("voids a payment of this shift (作废)"),
    "reverse": N_("reverses a payment of an earlier shift (红冲)"),
    "refund": N_("gives money back of a receipt, a prepayment or a deposit (退款)"),
    "waive": N_("waives late fee or principal of charges (减免)"),
    "shift open": N_("opens a shift at a till"),
    "shift close": N_("closes the shift with the cash counted"),
    "drawer": N_("books petty cash and change money of a drawer"),
    "close-day": N_("closes a business day and writes its summary"),
    "reopen-day": N_("opens the last closed day again"),
    "bank-deposit": N_("enters the bank's slip for counted cash (解款单)"),
    "verify": N_("checks the whole ledger"),
    "receipt": N_("writes a receipt to a file, or queues it for the printer"),
    "report": N_("writes a report to a file, or lists them"),
    "virtual-printer": N_("runs the built-in printer"),
    "bench": N_("measures how long things take"),
}
"""Name and purpose of each command, in the order of a day's work."""


def module_of(name: str) -> str:
    """The module of a command: ``close-day`` is in ``close_day``, ``shift open`` in ``shift_open``."""
    if name == "import":  # a word that Python keeps for itself
        name = "import workbook"
    return f"{__name__}.{name.replace('-', '_').replace(' ', '_')}"
