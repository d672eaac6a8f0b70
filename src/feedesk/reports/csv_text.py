"""A report as comma-separated text in UTF-8 with the mark that makes Excel read it as such.

Amounts are plain yuan without grouping, so that other programs read them as numbers.
"""

import csv
import io
from fractions import Fraction

from feedesk.money import Fen, decimal_text, format_amount
from feedesk.reports.table import Column, Kind, Table, Value, cell_text


def csv_text(table: Table) -> bytes:
    """The tables one after another, each under its caption and headings."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([table.title])
    writer.writerows([fact] for fact in table.facts)
    for part in table.parts:
        writer.writerow([])
        if part.caption:
            writer.writerow([part.caption])
        writer.writerow([column.title for column in part.columns])
        for row in part.rows:
            writer.writerow([_plain(column, value) for column, value in zip(part.columns, row, strict=True)])
        if part.note:
            writer.writerow([part.note])
    if table.notes:
        writer.writerow([])
        writer.writerows([note] for note in table.notes)
    return buffer.getvalue().encode("utf-8-sig")


def _plain(column: Column, value: Value) -> str:
    if isinstance(value, int):
        return format_amount(Fen(value), grouped=False) if column.kind is Kind.MONEY else str(value)
    if isinstance(value, Fraction):
        return decimal_text(value)
    return _no_formula(cell_text(column, value))


def _no_formula(text: str) -> str:
    """Text that a spreadsheet must not take for a formula (it would run it) gets an apostrophe."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") and len(text) > 1 else text
