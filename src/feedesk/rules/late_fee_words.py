"""The arithmetic of a late fee in words, line by line, as a cashier reads it out to whoever asks why."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from feedesk.money import ZERO, Fen, decimal_text, format_amount, round_by_magnitude
from feedesk.rules.late_fees import DAYS_OF_YEAR, LateFee, LateFeeRule, LateFeeStart, RateSpan, Segment
from feedesk.texts import N_, _, ngettext

_NUMBERS = (
    N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"), N_("seven"), N_("eight"), N_("nine"),
)  # fmt: skip
_PLACES = 6


def rate_words(daily: Fraction) -> str:
    """A rate a day as contracts write it: 万分之三/日, 千分之一/日."""
    if (thousandths := daily * 1000).denominator == 1 and 0 < thousandths < 10:
        return _("{number} per thousand a day").format(number=_number(thousandths))
    return _("{number} per ten thousand a day").format(number=_number(daily * 10000))


def rule_words(rule: LateFeeRule) -> str:
    """What a rule charges: 万分之三/日, or 4 倍 LPR."""
    if rule.ended:
        return _("no late fee")
    if rule.lpr_multiple is not None:
        return _("{multiple} × LPR ÷ {days} a day").format(multiple=decimal_text(rule.lpr_multiple), days=DAYS_OF_YEAR)
    return rate_words(rule.daily_rate or Fraction(0))


def short_rate_words(span: RateSpan) -> str:
    """The rate for a receipt: a contract's own words, of an LPR its multiple."""
    if span.lpr is None:
        return rate_words(span.daily)
    return _("{multiple} × LPR").format(multiple=decimal_text(span.rule.lpr_multiple or Fraction(0)))


def _number(value: Fraction) -> str:
    if value.denominator == 1 and 0 < value < 10:
        return _(_NUMBERS[int(value) - 1])
    return exact_words(value)


def exact_words(value: Fraction, places: int = 0) -> str:
    """A number with as many decimals as it has, at least ``places``; one that never ends with six, marked ≈."""
    text = decimal_text(value, places or None)
    if "/" not in text and len(text.partition(".")[2]) <= _PLACES + 2:
        return text
    scaled = round_by_magnitude(value * 10**_PLACES)
    return f"≈{decimal_text(Fraction(scaled, 10**_PLACES))}"


def late_fee_lines(fee: LateFee, *, waived: Fen = ZERO, paid: Fen = ZERO) -> tuple[str, ...]:
    """The arithmetic from the due date to what is owed of the late fee, a sentence a line."""
    return tuple(_lines(fee, waived, paid))


def _lines(fee: LateFee, waived: Fen, paid: Fen) -> Iterator[str]:
    if fee.terms is None or fee.first_day is None:
        yield _("No rule for late fees covers this charge: none is charged.")
    else:
        yield _begins(fee.debt.due_date, fee.first_day, fee.terms)
        yield _rests_on(fee.terms)
        yield from _days(fee)
        yield from _bounds(fee, fee.terms)
        yield _("Late fee to {day}: {amount}").format(day=fee.on.isoformat(), amount=format_amount(fee.amount))
    if waived:
        yield _("Of which waived: {amount}").format(amount=format_amount(waived))
    if paid:
        yield _("Of which paid: {amount}").format(amount=format_amount(paid))
    if waived or paid:
        left = Fen(max(fee.amount - waived - paid, 0))
        yield _("Late fee still to pay: {amount}").format(amount=format_amount(left))


def _begins(due: date, first: date, terms: LateFeeRule) -> str:
    facts = {"due": due.isoformat(), "first": first.isoformat(), "days": terms.grace_days}
    if terms.start is LateFeeStart.NEXT_MONTH and terms.grace_days:
        words = _("Due on {due}; counted from the 1st of the next month and {days} days of grace: from {first}.")
    elif terms.start is LateFeeStart.NEXT_MONTH:
        words = _("Due on {due}; counted from the 1st of the next month: from {first}.")
    elif terms.grace_days:
        words = _("Due on {due}; after {days} days of grace it counts from {first}.")
    else:
        words = _("Due on {due}; it counts from the day after, {first}.")
    return words.format(**facts)


def _rests_on(terms: LateFeeRule) -> str:
    words = _("Rate: {rate}").format(rate=rule_words(terms))
    return f"{words} ({terms.clause})" if terms.clause else words


def _days(fee: LateFee) -> Iterator[str]:
    lines = [(segment.first, _segment(segment)) for segment in fee.segments]
    for first, last in fee.debt.frozen:
        if fee.first_day is not None and first <= fee.on and (last is None or last >= fee.first_day):
            until = fee.on if last is None else min(last, fee.on)
            words = _("{first} to {last}: in dispute, these days do not count.")
            lines.append((first, words.format(first=first.isoformat(), last=until.isoformat())))
    for _first, line in sorted(lines):
        yield line
    if not fee.segments:
        yield _("By {day} no day counts.").format(day=fee.on.isoformat())


def _segment(segment: Segment) -> str:
    amount = exact_words(segment.amount / 100, 2)
    days = ngettext("{days} day", "{days} days", segment.days).format(days=segment.days)
    return _("{first} to {last}, {days}: {base} × {rate} × {count} {result}").format(
        first=segment.first.isoformat(),
        last=segment.last.isoformat(),
        days=days,
        base=format_amount(segment.base),
        rate=_factor(segment.rate),
        count=segment.days,
        result=f"≈ {amount[1:]}" if amount.startswith("≈") else f"= {amount}",
    )


def _factor(span: RateSpan) -> str:
    """``0.0003``, or ``4 × 3.1% ÷ 365`` with the LPR of those days."""
    if span.lpr is None:
        return exact_words(span.daily)
    multiple = decimal_text(span.rule.lpr_multiple or Fraction(0))
    return f"{multiple} × {decimal_text(span.lpr.yearly * 100)}% ÷ {DAYS_OF_YEAR}"


def _bounds(fee: LateFee, terms: LateFeeRule) -> Iterator[str]:
    if len(fee.segments) > 1:
        yield _("Together: {amount}").format(amount=exact_words(fee.exact / 100, 2))
    if fee.is_raised:
        yield _("At least {amount} is charged.").format(amount=format_amount(terms.minimum))
    if fee.is_capped:
        yield _("At most {share} of the principal {principal} is charged: {limit}.").format(
            share=f"{decimal_text(terms.cap * 100)}%",
            principal=format_amount(fee.debt.principal),
            limit=exact_words(fee.limit / 100, 2),
        )
