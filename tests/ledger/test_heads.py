"""One digest over the heads of all chains."""

import hashlib

from feedesk.ledger.heads import ChainHead, heads_digest, heads_from_json, heads_to_json

HEADS = (ChainHead(0, 2, "a" * 64), ChainHead(1, 5, "b" * 64))


def test_digest_is_over_all_chains_in_order() -> None:
    text = f"0:2:{'a' * 64};1:5:{'b' * 64}"
    assert heads_digest(HEADS) == hashlib.sha256(text.encode()).hexdigest()
    assert heads_digest(HEADS[::-1]) == heads_digest(HEADS)
    assert heads_digest(HEADS[:1]) != heads_digest(HEADS)


def test_stored_heads_read_back() -> None:
    assert heads_from_json(heads_to_json(HEADS)) == HEADS
