"""What is typed into a row of the round and not stored yet, and what it would come to.

A draft stays with its row wherever the keyboard goes, so that nothing typed is lost: it is stored, or it stands there
with the reason why it is not.
"""

from dataclasses import dataclass, replace
from datetime import date

from feedesk.errors import UserError
from feedesk.money import decimal_text
from feedesk.queries.meter_round import RoundRow
from feedesk.rules.metering import ESTIMATE, NORMAL, ROLLOVER, SWAP, Reading, rollover_note, rollover_size
from feedesk.rules.reading_checks import parse_reading
from feedesk.rules.usage_checks import UsageCheck
from feedesk.texts import _


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure typed for a row. ``digits`` of a rollover; ``problem`` is why it was not stored, ``asks`` that Enter
    was pressed once and is to be pressed again.
    """

    text: str
    kind: str = NORMAL
    digits: int | None = None
    problem: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """A row of the round with what is typed into it."""

    row: RoundRow
    draft: Draft | None = None

    def corrects(self, day: date) -> bool:
        """Whether a figure would stand in place of this month's reading; a billed one is followed by a new reading."""
        row = self.row
        return row.reading is not None and not (row.locked and day > row.reading.read_on)

    def basis(self, day: date) -> RoundRow:
        """The row that a figure typed now is compared with."""
        return self.row if self.corrects(day) else self.row.following()

    def tried(self, day: date) -> Reading | None:
        """The reading that the draft would become; None while it is no figure."""
        draft = self.draft
        if draft is None:
            return None
        try:
            value = parse_reading(draft.text)
        except UserError:
            return None
        note = rollover_note(draft.digits) if draft.kind == ROLLOVER and draft.digits else ""
        old = self.row.reading if self.corrects(day) else None
        if old is None:
            return self.row.next_reading(value, day, draft.kind, note)
        if old.kind == SWAP:
            return replace(old, value=value)
        return replace(old, value=value, kind=draft.kind, note=note)

    def check(self, day: date) -> UsageCheck | None:
        """The usage shown in the row: of what is typed, else of what is stored."""
        if self.draft is None:
            return self.row.check
        tried = self.tried(day)
        return None if tried is None else self.basis(day).check_of(tried)

    def text(self) -> str:
        """The figure shown in the row."""
        if self.draft is not None:
            return self.draft.text
        return "" if self.row.reading is None else decimal_text(self.row.reading.value)


def backwards(entry: RoundEntry, day: date) -> str:
    """Why a figure below the one before cannot be stored as it is, with the keys that explain it; else nothing."""
    tried, before = entry.tried(day), entry.basis(day).before
    if tried is None or before is None or tried.kind in (SWAP, ROLLOVER) or before.kind == ESTIMATE:
        return ""
    if tried.value >= before.value:
        return ""
    words = _("Below the last {before}: swapped Ctrl H, rolled over Ctrl R, or correct the figure")
    return words.format(before=decimal_text(before.value))


def question(entry: RoundEntry, day: date) -> str:
    """What a figure is asked about before it is stored; empty for a usual one."""
    draft, check = entry.draft, entry.check(day)
    if draft is None or check is None:
        return ""
    usage = decimal_text(check.usage)
    if draft.kind == ROLLOVER:
        words = _("Rolled over a meter of {digits} digits, usage {usage}: Enter again confirms, Ctrl R adds a digit")
        return words.format(digits=draft.digits, usage=usage)
    if not check.unusual or check.mean is None:
        return ""
    return _("{unusual}: Enter again confirms").format(unusual=unusual_words(check))


def unusual_words(check: UsageCheck) -> str:
    """``用量 43，比近两期平均 17 多 153%``."""
    facts = {"usage": decimal_text(check.usage), "mean": decimal_text(check.mean or check.usage * 0)}
    if check.change is None:
        return _("Usage {usage}, the last two periods had none").format(**facts)
    said = _("Usage {usage} is {percent}% above the mean {mean} of the last two periods")
    if check.change < 0:
        said = _("Usage {usage} is {percent}% below the mean {mean} of the last two periods")
    return said.format(percent=abs(check.change), **facts)


def change_words(check: UsageCheck) -> str:
    """``+153%``, ``−40%``; from nothing to something is only that."""
    if check.change is None:
        return _("from nought") if check.mean is not None and check.usage else ""
    if not check.change:
        return "0%"
    return f"{'+' if check.change > 0 else '−'}{abs(check.change)}%"


def reckoning(entry: RoundEntry, day: date) -> str:
    """How a row's usage comes about, in words that can be read out."""
    row = entry.row if entry.draft is None else entry.basis(day)
    reading = entry.row.reading if entry.draft is None else entry.tried(day)
    who = " ".join(filter(None, (entry.row.unit, entry.row.resident, entry.row.kind)))
    if row.before is None:
        return _("{who}: the first reading, usage counts from it").format(who=who)
    last = _("last {value} on {day}").format(value=decimal_text(row.before.value), day=row.before.read_on)
    recent = ", ".join(map(decimal_text, row.recent)) or "–"
    usual = _("usage of the periods before: {recent}").format(recent=recent)
    check = entry.check(day)
    if reading is None or check is None:
        return f"{who} · {last} · {usual}"
    sum_words = usage_sum(row.before, reading)
    return f"{who} · {sum_words} = {decimal_text(check.usage)} · {usual}"


def usage_sum(before: Reading, after: Reading) -> str:
    """``431 − 412``, a swap ``(450 − 431) + (12 − 0)``, a rollover ``100000 − 99995 + 12``; with ``× 40``."""
    start, end = decimal_text(before.value), decimal_text(after.value)
    times = "" if after.multiplier == 1 else f" × {decimal_text(after.multiplier)}"
    if after.kind == SWAP and after.old_final is not None and after.new_initial is not None:
        old_times = "" if before.multiplier == 1 else f" × {decimal_text(before.multiplier)}"
        old = f"({decimal_text(after.old_final)} − {start}){old_times}"
        return f"{old} + ({end} − {decimal_text(after.new_initial)}){times}"
    if after.kind == ROLLOVER and after.value < before.value:
        whole = f"{rollover_size(before.value, after.note)} − {start} + {end}"
        return f"({whole}){times}" if times else whole
    return f"({end} − {start}){times}" if times else f"{end} − {start}"
