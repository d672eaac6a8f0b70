"""A receipt document set as lines of a slip of 32, 42 or 48 columns: what stands where, before any device.

Every form of slip (bytes for a printer, picture, plain text) renders these same lines, so that they cannot differ.
Text is measured by `columns.width` at its size; long names wrap, nothing is cut off, and an amount is never broken.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from feedesk.money import Fen, format_amount
from feedesk.receipts.columns import COLUMNS, clean, width, wrap
from feedesk.receipts.fonts import spelled
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument, ReceiptKind, ReceiptLine, TenderLine
from feedesk.texts import N_, in_language


class Style(StrEnum):
    """What a line is; each renderer has its way of showing it. TITLE, TOTAL and BANNER are of double size."""

    BODY = "body"
    STRONG = "strong"
    DETAIL = "detail"
    TITLE = "title"
    TOTAL = "total"
    BANNER = "banner"

    @property
    def bold(self) -> bool:
        return self not in (Style.BODY, Style.DETAIL)

    @property
    def scale(self) -> int:
        """How many columns a narrow character takes."""
        return 2 if self in (Style.TITLE, Style.TOTAL, Style.BANNER) else 1


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: ``left`` (or centred), and ``right`` flush with the right edge; ``indent`` in columns.

    ``light_right`` keeps the right part from being bold.
    """

    left: str
    right: str = ""
    style: Style = Style.BODY
    centred: bool = False
    indent: int = 0
    light_right: bool = False

    def padded(self, columns: int) -> str:
        """The line as a row of characters, with spaces between its parts, at its own size."""
        start = " " * self.indent + self.left
        if not self.right:
            return start
        return start + " " * (columns // self.style.scale - width(start) - width(self.right)) + self.right


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line across the paper."""


@dataclass(frozen=True, slots=True)
class SealAndCode:
    """The place for the company's seal, with its label, and beside it the QR code of ``code``."""

    label: str
    code: str


Line = Words | Rule | SealAndCode

_DETAIL_INDENT = 2
_PREPAID = "prepaid"
"""The tender (`TenderLine.code`) after which even a prepayment of nothing is told: that is the news."""
_NARROW_RIGHT = 3
"""A right part up to a third of the paper keeps its place on the first line, and the left part wraps beside it."""

_TITLES = {
    ReceiptKind.PAYMENT: N_("Property fee receipt"),
    ReceiptKind.REVERSAL: N_("Reversal receipt"),
    ReceiptKind.REFUND: N_("Refund receipt"),
    ReceiptKind.BOUNCE: N_("Bounced transfer slip"),
}
_TOTALS = {
    ReceiptKind.PAYMENT: N_("Total received"),
    ReceiptKind.REVERSAL: N_("Total reversed"),
    ReceiptKind.REFUND: N_("Total refunded"),
    ReceiptKind.BOUNCE: N_("Total bounced"),
}
_PERSONS = {
    ReceiptKind.PAYMENT: N_("Payer {name}"),
    ReceiptKind.REVERSAL: N_("Payer {name}"),
    ReceiptKind.REFUND: N_("Payee {name}"),
    ReceiptKind.BOUNCE: N_("Payer {name}"),
}


def labels_of(kind: ReceiptKind) -> tuple[str, str, str]:
    """The message ids of a kind's title, of its total, and of the person's line (with ``{name}``)."""
    return _TITLES[kind], _TOTALS[kind], _PERSONS[kind]


def lay_out(
    document: ReceiptDocument,
    marks: PaperMarks | None = None,
    *,
    columns: int = 48,
    spell: Callable[[str], str] = spelled,
) -> tuple[Line, ...]:
    """The lines of a slip ``columns`` wide, in the language the receipt was issued in.

    ``spell`` replaces what no font can draw. `ValueError` for a width not in `COLUMNS`.
    """
    if columns not in COLUMNS:
        raise ValueError(f"no paper of {columns} columns")
    slip = _Slip(document, marks or PaperMarks(), columns, spell)
    slip.head()
    slip.items()
    slip.totals()
    slip.balances()
    slip.foot()
    return tuple(slip.lines)


@dataclass(slots=True)
class _Slip:
    document: ReceiptDocument
    marks: PaperMarks
    columns: int
    spell: Callable[[str], str]
    lines: list[Line] = field(default_factory=list)

    # --- the parts, from top to bottom ---

    def head(self) -> None:
        document = self.document
        self.mark_lines()
        title, _total, person = labels_of(document.kind)
        self.centre(self.say(title), Style.TITLE)
        self.lines += headed_by((document.community, document.company), self.columns, spell=self.spell)
        self.lines.append(Rule())
        self.pair(self.say(N_("No. {number}"), number=document.number), document.till)
        self.pair(issued_minute(document), self.say(N_("Cashier {name}"), name=document.cashier))
        if document.unit:
            self.pair(document.unit, document.unit_note, Style.STRONG, light_right=True)
        if document.other_units:
            self.pair(self.say(N_("And for {units}"), units="、".join(document.other_units)))
        if document.payer:
            self.pair(self.say(person, name=document.payer), style=Style.STRONG)
        if document.reverses:
            self.pair(self.say(N_("Original receipt {number}"), number=document.reverses))
        if document.reason:
            self.pair(self.say(N_("Reason: {reason}"), reason=document.reason))

    def mark_lines(self) -> None:
        for text, style in mark_texts(self.document, self.marks):
            self.centre(text, style)

    def items(self) -> None:
        self.lines.append(Rule())
        self.pair(self.say(N_("Item and period")), self.say(N_("Amount (CNY)")), Style.STRONG)
        for line in self.document.lines:
            self.item(line)

    def item(self, line: ReceiptLine) -> None:
        words = " ".join(part for part in (line.unit, line.item, line.periods) if part)
        self.pair(words, format_amount(line.amount))
        for detail in line.details:
            for part in wrap(self.fit(detail), self.columns - _DETAIL_INDENT):
                self.lines.append(Words(part, style=Style.DETAIL, indent=_DETAIL_INDENT))

    def totals(self) -> None:
        document = self.document
        self.lines.append(Rule())
        self.pair(self.say(N_("Subtotal")), format_amount(document.subtotal))
        if document.rounding:
            self.pair(self.say(N_("Rounded off")), format_amount(Fen(-document.rounding)))
        _title, total, _person = labels_of(document.kind)
        self.pair(self.say(total), format_amount(document.total), Style.TOTAL)
        self.lines += capitals(self.fit(document.in_words), self.columns)
        self.tenders()

    def tenders(self) -> None:
        for tender, note in tender_texts(self.document):
            self.pair(" ".join((tender.name, format_amount(tender.tendered))), note)
            if tender.reference:
                self.pair(self.say(N_("Reference {text}"), text=tender.reference), style=Style.DETAIL)

    def balances(self) -> None:
        texts = balance_texts(self.document)
        if texts:
            self.lines.append(Rule())
        for text in texts:
            self.pair(text)

    def foot(self) -> None:
        document = self.document
        self.lines.append(Rule())
        if document.remark:
            self.pair(self.say(N_("Remark: {text}"), text=document.remark))
        self.lines.append(SealAndCode(self.fit(self.say(N_("Seal of the payee:"))), document.code))
        self.pair(self.say(closing_words(document)))
        if document.service_phone:
            self.pair(self.say(N_("Service phone {number}"), number=document.service_phone))

    # --- setting words ---

    def say(self, message: str, **facts: str) -> str:
        return in_language(self.document.language, message).format(**facts)

    def centre(self, text: str, style: Style = Style.BODY) -> None:
        self.lines += centred(text, self.columns, style, spell=self.spell)

    def fit(self, text: str) -> str:
        return _fit(text, self.spell)

    def pair(self, left: str, right: str = "", style: Style = Style.BODY, *, light_right: bool = False) -> None:
        """Sets ``left`` and ``right`` on one line when they fit, else on as many as they need."""
        self.lines += paired(left, right, self.columns, style, light_right=light_right, spell=self.spell)


Spelling = Callable[[str], str]
"""Replaces what no font can draw."""


def _fit(text: str, spell: Spelling) -> str:
    return spell(clean(text)).strip()


def headed_by(names: Iterable[str], columns: int, *, spell: Spelling = spelled) -> list[Line]:
    """Who issues a paper, under its title: the names side by side where they fit, else one below the other."""
    given = [name for name in names if name]
    together = " · ".join(given)
    rows = [together] if width(_fit(together, spell)) <= columns else given
    return [line for row in rows for line in centred(row, columns, spell=spell)]


def centred(text: str, columns: int, style: Style = Style.BODY, *, spell: Spelling = spelled) -> list[Line]:
    """Text in the middle of the paper, on as many lines as it needs."""
    return [Words(part, style=style, centred=True) for part in wrap(_fit(text, spell), columns // style.scale)]


def paired(
    left: str,
    right: str,
    columns: int,
    style: Style = Style.BODY,
    *,
    light_right: bool = False,
    spell: Spelling = spelled,
) -> list[Line]:
    """``left`` and ``right`` on one line when they fit, else on as many as they need."""
    left, right = _fit(left, spell), _fit(right, spell)
    if style.scale == 2 and 2 * max(_longest_amount(left), width(right)) > columns:
        style = Style.STRONG
    indent = _DETAIL_INDENT if style is Style.DETAIL else 0
    across = columns // style.scale - indent
    room = across - width(right) - 1 if right else across
    if width(left) <= room:
        return [Words(left, right, style, indent=indent, light_right=light_right)]
    if width(right) <= across // _NARROW_RIGHT:
        first, *rest = wrap(left, room)
        beside = Words(first, right, style, indent=indent, light_right=light_right)
        return [beside, *(Words(part, style=style, indent=indent) for part in rest)]
    return [
        *(Words(part, style=style, indent=indent) for part in wrap(left, across)),
        *(Words("", part, style, indent=indent) for part in wrap(right, across)),
    ]


def capitals(words: str, columns: int) -> list[Line]:
    """An amount in words, broken after 亿, 万 or 元 rather than before a single character."""
    if width(words) <= columns:
        return [Words(words)]
    ends = [place for place, one in enumerate(words, 1) if one in "亿万元" and width(words[:place]) <= columns]
    if not ends or width(words[ends[-1] :]) > columns:
        return [Words(part) for part in wrap(words, columns)]
    return [Words(words[: ends[-1]]), Words(words[ends[-1] :])]


def _longest_amount(text: str) -> int:
    return max(map(len, text.split()), default=0)


# --- what the forms of paper say alike --------------------------------------------------------------------------


def issued_minute(document: ReceiptDocument) -> str:
    """The time of issue to the minute, in the zone it was issued in."""
    return document.issued_at[:16].replace("T", " ")


def mark_texts(document: ReceiptDocument, marks: PaperMarks) -> list[tuple[str, Style]]:
    """What stands above the title: practice paper, void, reversed, reprint."""

    def say(message: str, **facts: object) -> str:
        return in_language(document.language, message).format(**facts)

    texts: list[tuple[str, Style]] = []
    if document.training:
        texts.append((say(N_("【TRAINING】")), Style.BANNER))
    if marks.void:
        texts.append((say(N_("【VOID】")), Style.BANNER))
    if marks.reversed_by:
        texts.append((say(N_("Reversed by {number}"), number=marks.reversed_by), Style.STRONG))
    if marks.moved_to:
        texts.append((say(N_("Transferred to receipt {number}"), number=marks.moved_to), Style.STRONG))
    if marks.claimed_by:
        texts.append((say(N_("Claimed: receipt {numbers}"), numbers=marks.claimed_by), Style.STRONG))
    if marks.paid_by:
        texts.append((say(N_("Way of paying corrected: {tenders}"), tenders=marks.paid_by), Style.STRONG))
    if marks.refunded_by:
        texts.append((say(N_("Given back by {numbers}"), numbers=marks.refunded_by), Style.STRONG))
    if marks.reprint:
        texts.append((say(N_("Reprint no. {count}"), count=marks.reprint), Style.STRONG))
    return texts


def tender_texts(document: ReceiptDocument) -> list[tuple[TenderLine, str]]:
    """Each tender with the words beside it: the change stands with the tender it was given on."""
    change = in_language(document.language, N_("Change {amount}")).format(amount=format_amount(document.change))
    giving = next((tender for tender in document.tenders if tender.tendered != tender.kept), None)
    if document.change and giving is None and document.tenders:
        giving = document.tenders[-1]
    return [(tender, change if document.change and tender is giving else "") for tender in document.tenders]


def balance_texts(document: ReceiptDocument) -> list[str]:
    """What is owed and what lies as prepayment after this receipt."""
    if not document.account:
        return []  # nobody who is no resident owes or has prepaid anything
    label = N_("Still owed {amount}") if document.kind is ReceiptKind.PAYMENT else N_("Owed {amount}")
    owed = in_language(document.language, label).format(amount=format_amount(document.still_owed))
    note = f"({document.still_owed_note})" if document.still_owed_note else ""
    texts = [owed + note]
    if document.prepaid_balance or any(tender.code == _PREPAID for tender in document.tenders):
        prepaid = in_language(document.language, N_("Prepaid balance {amount}"))
        texts.append(prepaid.format(amount=format_amount(document.prepaid_balance)))
    return texts


def closing_words(document: ReceiptDocument) -> str:
    """The message id of the line under the seal."""
    if document.training:
        return N_("Practice paper, no proof of payment")
    if document.kind is ReceiptKind.PAYMENT:
        return N_("Scan to verify · e-invoice on this number")
    return N_("Scan to verify")
