"""Walks all entries in their order: each sums to zero, follows the one before it, and is what was sealed.

The hash of an entry covers its columns, its postings and the hash before; its digest covers its documents. Both are
computed anew from the rows as stored, so that a single altered value shows, and shows where.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.reading import ByEntry, RawRow, document_columns, documents, raw_column, stream
from feedesk.ledger.sealing import DOCUMENTS, GENESIS, SEALED, DocumentDigest, entry_hash
from feedesk.models import Entry, table_of
from feedesk.texts import _

_entry = table_of(Entry)
_ENTRY_COLUMNS = tuple(column.name for column in _entry.columns)

_POSTINGS = (
    "SELECT p.entry_id, p.sequence, a.code, p.account_id, p.amount FROM posting p"
    " LEFT JOIN ledger_account a ON a.id = p.ledger_account_id ORDER BY p.entry_id, p.sequence, p.id"
)
_COUNT = "SELECT (SELECT COUNT(*) FROM entry) + (SELECT COUNT(*) FROM charge)"
_CHAINS = "SELECT id, length, head FROM chain ORDER BY id"

Progress = Callable[[int, int], None]
Document = dict[str, Any]


class VerificationStopped(Exception):
    """Somebody asked to stop before the end."""


@dataclass(slots=True)
class ItemSum:
    """What the charges of one fee item sum to within an entry."""

    count: int = 0
    gross: int = 0
    discount: int = 0


@dataclass(slots=True)
class SealedAct:
    """An entry as read: its columns, postings (sequence, code, account, fen) and documents by table.

    Charges, of which a billing run has many, are summed by fee item. ``entry_sound`` and ``documents_sound`` say
    whether hash and digest are those that were sealed; where one is not, the other side is believed.
    """

    entry: Document
    postings: list[tuple[Any, Any, Any, Any]]
    documents: dict[str, list[Document]] = field(default_factory=dict)
    charges: dict[int, ItemSum] = field(default_factory=dict)
    entry_sound: bool = True
    documents_sound: bool = True

    @property
    def id(self) -> int:
        return int(self.entry["id"])

    def one(self, table: str) -> Document | None:
        """The only document of a table; None when there is none, or more than one."""
        rows = self.documents.get(table, [])
        return rows[0] if len(rows) == 1 else None


@dataclass(slots=True)
class ChainState:
    """How far a chain has been walked."""

    length: int = 0
    head: str = GENESIS


@dataclass(slots=True)
class Walk:
    """One walk over all entries."""

    connection: Connection
    findings: Findings
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None
    chains: dict[Any, ChainState] = field(default_factory=dict)
    entries: int = 0
    _done: int = 0
    _told: int = 0
    _total: int = 0

    def acts(self) -> Iterator[SealedAct]:
        """Yields every entry, checked in itself and against the one before; the chains stand as at that moment."""
        self._total = int(self.connection.exec_driver_sql(_COUNT).scalar_one())
        postings = ByEntry(stream(self.connection, _POSTINGS), self._orphan("posting"))
        sources = {
            table.name: ByEntry(documents(self.connection, table), self._orphan(table.name)) for table in DOCUMENTS
        }
        columns = ", ".join(raw_column(self.connection, column, "e") for column in _entry.columns)
        for row in stream(self.connection, f"SELECT {columns} FROM entry e ORDER BY e.id"):
            entry = dict(zip(_ENTRY_COLUMNS, row, strict=True))
            act = SealedAct(entry, [posting[1:] for posting in postings.of(entry["id"])])
            self._read_documents(act, sources)
            self._check_sum(act)
            self._check_place(act)
            yield act
            self.entries += 1
            self._step()
        for source in (postings, *sources.values()):
            source.finish()
        self._tell()

    def check_heads(self) -> None:
        """Compares where the walk arrived with the heads that are kept for the next entry."""
        kept = {row[0]: row for row in self.connection.exec_driver_sql(_CHAINS)}
        for chain in self.chains:
            if chain not in kept:
                self.findings.add("chain", "id", _("chain {chain} has entries but no head").format(chain=chain))
        for chain, length, head in kept.values():
            state = self.chains.get(chain, ChainState())
            if length != state.length:
                message = _("chain {chain} should have {length} entries, but {found} were found")
                message = message.format(chain=chain, length=length, found=state.length)
                self.findings.add("chain", "length", message)
            if head != state.head:
                message = _("the head of chain {chain} is not the hash of its last entry").format(chain=chain)
                self.findings.add("chain", "head", message)

    def _orphan(self, table: str) -> Callable[[RawRow], None]:
        def tell(row: RawRow) -> None:
            message = _("belongs to entry {entry}, which does not exist").format(entry=row[0])
            self.findings.add(table, "entry_id", message, entry=row[0])

        return tell

    def _read_documents(self, act: SealedAct, sources: dict[str, ByEntry]) -> None:
        digest = DocumentDigest()
        for table in DOCUMENTS:
            names, sealed = document_columns(table), len(SEALED[table.name])
            rows = sources[table.name].of(act.entry["id"])
            if table.name == "charge":
                digest.add("charge", self._summed(rows, act, names, sealed))
            elif table.name == "charge_usage":
                digest.add("charge_usage", (row[1 : sealed + 1] for row in rows))
            elif found := [row[1:] for row in rows]:
                act.documents[table.name] = [dict(zip(names, row, strict=True)) for row in found]
                digest.add(table.name, [row[:sealed] for row in found])
        if act.entry["digest"] != digest.hexdigest():
            act.documents_sound = False
            tables = [*(["charge"] if act.charges else []), *act.documents]
            message = _("the documents of entry {entry} ({tables}) are not those that were sealed with it")
            message = message.format(entry=act.id, tables=", ".join(tables) or _("none"))
            single = tables[0] if len(tables) == 1 else ""
            self.findings.add(single or "entry", "" if single else "digest", message, entry=act.id)

    def _summed(
        self, rows: Iterator[RawRow], act: SealedAct, names: tuple[str, ...], sealed: int
    ) -> Iterator[tuple[Any, ...]]:
        """Passes charges on to the digest and adds them up by fee item."""
        item, gross, discount = (names.index(name) + 1 for name in ("fee_item_id", "gross", "discount"))
        whole = self.findings.whole
        for row in rows:
            sums = act.charges.get(row[item])
            if sums is None:
                sums = act.charges[row[item]] = ItemSum()
            sums.count += 1
            sums.gross += whole(row[gross], "charge", "gross", entry=act.id)
            sums.discount += whole(row[discount], "charge", "discount", entry=act.id)
            self._step()
            yield row[1 : sealed + 1]

    def _check_sum(self, act: SealedAct) -> None:
        total = 0
        for _sequence, code, _account, amount in act.postings:
            total += self.findings.whole(amount, "posting", "amount", entry=act.id)
            if code is None:
                message = _("posts to an account that is not in the chart")
                self.findings.add("posting", "ledger_account_id", message, entry=act.id)
        if total:
            message = _("the postings of entry {entry} sum to {total} instead of zero")
            self.findings.add("posting", "amount", message.format(entry=act.id, total=yuan(total)), entry=act.id)

    def _check_place(self, act: SealedAct) -> None:
        entry, state = act.entry, self.chains.setdefault(act.entry["chain_id"], ChainState())
        if entry["sequence"] != state.length + 1:
            message = _("entry {entry} stands at place {found} of chain {chain}, where place {wanted} was expected")
            message = message.format(
                entry=act.id, found=entry["sequence"], chain=entry["chain_id"], wanted=state.length + 1
            )
            self.findings.add("entry", "sequence", message, entry=act.id)
        if entry["previous"] != state.head:
            message = _("entry {entry} does not follow the entry before it in chain {chain}")
            message = message.format(entry=act.id, chain=entry["chain_id"])
            self.findings.add("entry", "previous", message, entry=act.id)
        if entry["hash"] != entry_hash(entry, act.postings):
            act.entry_sound = False
            message = _("entry {entry} or its postings were altered: its hash is another").format(entry=act.id)
            self.findings.add("entry", "hash", message, entry=act.id)
        found = entry["sequence"]
        state.length = found if type(found) is int else state.length + 1
        state.head = entry["hash"]

    def _step(self) -> None:
        self._done += 1
        if self._done - self._told >= 5000:
            self._tell()

    def _tell(self) -> None:
        self._told = self._done
        if self.cancelled is not None and self.cancelled():
            raise VerificationStopped
        if self.progress is not None:
            self.progress(self._done, self._total)
