"""The clearance certificate (结清证明) as a sheet of A4, to be sealed and signed.

The same certificate gives the same bytes each time (no date of making, no random id).
"""

import io
from typing import Any, cast

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from feedesk.money import format_amount
from feedesk.receipts.columns import wrap
from feedesk.receipts.pdf_text import body_font, draw, fit, measure
from feedesk.rules.clearance import ClearanceDocument
from feedesk.texts import N_, in_language

_WIDTH, _HEIGHT = A4
_EDGE = 72.0
_BODY, _SMALL = 13.0, 10.5
_LEADING, _SMALL_LEADING = 25.0, 18.0


def clearance_pdf(document: ClearanceDocument) -> bytes:
    """The certificate as a PDF file."""
    buffer = io.BytesIO()
    font = cast("Any", body_font())  # the stubs take it for a number
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=font)
    canvas.setTitle(document.number)
    canvas.setAuthor(document.company)
    _Sheet(canvas, document).draw()
    canvas.save()
    return buffer.getvalue()


class _Sheet:
    def __init__(self, canvas: Canvas, document: ClearanceDocument) -> None:
        self.canvas, self.document = canvas, document
        self.y = _HEIGHT - 110

    def draw(self) -> None:
        document, canvas = self.document, self.canvas
        if document.training:
            self.watermark()
        draw(canvas, (_WIDTH / 2, self.y), self.say(N_("Certificate of clearance")), 26, bold=True, align="centre")
        number = self.say(N_("Number {number}"), number=document.number)
        draw(canvas, (_WIDTH - _EDGE, self.y - 34), fit(number), _SMALL, align="right")
        self.y -= 80
        for sentence in (self.of_whom(), self.cleared()):
            self.paragraph(sentence, _BODY, _LEADING)
            self.y -= 8
        self.notes()
        self.foot()
        canvas.showPage()

    def of_whom(self) -> str:
        document = self.document
        unit = f"{document.unit} ({document.unit_note})" if document.unit_note else document.unit
        facts = {"community": document.community, "unit": unit, "payer": document.payer, "account": document.account}
        words = N_("This is to certify: {payer} is the payer of {unit}, {community} (account {account}).")
        if document.to_date is not None:
            words = N_(
                "This is to certify: {payer} was the payer of {unit}, {community} (account {account}) until {last_day}."
            )
            facts["last_day"] = document.to_date.isoformat()
        return self.say(words, **facts)

    def cleared(self) -> str:
        words = N_("As of {day} all fees charged to this account are paid, and nothing is owed.")
        return self.say(words, day=self.document.as_of.isoformat())

    def notes(self) -> None:
        document = self.document
        lines = []
        if document.paid_through:
            parts = [
                self.say(N_("{item} to {day}"), item=one.item, day=one.day.isoformat()) for one in document.paid_through
            ]
            lines.append(self.say(N_("Charged and paid through: {items}."), items="、".join(parts)))
        if document.held:
            parts = [f"{name} {format_amount(amount)}" for name, amount in document.held]
            lines.append(self.say(N_("Still held for this account (CNY): {balances}."), balances="、".join(parts)))
        lines.append(self.say(N_("Fees for days not charged yet are not covered by this certificate.")))
        for line in lines:
            self.paragraph(line, _SMALL, _SMALL_LEADING)

    def foot(self) -> None:
        document, canvas = self.document, self.canvas
        top = min(self.y - 40, 330.0)
        left = _WIDTH / 2 + 10
        draw(canvas, (left, top), fit(document.company), _BODY)
        draw(canvas, (left, top - 24), self.say(N_("(seal)")), _SMALL)
        canvas.setLineWidth(0.6)
        canvas.setDash(3, 3)
        canvas.rect(left, top - 150, 170, 116)
        canvas.setDash()
        lines = [
            self.say(N_("Issued by {name}"), name=document.issued_by),
            self.say(N_("Date {day}"), day=document.as_of.isoformat()),
            self.say(N_("Service phone {number}"), number=document.service_phone) if document.service_phone else "",
        ]
        for place, line in enumerate(line for line in lines if line):
            draw(canvas, (left, top - 178 - place * 20), fit(line), _SMALL)

    def paragraph(self, text: str, size: float, leading: float) -> None:
        for line in wrap(fit(text), _WIDTH - 2 * _EDGE, lambda part: measure(part, size)):
            draw(self.canvas, (_EDGE, self.y), line, size)
            self.y -= leading

    def watermark(self) -> None:
        """A practice paper says so across the whole sheet."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillColorRGB(0.98, 0.88, 0.86)
        canvas.translate(_WIDTH / 2, _HEIGHT / 2)
        canvas.rotate(40)
        draw(canvas, (0, -40), self.say(N_("TRAINING")), 120, bold=True, align="centre")
        canvas.restoreState()

    def say(self, message: str, **facts: str) -> str:
        return in_language(self.document.language, message).format(**facts)
