"""Splitting a charge (拆分) and merging charges (合并): unpaid ones are put out of force, others take their place.

The entry credits back what the old ones were credited with and books the new ones, to the same sum; each pair of an
old and a new one is recorded. The old ones keep standing for the billing run, so that nothing is billed again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from feedesk.db import next_ids
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.models import Charge, ChargeReplacement, table_of
from feedesk.money import ZERO, Fen, format_amount, split_by_weight
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.releasing import correct_releases
from feedesk.ops.run import Act
from feedesk.ops.single_charges import (
    ChargeFacts,
    begin_office_entry,
    charges_at_hand,
    credited_account,
    next_number,
    required_reason,
)
from feedesk.periods import Period
from feedesk.queries.accounts import account_by_id, account_number
from feedesk.queries.late_fees import charge_histories
from feedesk.texts import N_, _

SPLIT, MERGE = "split", "merge"

_charge, _replacement = table_of(Charge), table_of(ChargeReplacement)


class OnlyOpenChargesAreReplaced(UserError):
    message = N_(
        "{name} of {unit} is not open and wholly unpaid: only such a charge can be split or merged. "
        "Reverse what was paid of it first."
    )


class LateFeeWaivedOnReplaced(UserError):
    message = N_("A late fee was waived on {name} of {unit}: it cannot be split or merged any more.")


class DisputedChargeReplaced(UserError):
    message = N_(
        "{name} of {unit} is or was disputed, so that its late fee stood still for a time: "
        "it cannot be split or merged."
    )


class PartsDoNotAddUp(UserError):
    message = N_("The parts come to {found}, but {unpaid} of {name} is unpaid: the parts must come to just that.")


class TooFewParts(UserError):
    message = N_("A charge is split into at least two parts, each of more than zero.")


class PartForAnotherUnit(UserError):
    message = N_("Account {account} is not one of unit {unit}: a part can go to another account of the same unit only.")


class NothingToMerge(UserError):
    message = N_("Choose at least two charges to merge.")


class ChargesDoNotBelongTogether(UserError):
    message = N_("Only charges of one account and one fee item are merged: {one} and {other} are not.")


class MonthAndLongerPeriod(UserError):
    message = N_(
        "{one} and {other} are not merged: what serves one month is revenue at once, what serves several month by "
        "month."
    )


class NoCommonPeriod(UserError):
    message = N_("{one} and {other} do not lie in one year: merge the charges of each year by themselves.")


class DueDatesDiffer(UserError):
    message = N_("These charges fall due on different days ({days}): say on which day the merged one does.")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a charge that is split, in fen; without ``due`` or ``account`` they stay as they are."""

    amount: Fen
    due: date | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class ChargesReplaced:
    """The charges ``replaced`` by an entry and those that took their place; they come to ``amount``."""

    entry: int
    replaced: tuple[int, ...]
    by: tuple[int, ...]
    amount: Fen


@dataclass(frozen=True, slots=True)
class _New:
    """A charge to be made out of others."""

    account: int
    period: Period
    serves_from: date
    serves_to: date
    net: Fen
    discount: Fen
    due: date
    basis: str
    snapshot: str
    tariff_version: int | None


_REPLACE = (
    update(_charge)
    .where(_charge.c.id.in_(bindparam("charges", expanding=True)))
    .values(status="replaced", cancelled_by=bindparam("replaced_by"))
)


@requires(Permission.ADJUST_CHARGES)
def split_charge(act: Act, *, charge: int, parts: Sequence[Part], reason: str) -> ChargesReplaced:
    """Splits an unpaid charge into parts that come to what is unpaid, each with its due date and account.

    Concessions stay shown: each part bears its share of them. Raises `TooFewParts`, `PartsDoNotAddUp`,
    `OnlyOpenChargesAreReplaced`, `PartForAnotherUnit`, `DisputedChargeReplaced`, `ChangeReasonMissing` …
    """
    why = required_reason(reason, _("Splitting"))
    (old,) = charges_at_hand(act.connection, [charge])
    _check_open(act, [old])
    _check_parts(act, old, parts)
    discounts = split_by_weight(old.discount, [part.amount for part in parts])
    new = [_part(old, place, len(parts), part, discounts[place]) for place, part in enumerate(parts)]
    return _replace(act, SPLIT, why, [old], new)


