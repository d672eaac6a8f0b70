"""What the sheets that put a payment right share: the receipt, the reason, and somebody else's approval."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import format_amount
from feedesk.ops.giving_back import RefundReasonMissing
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.requesting import RequestReasonMissing
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, prove, staff
from feedesk.ops.taking_back import ReasonMissing
from feedesk.queries.correctable import correctable_receipts, receipt_left
from feedesk.queries.corrections import PaymentLeft
from feedesk.queries.desk import open_shift_at
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.painting import Span

if TYPE_CHECKING:
    from feedesk.ops.wishes import Wish

Result = TypeVar("Result")
ASKING = N_("Requests")
_WHY: Final = (RefundReasonMissing, RequestReasonMissing, ReasonMissing)


class NothingToPutRight(UserError):
    message = N_("There is no receipt here that stands: find the account, or look at its history (Ctrl+H).")


def approvers(seat: Workplace) -> list[StaffMember]:
    """Who may approve that money goes back: anybody with the right but whoever sits here."""
    return [one for one in seat.read(staff) if Permission.REVERSE in PERMISSIONS[one.role] and one.name != seat.actor]


def receipts_at_hand(place: DeskPlace, *, of_shift: bool = False) -> tuple[IssuedReceipt, ...]:
    """The receipts of the account shown; ``of_shift``, or on an empty desk: those of the shift."""
    seat = place.seat()
    shift = seat.read(open_shift_at, till=place.till)
    wanted = shift.id if shift is not None and (of_shift or place.account is None) else None
    return seat.read(correctable_receipts, on=seat.business_date(), account=place.account, shift=wanted)


def strangers_receipts(place: DeskPlace) -> tuple[IssuedReceipt, ...]:
    """What was sold to people without an account."""
    seat = place.seat()
    return seat.read(correctable_receipts, on=seat.business_date())


def ask_or_tell(
    place: DeskPlace,
    offered: Sequence[object],
    ask: Callable[[], object],
    nothing: Callable[[], UserError] = NothingToPutRight,
) -> None:
    """Opens a sheet that has something to offer, else says on the desk that there is ``nothing``."""
    if offered:
        ask()
    else:
        place.page.banner.tell("warn", (Span(str(nothing())),))


def receipt_words(receipt: IssuedReceipt) -> str:
    """``SJ-2026-1-000042 · 11-23 10:42 · 3-1-502 · 现金 · 1,600.00``; who paid, where there is no unit."""
    tenders = " ".join(receipt.tenders)
    who = receipt.unit or receipt.payer
    return f"{receipt.number} · {receipt.at:%m-%d %H:%M} · {who} · {tenders} · {format_amount(receipt.total)}"


class CorrectionSheet(ActSheet):
    """A receipt of those offered, the newest first, and why; `run` acts, `run_approved` with a second person.

    ``more`` are choices below the receipts, each with its words.
    """

    def __init__(
        self,
        place: DeskPlace,
        title: str,
        act: str,
        receipts: Sequence[IssuedReceipt],
        *,
        words: str,
        more: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(place.window, title, act, words=words, width=680)
        self.place = place
        choices = [*((one.number, receipt_words(one)) for one in receipts), *more]
        self.receipt: Choice[str] = Choice(choices, choices[0][0] if choices else "")
        self.reason = QLineEdit()
        self.approver = ApproverFields(approvers(place.seat()))
        self._request_key = uuid.uuid4().hex
        self.receipt.currentIndexChanged.connect(lambda _place: self.on_receipt())

    def add_receipt(self) -> None:
        """The row of the receipt, above all else."""
        self.content.addWidget(FormRow(N_("Receipt"), self.receipt))

    def add_reason(self) -> None:
        """The rows of reason and approval, below all else, and the end."""
        self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.content.addWidget(self.approver)
        self.add_end()

    def offer_asking(self) -> None:
        """Below the button a second way: to ask for it, so that somebody decides later."""
        from feedesk.ui.pages.desk.asking import ASK_KEYS, ASK_WORDS

        row = QHBoxLayout()
        row.addStretch(1)
        ask = QuietButton(_(ASK_WORDS), ASK_KEYS)
        ask.clicked.connect(self.ask_for_it)
        row.addWidget(ask)
        self.add_foot(row)
        bind(self, ASK_KEYS, ASK_WORDS, self.ask_for_it, group=ASKING)

    def ask_for_it(self) -> None:
        """Ctrl+R: what the fields say becomes a request."""
        from feedesk.ui.pages.desk.asking import ask_for

        try:
            told = ask_for(self.place.seat(), self.wish(), self.reason.text(), self._request_key)
        except FeedeskError as error:
            self.refuse_at(error)
            return
        self.close_sheet()
        self.decided.emit(told)

    def field_of(self, error: FeedeskError) -> QWidget | None:
        return self.reason if isinstance(error, _WHY) else super().field_of(error)

    def wish(self) -> "Wish":
        """What is asked for. Raises a `UserError` where it cannot be asked for."""
        from feedesk.ui.pages.desk.asking import CannotBeAskedFor

        raise CannotBeAskedFor

    def left(self) -> PaymentLeft:
        """What is left of its payment."""
        return self.place.seat().read(receipt_left, number=self.receipt.value())

    def on_receipt(self) -> None:
        """Another receipt was chosen."""

    def run(self, op: Callable[..., Result], **facts: Any) -> Result:
        """Acts at this till, for the reason typed."""
        return self.place.seat().run_op(op, reason=self.reason.text(), till=self.place.till, **facts)

    def run_approved(self, op: Callable[..., Result], **facts: Any) -> Result:
        """Acts once the approver's password is right."""
        approval, seat = self.approver.approval(), self.place.seat()
        prove(seat.database, name=approval.name, password=approval.password)
        acting = replace(seat, approver=approval.name)
        return acting.run_op(op, reason=self.reason.text(), till=self.place.till, **facts)

    def on_done(self, told: str) -> None:
        """Says on the desk what was done."""
        self.place.done(told, Changed.PAYMENTS, Changed.CHARGES, Changed.PRINT_JOBS)
