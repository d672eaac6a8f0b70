"""The heads of all chains at one moment: what a day close seals and finance keeps on paper.

One digest stands for them all: SHA-256 over ``chain:length:hash`` of each chain in order, joined by ``;``. Whoever
holds that paper can tell later that no entry before it was altered, removed or put in.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select

from feedesk.models import Chain, table_of

_chain = table_of(Chain)
_HEADS = select(_chain.c.id, _chain.c.length, _chain.c.head).order_by(_chain.c.id)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """A chain's length and its last entry's hash. Chain 0 is the office, the others are tills."""

    chain: int
    length: int
    head: str


def chain_heads(connection: Connection) -> tuple[ChainHead, ...]:
    """The heads of all chains, in order."""
    return tuple(ChainHead(row.id, row.length, row.head) for row in connection.execute(_HEADS))


def heads_digest(heads: Sequence[ChainHead]) -> str:
    """The one digest over all heads, as printed on the daily summary."""
    text = ";".join(f"{one.chain}:{one.length}:{one.head}" for one in sorted(heads, key=lambda one: one.chain))
    return hashlib.sha256(text.encode()).hexdigest()


def heads_to_json(heads: Sequence[ChainHead]) -> str:
    """The heads as a day close stores them."""
    return json.dumps([asdict(one) for one in heads], separators=(",", ":"))


def heads_from_json(text: str) -> tuple[ChainHead, ...]:
    return tuple(ChainHead(**one) for one in json.loads(text))
