"""What a forger does who knows the program: alters what belongs together and computes every digest and hash anew."""

from sqlalchemy import Connection

from feedesk.ledger.heads import chain_heads, heads_to_json
from feedesk.ledger.reading import ByEntry, RawRow, documents, raw_column, stream
from feedesk.ledger.sealing import DOCUMENTS, GENESIS, SEALED, DocumentDigest, entry_hash
from feedesk.models import Entry, table_of
from tests.ledger.attacking import Attacker, literal

_POSTINGS = (
    "SELECT p.entry_id, p.sequence, a.code, p.account_id, p.amount FROM posting p"
    " LEFT JOIN ledger_account a ON a.id = p.ledger_account_id ORDER BY p.entry_id, p.sequence"
)


def forge(attacker: Attacker, *statements: str) -> None:
    """Alters rows and makes all seals fit, those of day closes included."""
    attacker.execute(*statements)
    closes = attacker.connection.exec_driver_sql("SELECT entry_id FROM day_close ORDER BY id").scalars().all()
    for close in closes:
        attacker.execute(*_seals(attacker.connection, before=close))
        heads = heads_to_json(chain_heads(attacker.connection))
        attacker.execute(f"UPDATE day_close SET chain_heads = {literal(heads)} WHERE entry_id = {close}")
    attacker.execute(*_seals(attacker.connection, before=10**9))


def _seals(connection: Connection, before: int) -> list[str]:
    """The statements that seal all entries before one of them."""
    statements = []
    chains: dict[int, tuple[int, str]] = {}
    sources = {table.name: ByEntry(documents(connection, table), _ignore) for table in DOCUMENTS}
    postings = ByEntry(stream(connection, _POSTINGS), _ignore)
    columns = ", ".join(raw_column(connection, column, "e") for column in table_of(Entry).columns)
    names = [column.name for column in table_of(Entry).columns]
    for row in list(stream(connection, f"SELECT {columns} FROM entry e WHERE id < {before} ORDER BY e.id")):
        entry = dict(zip(names, row, strict=True))
        digest = DocumentDigest()
        for table in DOCUMENTS:
            sealed = len(SEALED[table.name])
            digest.add(table.name, [found[1 : sealed + 1] for found in sources[table.name].of(entry["id"])])
        length, head = chains.get(entry["chain_id"], (0, GENESIS))
        entry |= {"digest": digest.hexdigest(), "previous": head, "sequence": length + 1}
        entry["hash"] = entry_hash(entry, [found[1:] for found in postings.of(entry["id"])])
        chains[entry["chain_id"]] = (length + 1, entry["hash"])
        statements.append(
            f"UPDATE entry SET digest = '{entry['digest']}', previous = '{head}', hash = '{entry['hash']}',"
            f" sequence = {length + 1} WHERE id = {entry['id']}"
        )
    statements += [
        f"UPDATE chain SET length = {length}, head = '{head}' WHERE id = {chain}"
        for chain, (length, head) in chains.items()
    ]
    return statements


def _ignore(row: RawRow) -> None:
    """Rows of no entry cannot be sealed."""
