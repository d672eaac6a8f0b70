"""The preview of a month's bills as a table, to be looked through and kept beside the decision to bill it."""

from feedesk.money import Fen, format_amount
from feedesk.queries.billing_preview import BillingPreview, PreviewRow, RowState
from feedesk.reports.table import Column, Kind, Part, Table, Value
from feedesk.texts import N_, _

_STATES = {
    RowState.DUE: N_("to be billed"),
    RowState.STANDING: N_("billed already"),
    RowState.SKIPPED: N_("not billed"),
    RowState.STOPPED: N_("stopped"),
}


def preview_table(preview: BillingPreview, *, training: bool = False) -> Table:
    """All rows of a preview: what would be billed, what stands, and what is left out with the reason."""
    columns = (
        Column(_("Unit"), 9),
        Column(_("Resident"), 9),
        Column(_("Fee item"), 10),
        Column(_("How it is reckoned"), 26),
        Column(str(preview.month.shifted(-1)), 10, Kind.MONEY),
        Column(str(preview.month), 10, Kind.MONEY),
        Column(_("Changed by"), 9),
        Column(_("State"), 8),
        Column(_("Reason"), 24),
    )
    return Table(
        title=_("Bills of {month}, preview").format(month=preview.month),
        facts=_facts(preview),
        parts=(Part("", columns, tuple(_row(row) for row in preview.rows)),),
        training=training,
    )


def _facts(preview: BillingPreview) -> tuple[str, ...]:
    sums = _("Charged {gross}, conceded {discount}, net {net}").format(
        gross=format_amount(preview.gross), discount=format_amount(preview.discount), net=format_amount(preview.net)
    )
    counts = _("{due} to be billed, {skipped} not billed, {changed} to be looked at; as of {day}").format(
        due=f"{preview.due:,}", skipped=f"{preview.skipped:,}", changed=f"{preview.changed:,}", day=preview.day
    )
    return (sums, counts)


def _row(row: PreviewRow) -> tuple[Value, ...]:
    return (
        row.unit,
        row.resident,
        row.item,
        row.basis,
        row.before,
        row.now,
        change_words(row),
        _(_STATES[row.state]),
        row.note,
    )


def change_words(row: PreviewRow) -> str:
    """``+153%``, new, stopped, not billed; empty where nothing changed. Small changes are told in yuan."""
    if row.state is RowState.SKIPPED:
        return _("not billed")
    if row.now is None:
        return _("stopped")
    if row.before is None:
        return _("new")
    difference = row.now - row.before
    if not difference:
        return ""
    sign = "+" if difference > 0 else "−"
    percent = (abs(difference) * 200 // abs(row.before) + 1) // 2 if row.before else 0
    return f"{sign}{percent}%" if percent else f"{sign}{format_amount(Fen(abs(difference)))}"
