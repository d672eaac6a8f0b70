"""What is read once more before a day is locked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from feedesk.money import ZERO, Fen, format_amount
from feedesk.queries.closing_view import ClosingView
from feedesk.queries.sign_offs import SignOffKind
from feedesk.rules.channel_check import ChannelCheck
from feedesk.texts import _
from feedesk.ui.pages.dayclose.count_panel import over_short_words
from feedesk.ui.pages.dayclose.lock_panel import Fact
from feedesk.ui.pages.dayclose.rows import add_known, total_line


def lock_facts(view: ClosingView) -> list[Fact]:
    """What is read once more before a day is locked: cash, what was paid from prepayments, receipts, each shift."""
    total = total_line(view)
    cash = add_known(total.amounts.get(one.code, ZERO) for one in view.tenders if one.kind == "cash") or ZERO
    prepaid = add_known(total.amounts.get(one.code, ZERO) for one in view.tenders if one.kind == "prepaid") or ZERO
    facts: list[Fact] = [(_("of it in cash"), format_amount(cash), "ink")]
    if prepaid:
        facts.append((_("of it from prepayments"), format_amount(prepaid), "ink"))
    claimed = add_known(total.amounts.get(one.code, ZERO) for one in view.tenders if one.kind == "unclaimed") or ZERO
    if claimed:
        facts.append((_("of it claimed from money of unknown origin"), format_amount(claimed), "ink"))
    issued = view.receipts
    counts = _("{n} issued, {voids} voided").format(n=issued.count, voids=issued.voids)
    facts.append((_("Receipts"), counts, "danger" if issued.gaps else "ink"))
    for number, shift in enumerate(view.shifts, 1):
        if shift.over_short is not None:
            words, tone = over_short_words(shift.over_short)
            facts.append((_("Shift {n} {cashier}").format(n=number, cashier=shift.cashier), words, tone))
            facts.append(_signature(view, number, shift.id))
    over = Fen(sum(shift.over_short or 0 for shift in view.shifts))
    if len(view.shifts) > 1:
        words, tone = over_short_words(over)
        facts.append((_("Over or short, in all"), words, tone))
    return facts


def _signature(view: ClosingView, number: int, shift: int) -> Fact:
    """Who reviewed a shift; a refusal to take it over comes before that."""
    name = _("Shift {n} reviewed").format(n=number)
    words = [one for one in view.sign_offs if one.shift == shift]
    taken = any(one.kind is SignOffKind.HAND_OVER and one.accepted for one in words)
    refused = [one.by for one in words if not one.accepted]
    if refused and not taken:
        return name, _("{name} refused to take it over").format(name=refused[-1]), "danger"
    reviewed = [one.by for one in words if one.kind is SignOffKind.REVIEW]
    return (name, reviewed[-1], "ink") if reviewed else (name, _("not reviewed yet"), "warn")


def channel_facts(channels: Sequence[ChannelCheck], reported: Mapping[str, Fen]) -> list[Fact]:
    """The channels that were compared, with what they report more or less than was booked."""
    facts: list[Fact] = []
    for one in channels:
        check = one if one.reported is not None else replace(one, reported=reported.get(one.code))
        if check.difference is not None:
            agrees = not check.difference
            words = _("agrees") if agrees else f"{format_amount(check.difference)}"
            facts.append((_("{name} reported").format(name=one.name), words, "good" if agrees else "danger"))
    return facts
