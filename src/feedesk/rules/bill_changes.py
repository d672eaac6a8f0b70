"""Why a charge is another than last time, in words: what a clerk looks at before a month is billed.

New and gone charges, those that changed by more than 30 %, and those whose concession begins or ends are worth a look;
the reason is what the two charges and the records of their unit tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from feedesk.money import Fen, decimal_text
from feedesk.periods import Period
from feedesk.rules.price_words import price_text
from feedesk.rules.usage_checks import check_usage
from feedesk.texts import _

THRESHOLD: Final = Fraction(30, 100)


@dataclass(frozen=True, slots=True)
class BilledFacts:
    """A charge as far as it explains a change. ``quantity`` and ``price`` are None where it has none."""

    net: Fen
    first: date
    last: date
    quantity: Fraction | None = None
    price: Fraction | None = None
    concessions: tuple[str, ...] = ()
    metered: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ConcessionDays:
    """A concession granted to an account: its name, and from when to when."""

    name: str
    from_date: date
    to_date: date | None


@dataclass(frozen=True, slots=True)
class Background:
    """What the records tell of a unit and an account that may explain a change.

    ``bearer`` is who else bears, or bore, the charge; ``usages`` those of earlier periods, oldest first; ``from_next``
    whether buyers pay from the month after delivery.
    """

    delivered_on: date | None = None
    from_date: date | None = None
    to_date: date | None = None
    bearer: str = ""
    is_space: bool = False
    from_next: bool = True
    usages: tuple[Fraction, ...] = ()
    grants: tuple[ConcessionDays, ...] = ()


def is_worth_a_look(before: BilledFacts | None, now: BilledFacts | None) -> bool:
    """New, gone, more than 30 % more or less, or with other concessions than last time."""
    if before is None or now is None:
        return before is not now
    if before.concessions != now.concessions:
        return True
    return abs(now.net - before.net) > THRESHOLD * abs(before.net)


def why_new(now: BilledFacts, month: Period, background: Background) -> str:
    """Why there is a charge that was not there last time; empty where nothing is known."""
    last_month = month.shifted(-1)
    if background.bearer:
        return _("borne by {name} before").format(name=background.bearer)
    delivered = background.delivered_on
    if delivered is not None and (delivered in last_month or delivered in month):
        if background.from_next and delivered in last_month:
            return _("{day} delivered, charged from the next month").format(day=_short(delivered))
        return _("{day} delivered").format(day=_short(delivered))
    if background.from_date is not None and (background.from_date in month or background.from_date in last_month):
        return _("{day} moved in").format(day=_short(background.from_date))
    if now.metered:
        return _("no usage was billed last month")
    if now.first > month.first_day:
        return _("charged from {day}").format(day=_short(now.first))
    return _("not billed last month")


def why_gone(month: Period, background: Background) -> str:
    """Why a charge of last time is not there any more."""
    if background.bearer:
        return _("now borne by {name}").format(name=background.bearer)
    to_date = background.to_date
    if to_date is not None and to_date <= month.last_day:
        words = _("{day} lease ended") if background.is_space else _("{day} moved out")
        return words.format(day=_short(to_date))
    return _("no tariff or payer reaches it this month")


def why_changed(before: BilledFacts, now: BilledFacts, background: Background) -> str:
    """Why a charge is another than last time; how it was reckoned then, where nothing else tells."""
    if before.net == now.net and before.concessions == now.concessions:
        return ""
    if before.concessions != now.concessions:
        return _concession(before, now, background.grants)
    if now.metered:
        return _usage(before, now, background.usages)
    if before.price is not None and now.price is not None and before.price != now.price:
        return _("price {before} → {now}").format(before=price_text(before.price), now=price_text(now.price))
    if (days := _days(before)) != _days(now) and _is_part(before, now):
        return _("{before} days → {now} days").format(before=days, now=_days(now))
    if before.quantity is not None and now.quantity is not None and before.quantity != now.quantity:
        return _("quantity {before} → {now}").format(
            before=decimal_text(before.quantity), now=decimal_text(now.quantity)
        )
    return _("last month {basis}").format(basis=before.basis) if before.basis else ""


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _days(charge: BilledFacts) -> int:
    return (charge.last - charge.first).days + 1


def _is_part(*charges: BilledFacts) -> bool:
    """Whether one of them does not serve whole months."""
    months = (Period.containing(one.first).first_day == one.first for one in charges)
    ends = (Period.containing(one.last).last_day == one.last for one in charges)
    return not (all(months) and all(ends))


def _concession(before: BilledFacts, now: BilledFacts, grants: Sequence[ConcessionDays]) -> str:
    gone = [name for name in before.concessions if name not in now.concessions]
    begun = [name for name in now.concessions if name not in before.concessions]
    words = [_ended(name, before, now, grants) for name in gone]
    words += [_begun(name, before, grants) for name in begun]
    return "；".join(words)


def _ended(name: str, before: BilledFacts, now: BilledFacts, grants: Sequence[ConcessionDays]) -> str:
    for grant in grants:
        if grant.name == name and grant.to_date is not None and before.first <= grant.to_date < now.last:
            return _("{name} expired on {day}, to be reviewed").format(name=name, day=_short(grant.to_date))
    return _("no {name} any more").format(name=name)


def _begun(name: str, before: BilledFacts, grants: Sequence[ConcessionDays]) -> str:
    for grant in grants:
        if grant.name == name and grant.from_date > before.first:
            return _("{name} from {day}").format(name=name, day=_short(grant.from_date))
    return _("{name} begins").format(name=name)


def _usage(before: BilledFacts, now: BilledFacts, usages: Sequence[Fraction]) -> str:
    if now.quantity is None:
        return ""
    check = check_usage(now.quantity, usages)
    if check.unusual and check.mean is not None:
        if now.quantity > check.mean:
            return _("usage above 150 % of the last two periods, to be confirmed")
        return _("usage below 50 % of the last two periods, to be confirmed")
    if before.price is not None and now.price is not None and before.price != now.price:
        return _("price {before} → {now}").format(before=price_text(before.price), now=price_text(now.price))
    if before.quantity is not None:
        return _("usage {before} → {now}").format(before=decimal_text(before.quantity), now=decimal_text(now.quantity))
    return ""