def _check_parts(act: Act, old: ChargeFacts, parts: Sequence[Part]) -> None:
    if len(parts) < 2 or min(part.amount for part in parts) <= 0:
        raise TooFewParts
    found = Fen(sum(part.amount for part in parts))
    if found != old.principal:
        raise PartsDoNotAddUp(found=format_amount(found), unpaid=format_amount(old.principal), name=old.name)
    for part in parts:
        if part.account is not None and account_by_id(act.connection, part.account).unit_id != old.unit_id:
            raise PartForAnotherUnit(account=account_number(part.account), unit=old.unit)


def _part(old: ChargeFacts, place: int, count: int, part: Part, discount: Fen) -> _New:
    words = _("Part {place} of {count} of charge {charge}: {amount} of {whole}").format(
        place=place + 1,
        count=count,
        charge=old.id,
        amount=format_amount(part.amount),
        whole=format_amount(old.principal),
    )
    return _New(
        account=part.account or old.account,
        period=old.period,
        serves_from=old.serves_from,
        serves_to=old.serves_to,
        net=part.amount,
        discount=discount,
        due=part.due or old.due_date,
        basis=_("{basis} (part {place}/{count})").format(basis=old.basis, place=place + 1, count=count).strip(),
        snapshot=_extended(old.snapshot, [words]),
        tariff_version=old.tariff_version,
    )


def charge_days_elsewhere(
    act: Act, *, charge: int, first_day: date, share: Fen, account: int, reason: str
) -> ChargesReplaced:
    """Charges the days of an unpaid charge from ``first_day`` on, which are worth ``share``, to another account.

    For a change of hands: the days before stay where they are. Raises `OnlyOpenChargesAreReplaced` and the like.
    """
    (old,) = charges_at_hand(act.connection, [charge])
    _check_open(act, [old])
    parts = [one for one in (Part(Fen(old.principal - share)), Part(share, account=account)) if one.amount]
    for part in parts:
        if part.account is not None and account_by_id(act.connection, part.account).unit_id != old.unit_id:
            raise PartForAnotherUnit(account=account_number(part.account), unit=old.unit)
    discounts = split_by_weight(old.discount, [part.amount for part in parts])
    new = []
    for place, part in enumerate(parts):
        made = _part(old, place, len(parts), part, discounts[place])
        if part.account is None:
            made = replace(made, serves_to=min(old.serves_to, first_day - timedelta(1)))
        else:
            made = replace(made, serves_from=max(old.serves_from, first_day))
        new.append(made)
    return _replace(act, SPLIT, reason, [old], new)


def _extended(snapshot: str, words: Sequence[str]) -> str:
    """A snapshot whose explanation goes on with further sentences."""
    facts: dict[str, Any] = json.loads(snapshot) if snapshot else {}
    facts["words"] = [*facts.get("words", ()), *words]
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


@requires(Permission.ADJUST_CHARGES)
def merge_charges(act: Act, *, charges: Sequence[int], reason: str, due: date | None = None) -> ChargesReplaced:
    """Merges unpaid charges of one account and fee item into one, due when they were, or on ``due``.

    Its period is the month, quarter, half-year or year that holds them all. Raises `NothingToMerge`,
    `ChargesDoNotBelongTogether`, `NoCommonPeriod`, `DueDatesDiffer`, `OnlyOpenChargesAreReplaced` …
    """
    why = required_reason(reason, _("Merging"))
    wanted = list(dict.fromkeys(charges))
    if len(wanted) < 2:
        raise NothingToMerge
    old = charges_at_hand(act.connection, wanted)
    _check_open(act, old)
    first = old[0]
    for other in old[1:]:
        both: dict[str, Any] = {"one": f"{first.unit} {first.name}", "other": f"{other.unit} {other.name}"}
        if (other.account, other.item_id) != (first.account, first.item_id):
            raise ChargesDoNotBelongTogether(**both)
        if _is_deferred(other) != _is_deferred(first):
            raise MonthAndLongerPeriod(**both)
    return _replace(act, MERGE, why, old, [_merged(old, due)])


def _is_deferred(charge: ChargeFacts) -> bool:
    return charge.period.months > 1 and charge.nature == chart.OWN


def _merged(old: Sequence[ChargeFacts], due: date | None) -> _New:
    days = sorted({charge.due_date for charge in old})
    if due is None and len(days) > 1:
        raise DueDatesDiffer(days="、".join(day.isoformat() for day in days))
    net = Fen(sum(charge.principal for charge in old))
    parts = " + ".join(format_amount(charge.principal) for charge in old)
    words = [_("{name}: {amount}").format(name=one.name, amount=format_amount(one.principal)) for one in old]
    return _New(
        account=old[0].account,
        period=_common_period(old),
        serves_from=min(charge.serves_from for charge in old),
        serves_to=max(charge.serves_to for charge in old),
        net=net,
        discount=Fen(sum(charge.discount for charge in old)),
        due=due or days[0],
        basis=_("{count} charges merged: {parts}").format(count=len(old), parts=parts),
        snapshot=_extended("", [*words, f"{parts} = {format_amount(net)}"]),
        tariff_version=None,
    )


