"""收费公示: the fee board, an A4 sheet to hang up (what must stand on it: `feedesk.rules.fee_board`)."""

from collections.abc import Iterator
from typing import Any

from feedesk.queries.fee_board import fee_board
from feedesk.reports.report import Report, Wanted
from feedesk.reports.table import Column, Part, Table
from feedesk.rules.fee_board import (
    COLLECTED,
    COMPLAINTS,
    HEADINGS,
    BoardPrice,
    FeeBoard,
    condition_words,
    late_fee_words,
    reduction_words,
)
from feedesk.rules.tariff_words import days_words
from feedesk.texts import N_, _


def board_table(board: FeeBoard, wanted: Wanted) -> Table:
    """The board as tables: one for each kind of money, then concessions and late fees."""
    return Table(
        title=_("Fee board of property services"),
        facts=tuple(_facts(board)),
        parts=tuple(_parts(board)),
        notes=tuple(_notes(board)),
        missing=board.missing,
        training=wanted.training,
    )


def _facts(board: FeeBoard) -> Iterator[str]:
    code = f"({board.credit_code})" if board.credit_code else ""
    yield _("Company: {name}").format(name=f"{board.company}{code}")
    address = f"({board.address})" if board.address else ""
    yield _("Community: {name}").format(name=f"{board.community}{address}")
    phones = _("Service phone: {phone}  Complaints about prices: {complaints}")
    yield phones.format(phone=board.phone or "—", complaints=COMPLAINTS)
    yield _("As of {day}").format(day=board.on)


def _parts(board: FeeBoard) -> Iterator[Part]:
    for nature, heading in HEADINGS.items():
        prices = board.of_nature(nature)
        if prices:
            note = ""
            if nature == COLLECTED:
                note = _("Passed on in full to the supplier, without a handling charge (物业管理条例 art. 44).")
            yield Part(_(heading), _price_columns(), tuple(_price_row(price) for price in prices), note)
    if board.concessions:
        yield Part(_("Concessions in force"), _concession_columns(), tuple(_concession_rows(board)))
    if board.late_fees:
        yield Part(_("Late fees"), _late_fee_columns(), tuple(_late_fee_rows(board)))


def _price_columns() -> tuple[Column, ...]:
    return (
        Column(_("Fee item"), 13),
        Column(_("What is done for it"), 26),
        Column(_("Standard"), 19),
        Column(_("For whom"), 13),
        Column(_("Price form"), 10),
        Column(_("Basis"), 19),
        Column(_("In force"), 12),
    )


def _price_row(price: BoardPrice) -> tuple[str, ...]:
    days = days_words(price.valid_from, price.valid_to)
    standard = _("New: {standard}").format(standard=price.standard) if price.coming else price.standard
    return (price.head, price.covers, standard, price.places, price.price_form, price.document, days)


def _concession_columns() -> tuple[Column, ...]:
    return (
        Column(_("Concession"), 16),
        Column(_("For whom"), 20),
        Column(_("What it takes off"), 18),
        Column(_("Fee items"), 18),
        Column(_("Basis"), 24),
        Column(_("In force"), 16),
    )


def _concession_rows(board: FeeBoard) -> Iterator[tuple[str, ...]]:
    for one in board.concessions:
        yield (
            one.policy.name,
            condition_words(one.condition),
            reduction_words(one.policy),
            "、".join(one.items) or _("all of the company's own"),
            one.policy.document,
            days_words(one.valid_from, one.valid_to),
        )


def _late_fee_columns() -> tuple[Column, ...]:
    return (
        Column(_("Fee items"), 20),
        Column(_("How it is counted"), 56),
        Column(_("Basis"), 20),
        Column(_("In force"), 16),
    )


def _late_fee_rows(board: FeeBoard) -> Iterator[tuple[str, ...]]:
    for one in board.late_fees:
        item = one.item or _("all but what is collected for suppliers")
        yield (item, late_fee_words(one), one.rule.clause, days_words(one.rule.valid_from, None))


def _notes(board: FeeBoard) -> Iterator[str]:
    yield board.counts_from
    yield _("Charges to the fen; nothing may be charged that is not shown here (明码标价和禁止价格欺诈规定).")
    yield _("New prices are shown here a month before they hold (物业服务收费明码标价规定 art. 10).")


def _board(connection: Any, wanted: Wanted) -> FeeBoard:
    return fee_board(connection, on=wanted.last or wanted.first or wanted.today)


REPORT = Report(
    "收费公示", N_("the fee board: every price with its basis, as the law wants it hung up"), _board, board_table
)
