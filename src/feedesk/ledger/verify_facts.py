"""The facts that documents are compared with: names of items and tenders, tills, shifts, books; and how to compare."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from feedesk.ledger.findings import Findings
from feedesk.ledger.reading import raw_column
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.models import Shift, table_of
from feedesk.texts import _

_IMPREST = (
    "SELECT e.shift_id, SUM(p.amount) FROM entry e JOIN posting p ON p.entry_id = e.id"
    " JOIN ledger_account a ON a.id = p.ledger_account_id WHERE SUBSTR(a.code, 1, 6) = '1001.T'"
    " AND e.kind IN ('reversal', 'refund', 'petty_cash', 'change_in', 'change_out') GROUP BY e.shift_id"
)


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A shift as stored: its till's key, business day and float."""

    till: Any
    day: Any
    opening_float: Any


@dataclass(frozen=True, slots=True)
class Book:
    """A receipt book: whose, of which year, and how its numbers begin."""

    till: Any
    year: Any
    prefix: Any

    def code(self, number: object) -> str:
        """The code of a number in it; empty for what is no number."""
        return f"{self.prefix}{number:06d}" if type(number) is int else ""


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes of the chart are made of, and where shifts and receipt books belong, by key.

    ``imprest``: what change money, petty cash and cash given back added to a shift's float or took from it.
    """

    items: dict[Any, str]
    natures: dict[Any, str]
    tenders: dict[Any, tuple[str, str]]
    tills: dict[Any, int]
    shifts: dict[Any, ShiftFacts]
    books: dict[Any, Book]
    imprest: dict[Any, Any]

    @classmethod
    def read(cls, connection: Connection) -> "Names":
        day = raw_column(connection, table_of(Shift).c.business_date, "s")

        shifts = f"SELECT s.id, s.till_id, {day}, s.opening_float FROM shift s"

        def rows(sql: str) -> Iterable[Any]:
            return connection.exec_driver_sql(sql).all()

        return cls(
            items={row[0]: row[1] for row in rows("SELECT id, name FROM fee_item")},
            natures={row[0]: row[1] for row in rows("SELECT id, nature FROM fee_item")},
            tenders={row[0]: (row[1], row[2]) for row in rows("SELECT id, code, kind FROM tender")},
            tills={row[0]: row[1] for row in rows("SELECT id, number FROM till")},
            shifts={row[0]: ShiftFacts(*row[1:]) for row in rows(shifts)},
            imprest={row[0]: row[1] for row in rows(_IMPREST)},
            books={row[0]: Book(*row[1:]) for row in rows("SELECT id, till_id, year, prefix FROM receipt_book")},
        )


def same_fact(act: SealedAct, findings: Findings, kept: tuple[str, Document, str], column: str) -> None:
    """A fact that entry and document both keep; the one whose seal is broken is named."""
    table, document, name = kept
    if document[name] == act.entry[column]:
        return
    if act.documents_sound:
        table, name = "entry", column
    message = _("the document says {document}, the entry {entry}")
    message = message.format(document=document[kept[2]], entry=act.entry[column])
    findings.add(table, name, message, entry=act.id)
