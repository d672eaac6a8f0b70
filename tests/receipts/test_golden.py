"""Receipts byte for byte.

A change is looked at, then taken over with ``FEEDESK_WRITE_GOLDEN=1 pytest tests/receipts``.
"""

import os
from pathlib import Path

import pytest

from feedesk.receipts.columns import COLUMNS
from feedesk.receipts.render import render
from tests.receipts.samples import DOCUMENTS

GOLDEN = Path(__file__).parent.parent / "golden" / "receipts"
CASES = [(name, columns) for name in DOCUMENTS for columns in COLUMNS if columns == 48 or name in ("payment", "long")]


@pytest.mark.parametrize("form", ["text", "escpos"])
@pytest.mark.parametrize(("name", "columns"), CASES)
def test_golden(name: str, columns: int, form: str) -> None:
    document, marks = DOCUMENTS[name]
    made = render(document, marks, form=form, columns=columns)
    path = GOLDEN / f"{name}-{columns}.{'txt' if form == 'text' else form}"
    if os.environ.get("FEEDESK_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
    assert made == path.read_bytes()
