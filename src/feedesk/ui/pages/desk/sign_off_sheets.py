"""Ctrl+K H and Ctrl+K F: the next cashier takes a counted shift over or refuses it; a second person reviews a shift."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from feedesk.money import format_amount
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, prove, staff
from feedesk.ops.signing_off import ReasonMissing, ThingNotCounted, review_shift, take_over
from feedesk.queries.sign_offs import (
    ClosedShift,
    SignOffKind,
    Thing,
    closed_shifts_of,
    last_closed_shift,
    things_handed_over,
)
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span

_LINES: Final = 6
_USUAL: Final = (N_("Receipt seal"), N_("Keys"), N_("Blank forms"), N_("Access cards"))


def who_may_sign(seat: Workplace, permission: Permission, besides: str) -> list[StaffMember]:
    """Whoever has the right and is not the shift's own cashier; who sits here first."""
    able = [one for one in seat.read(staff) if permission in PERMISSIONS[one.role] and one.name != besides]
    return sorted(able, key=lambda one: one.name != seat.actor)


class _Things(QGridLayout):
    """Lines of what else changes hands, each with its number; an empty line counts for nothing."""

    def __init__(self, known: Sequence[Thing]) -> None:
        super().__init__()
        self.setHorizontalSpacing(8)
        self.setVerticalSpacing(6)
        self.names: list[QLineEdit] = []
        self.counts: list[QLineEdit] = []
        shown = [(one.name, str(one.count)) for one in known] or [(_(name), "") for name in _USUAL]
        for place in range(max(_LINES, len(shown))):
            name, count = shown[place] if place < len(shown) else ("", "")
            for fields, text, words in (
                (self.names, name, _("Also handed over")),
                (self.counts, count, _("How many")),
            ):
                field = QLineEdit(text)
                field.setAccessibleName(f"{words} {place + 1}")
                fields.append(field)
                column = 2 * (place % 2) + (0 if fields is self.names else 1)
                self.addWidget(field, place // 2, column)  # two things in a row: small screens have few
            self.counts[-1].setFixedWidth(90)
            self.counts[-1].setPlaceholderText(_("How many"))

    def things(self) -> list[Thing]:
        """What was counted. Raises `ThingNotCounted` for what is no number."""
        found = []
        for name, count in zip(self.names, self.counts, strict=True):
            text = count.text().strip()
            if not name.text().strip() or not text:
                continue
            if not text.isdecimal():
                count.setFocus()
                raise ThingNotCounted(name=name.text().strip())
            found.append(Thing(name.text().strip(), int(text)))
        return found


class TakeOverSheet(ActSheet):
    """The next cashier signs with a password for cash and things, or refuses with a reason."""

    def __init__(self, place: DeskPlace, shift: ClosedShift) -> None:
        closed = shift.closed_at.strftime("%m-%d %H:%M")
        words = _(
            "{cashier}'s shift at {till} was closed {at}. Count what lies there; an empty field accepts the count."
        )
        super().__init__(
            place.window,
            _("Take over a shift"),
            _("Sign"),
            words=words.format(cashier=shift.cashier, till=shift.till_name, at=closed),
            width=720,
        )
        self._place, self._shift = place, shift
        seat = place.seat()
        people = who_may_sign(seat, Permission.RUN_SHIFT, shift.cashier)
        self.signer = ApproverFields(people, who=N_("Who takes over"), password=N_("Password"))
        self.counted = MoneyField(N_("Cash counted by whoever takes over"))
        self.things = _Things(seat.read(things_handed_over, till=shift.till))
        self.verdict: Choice[bool] = Choice(((True, N_("Accepted")), (False, N_("Refused"))), True)
        self.remark = QLineEdit()
        self._add_line((self.signer, 2), (FormRow(N_("Verdict"), self.verdict), 1))
        self._add_line((self.counted, 1), (FormRow(N_("Remark, or why it is refused"), self.remark), 1))
        self.content.addWidget(Label.saying(N_("What else changes hands, with its number"), "caption", tone="ink_2"))
        self.content.addLayout(self.things)
        self.add_end()

    def _add_line(self, *parts: tuple[QWidget, int]) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for part, stretch in parts:
            row.addWidget(part, stretch, Qt.AlignmentFlag.AlignBottom)
        self.content.addLayout(row)

    def decide(self) -> str:
        approval = self.signer.approval()
        counted, things = self.counted.optional(), self.things.things()
        if not self.verdict.value() and not self.remark.text().strip():
            self.remark.setFocus()
            raise ReasonMissing
        acting = _signing(self._place.seat(), approval.name, approval.password)
        done = acting.run_op(
            take_over,
            shift=self._shift.id,
            counted=counted,
            things=things,
            accepted=self.verdict.value(),
            remark=self.remark.text(),
        )
        words = _("{name} took {cashier}'s shift over: {amount} in cash.")
        if not done.accepted:
            words = _("{name} refused {cashier}'s shift with {amount} in cash: tell a supervisor.")
        return words.format(name=done.by, cashier=done.cashier, amount=format_amount(done.counted))


class ReviewSheet(ActSheet):
    """A second person signs the shifts of the day one by one."""

    def __init__(self, place: DeskPlace, shifts: Sequence[ClosedShift]) -> None:
        super().__init__(
            place.window,
            _("Review a cashier's shift"),
            _("Sign"),
            words=_(
                "A second person looks through receipts, cash and differences, and signs before the day is closed."
            ),
        )
        self._place = place
        self._shifts = {one.id: one for one in shifts}
        choices = [(one.id, _shift_words(one)) for one in shifts]
        self.shift: Choice[int] = Choice(choices, choices[0][0])
        self.remark = QLineEdit()
        self.signer = ApproverFields(
            who_may_sign(place.seat(), Permission.REVIEW_CASHIERS, ""),
            who=N_("Who reviews"),
            password=N_("Password"),
        )
        self.add_row((N_("Shift"), self.shift))
        self.content.addWidget(self.signer)
        self.add_row((N_("Remark"), self.remark))
        self.add_end()

    def decide(self) -> str:
        approval = self.signer.approval()
        acting = _signing(self._place.seat(), approval.name, approval.password)
        done = acting.run_op(review_shift, shift=self.shift.value(), remark=self.remark.text())
        return _("{name} reviewed {cashier}'s shift.").format(name=done.by, cashier=done.cashier)


def ask_take_over(place: DeskPlace) -> None:
    """Opens the sheet, or says on the desk that nothing waits."""
    shift = place.seat().read(last_closed_shift, till=place.till)
    if shift is None or shift.has(SignOffKind.HAND_OVER):
        place.page.banner.tell("warn", (Span(_("No closed shift of this till waits to be taken over.")),))
        return
    sheet = TakeOverSheet(place, shift)
    open_act(sheet, sheet.signer.who, lambda told: place.done(told, Changed.SHIFTS))


def ask_review(place: DeskPlace) -> None:
    """Opens the sheet with the shifts of the day, or of the last shift's day, that nobody has reviewed."""
    seat = place.seat()
    last = seat.read(last_closed_shift, till=place.till)
    days = dict.fromkeys([seat.business_date(), *([last.business_date] if last else [])])
    open_ones = [one for day in days for one in seat.read(closed_shifts_of, day=day) if not one.has(SignOffKind.REVIEW)]
    if not open_ones:
        place.page.banner.tell("warn", (Span(_("No closed shift waits to be reviewed.")),))
        return
    sheet = ReviewSheet(place, open_ones)
    open_act(sheet, sheet.shift, lambda told: place.done(told, Changed.SHIFTS))


def _shift_words(shift: ClosedShift) -> str:
    words = _("{day} {till} {cashier}: counted {counted}, over or short {over}")
    return words.format(
        day=shift.business_date.strftime("%m-%d"),
        till=shift.till_name,
        cashier=shift.cashier,
        counted=format_amount(shift.counted),
        over=format_amount(shift.over_short),
    )


def _signing(seat: Workplace, name: str, password: str) -> Workplace:
    prove(seat.database, name=name, password=password)
    return Workplace(seat.database, name, today=seat.today)
