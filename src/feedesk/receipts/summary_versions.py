"""The sheet 与上次差异 of a day summary issued again: why the day was reopened, and which figures are others now."""

from feedesk.money import Fen
from feedesk.receipts.summary_sheet import Book, cell
from feedesk.rules.day_summary import DaySummary
from feedesk.rules.summary_changes import changes_between
from feedesk.texts import _

CHANGES = "与上次差异"
_LAST_COLUMN = 4
_HEAD_ROW = 2


def write_changes(book: Book, summary: DaySummary) -> None:
    """Writes the sheet where the day had been closed before; otherwise there is none."""
    reopening = summary.reopening
    if reopening is None:
        return
    sheet = book.sheet(CHANGES, head_row=_HEAD_ROW, frozen=(_HEAD_ROW + 1, 0))
    facts = {
        "before": reopening.figures.version,
        "after": summary.figures.version,
        "at": f"{reopening.at:%Y-%m-%d %H:%M}",
        "name": reopening.by,
    }
    versions = _("Version {before}, opened again {at} by {name}; this is version {after}").format(**facts)
    sheet.span(0, 0, _LAST_COLUMN, versions, "caption")
    sheet.span(1, 0, _LAST_COLUMN, _("Reason for reopening: {reason}").format(reason=reopening.reason), "sub")
    heads = [_("Part"), _("Figure"), _("Last time"), _("This time"), _("Difference")]
    sheet.heads(_HEAD_ROW, heads)
    changes = changes_between(reopening.figures, summary.figures)
    for row, change in enumerate(changes, _HEAD_ROW + 1):
        sheet.text(row, 0, change.part, "cell")
        sheet.text(row, 1, change.name, "cell")
        if change.is_count:
            for column, count in enumerate((change.before, change.after, change.difference), 2):
                sheet.pieces(row, column, count)
        else:
            sheet.money(row, 2, Fen(change.before), "exact")
            sheet.money(row, 3, Fen(change.after), "exact")
            formula = f"={cell(row, 3)}-{cell(row, 2)}"
            sheet.reckoned(row, 4, formula, Fen(change.difference), "exact", "bold")
    row = _HEAD_ROW + 1 + len(changes)
    if not changes:
        sheet.span(row, 0, _LAST_COLUMN, _("No figure is another than last time."), "sub")
    sheet.signatures(row + 2, [_("Prepared by"), _("Checked by")], [0, 2])
    sheet.finish(least=14, most=30)