def _common_period(charges: Sequence[ChargeFacts]) -> Period:
    """The shortest period that holds those of all charges. Raises `NoCommonPeriod`."""
    ordered = sorted(charges, key=lambda charge: charge.period)
    first = min(charge.period.first_day for charge in charges)
    last = max(charge.period.last_day for charge in charges)
    for months in (1, 3, 6, 12):
        period = Period.containing(first, months)
        if last in period:
            return period
    raise NoCommonPeriod(one=ordered[0].name, other=ordered[-1].name)


def _check_open(act: Act, charges: Sequence[ChargeFacts]) -> None:
    histories = charge_histories(act.connection, on=date.max, frozen=[charge.id for charge in charges])
    for charge in charges:
        facts: dict[str, Any] = {"name": charge.name, "unit": charge.unit}
        if charge.status != "open" or charge.paid or charge.late_fee_paid:
            raise OnlyOpenChargesAreReplaced(**facts)
        if charge.late_fee_waived:
            raise LateFeeWaivedOnReplaced(**facts)
        if histories[charge.id].frozen:
            raise DisputedChargeReplaced(**facts)


def _replace(act: Act, kind: str, reason: str, old: Sequence[ChargeFacts], new: Sequence[_New]) -> ChargesReplaced:
    draft = begin_office_entry(act, kind, reason)
    keys = [_store(draft, kind, old[0], one) for one in new]
    for charge in old:
        for key in keys:
            draft.add(_replacement, {"replaced_id": charge.id, "by_id": key})
    act.connection.execute(_REPLACE, {"charges": [charge.id for charge in old], "replaced_by": draft.id})
    credited = [credited_account(act.connection, charge) for charge in old]
    receivable = chart.receivable(old[0].item)
    lines = []
    for charge, credit in zip(old, credited, strict=True):
        lines.append(PostingLine(credit, charge.principal, charge.account))
        lines.append(PostingLine(receivable, Fen(-charge.principal), charge.account))
    # The new ones are credited where the old ones were: openings stay openings, deferred revenue stays deferred.
    shares = _by_credit(old, credited)
    for one, parts in zip(new, _spread(shares, new), strict=True):
        lines.append(PostingLine(receivable, one.net, one.account))
        lines += [PostingLine(credit, Fen(-part), one.account) for credit, part in parts]
    sealed = draft.seal(lines)
    if any(credit.code == chart.deferred(old[0].item).code for credit in credited):
        correct_releases(act)
    return ChargesReplaced(sealed.id, tuple(charge.id for charge in old), tuple(keys), Fen(sum(n.net for n in new)))


def _by_credit(
    old: Sequence[ChargeFacts], credited: Sequence[chart.AccountKind]
) -> list[tuple[chart.AccountKind, int]]:
    sums: dict[str, tuple[chart.AccountKind, int]] = {}
    for charge, credit in zip(old, credited, strict=True):
        sums[credit.code] = (credit, sums.get(credit.code, (credit, 0))[1] + charge.principal)
    return list(sums.values())


def _spread(
    shares: Sequence[tuple[chart.AccountKind, int]], new: Sequence[_New]
) -> list[list[tuple[chart.AccountKind, int]]]:
    """What of each new charge is credited where: several accounts only where several charges became one."""
    if len(new) == 1:
        return [list(shares)]
    ((credit, _whole),) = shares
    return [[(credit, int(one.net))] for one in new]


def _store(draft: EntryDraft, kind: str, old: ChargeFacts, new: _New) -> int:
    connection = draft.connection
    key = next(iter(next_ids(connection, _charge)))
    row = {
        "id": key,
        "account_id": new.account,
        "unit_id": old.unit_id,
        "fee_item_id": old.item_id,
        "tariff_version_id": new.tariff_version,
        "period": str(new.period),
        "source": kind,
        "number": next_number(connection, period=new.period, account=new.account, item=old.item_id, source=kind),
        "serves_from": new.serves_from,
        "serves_to": new.serves_to,
        "gross": Fen(new.net + new.discount),
        "discount": new.discount or ZERO,
        "due_date": new.due,
        "basis": new.basis,
        "snapshot": new.snapshot,
    }
    draft.add(_charge, row)
    return key
