"""What a payment sells (临时收费): its rows, its postings and its lines on the receipt.

Whose money it is follows the fee item as with charges (`feedesk.ledger.chart.earned`), only that nothing is ever owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.models import Sale, table_of
from feedesk.money import Fen
from feedesk.rules.receipt_document import ReceiptLine

_sale = table_of(Sale)

SALE = "sale"
"""The kind of a payment's line that sells something."""


@dataclass(frozen=True, slots=True)
class Sold:
    """So many of one article, in fen. ``version`` None: what was kept of a deposit, which has no price of its own."""

    item_id: int
    item: str
    nature: str
    version: int | None
    quantity: Fraction
    measure: Fraction
    price: Fraction
    amount: Fen
    basis: str


def store_sales(draft: EntryDraft, sold: Sequence[Sold]) -> None:
    """Stores what was sold, price and quantity, beside the lines of the payment."""
    for place, one in enumerate(sold):
        draft.add(
            _sale,
            {
                "sequence": place,
                "fee_item_id": one.item_id,
                "tariff_version_id": one.version,
                # As they are stored, since the digest covers them so.
                "quantity": str(one.quantity),
                "measure": str(one.measure),
                "unit_price": str(one.price),
                "amount": one.amount,
                "basis": one.basis,
            },
        )


def sale_postings(sold: Sequence[Sold]) -> list[PostingLine]:
    """Credited at once: our revenue, owed on to a supplier, or the owners' money."""
    return [PostingLine(chart.earned(one.item, one.nature), Fen(-one.amount)) for one in sold]


def sale_receipt_lines(sold: Sequence[Sold]) -> list[ReceiptLine]:
    """``门禁卡  50.00`` and below ``25.00×2``."""
    return [ReceiptLine(one.item, "", one.amount, (one.basis,) if one.basis else ()) for one in sold]
