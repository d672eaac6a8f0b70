"""What a printer says of itself: ``DLE EOT`` 1 to 4, one byte of answer each (Epson's ESC/POS reference).

An answer is valid when ``b & 0x93 == 0x12``. No answer, or an invalid one, is never taken for "fine": an open cover
silences many printers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from feedesk.texts import N_, _

QUESTIONS = {n: bytes([0x10, 0x04, n]) for n in (1, 2, 3, 4)}
"""The bytes that ask: 1 printer, 2 why offline, 3 which error, 4 paper."""

OFFLINE = 0x08
COVER_OPEN, STOPPED_FOR_PAPER, ERROR = 0x04, 0x20, 0x40
CUTTER, UNRECOVERABLE = 0x08, 0x20
NEAR_END, END = 0x0C, 0x60
FIXED = 0x12
"""The bits every valid answer has."""


class Condition(StrEnum):
    """How a printer is; CANNOT_TELL is a way of connecting that carries no answers back."""

    READY = "ready"
    CANNOT_TELL = "cannot_tell"
    NO_REPLY = "no_reply"
    OFFLINE = "offline"
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    FAULT = "fault"


_SENTENCES = {
    Condition.READY: N_("The printer is ready."),
    Condition.CANNOT_TELL: N_("This connection cannot tell how the printer is."),
    Condition.NO_REPLY: N_("The printer does not answer. Check its power, its cable and its cover."),
    Condition.OFFLINE: N_("The printer is offline. Press its online or feed button."),
    Condition.COVER_OPEN: N_("The printer's cover is open. Close it."),
    Condition.PAPER_OUT: N_("The printer is out of paper. Put in a new roll."),
    Condition.FAULT: N_("The printer reports an error. Look at the cutter, then switch it off and on."),
}


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """A printer's condition; ``paper_low`` is the near-end sensor, which does not stop it."""

    condition: Condition
    paper_low: bool = False

    @property
    def may_print(self) -> bool:
        """Whether there is no reason against sending a slip."""
        return self.condition in (Condition.READY, Condition.CANNOT_TELL)

    def __str__(self) -> str:
        """One sentence for the status line: what is, and what to do."""
        if self.condition is Condition.READY and self.paper_low:
            return _("The printer is ready; its paper is nearly used up.")
        return _(_SENTENCES[self.condition])


def ask_status(ask: Callable[[bytes], bytes]) -> PrinterStatus:
    """Puts the four questions through ``ask``, which returns the answer or nothing when none came in time.

    The first question without a valid answer ends it.
    """
    answers: dict[int, int] = {}
    for number, question in QUESTIONS.items():
        answer = ask(question)
        if not answer or answer[-1] & 0x93 != FIXED:
            return PrinterStatus(Condition.NO_REPLY)
        answers[number] = answer[-1]
    return PrinterStatus(_condition(answers), paper_low=bool(answers[4] & NEAR_END))


def _condition(answers: dict[int, int]) -> Condition:
    """The condition most worth telling: what the cashier can mend comes first."""
    if answers[2] & COVER_OPEN:
        return Condition.COVER_OPEN
    if answers[2] & STOPPED_FOR_PAPER or answers[4] & END:
        return Condition.PAPER_OUT
    if answers[2] & ERROR or answers[3] & (CUTTER | UNRECOVERABLE):
        return Condition.FAULT
    if answers[1] & OFFLINE:
        return Condition.OFFLINE
    return Condition.READY
