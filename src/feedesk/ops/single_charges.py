"""What the acts share that change single charges after they were billed: reading them, and where each was credited.

A charge is never rewritten. It is lowered by a waiver, or replaced by others; either way its original credit (revenue,
待转收入, 代收, or what was brought along) is mirrored, as far as it is taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.chart import AccountKind
from feedesk.ledger.posting import OFFICE_CHAIN, EntryDraft, begin_entry
from feedesk.models import Charge, FeeItem, LedgerAccount, Posting, Unit, table_of
from feedesk.money import Fen
from feedesk.ops.run import Act
from feedesk.periods import Period
from feedesk.texts import N_

_charge, _item, _unit, _posting, _ledger_account = (
    table_of(model) for model in (Charge, FeeItem, Unit, Posting, LedgerAccount)
)


class UnknownCharge(UserError):
    message = N_("There is no charge {charge}: look at the statement again.")


class ChangeReasonMissing(UserError):
    message = N_("Say why: {what} needs a reason, which stays in the ledger.")


class ChangeApproverMissing(UserError):
    message = N_("{what} needs somebody else's approval: name an approver other than {actor}.")


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A charge as it stands, with the names that people know it by."""

    id: int
    entry: int
    account: int
    unit_id: int
    unit: str
    item_id: int
    item: str
    nature: str
    tariff_version: int | None
    period: Period
    source: str
    serves_from: date
    serves_to: date
    gross: Fen
    discount: Fen
    waived: Fen
    paid: Fen
    late_fee_paid: Fen
    late_fee_waived: Fen
    due_date: date
    basis: str
    snapshot: str
    status: str
    number: int

    @property
    def principal(self) -> Fen:
        """What is unpaid of it."""
        return Fen(self.gross - self.discount - self.waived - self.paid)

    @property
    def name(self) -> str:
        """``物业费 2026-11``."""
        return f"{self.item} {self.period}"


_FACTS = (
    select(
        _charge.c.id,
        _charge.c.entry_id,
        _charge.c.account_id,
        _charge.c.unit_id,
        _unit.c.code,
        _charge.c.fee_item_id,
        _item.c.name,
        _item.c.nature,
        _charge.c.tariff_version_id,
        _charge.c.period,
        _charge.c.source,
        _charge.c.serves_from,
        _charge.c.serves_to,
        _charge.c.gross,
        _charge.c.discount,
        _charge.c.waived,
        _charge.c.paid,
        _charge.c.late_fee_paid,
        _charge.c.late_fee_waived,
        _charge.c.due_date,
        _charge.c.basis,
        _charge.c.snapshot,
        _charge.c.status,
        _charge.c.number,
    )
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .where(_charge.c.id.in_(bindparam("charges", expanding=True)))
    .order_by(_charge.c.id)
    .with_for_update(of=_charge)
)
_NUMBERS = select(func.coalesce(func.max(_charge.c.number), 0) + 1).where(
    _charge.c.period == bindparam("period"),
    _charge.c.account_id == bindparam("account"),
    _charge.c.fee_item_id == bindparam("item"),
    _charge.c.source == bindparam("source"),
    _charge.c.status != "cancelled",
)
_CREDITS = (
    select(_ledger_account.c.code, _ledger_account.c.name, _ledger_account.c.kind)
    .join(_posting, _posting.c.ledger_account_id == _ledger_account.c.id)
    .where(
        _posting.c.entry_id == bindparam("entry"),
        _ledger_account.c.code.in_(bindparam("codes", expanding=True)),
        _posting.c.amount < 0,
    )
    .distinct()
)


def charges_at_hand(connection: Connection, charges: Sequence[int]) -> tuple[ChargeFacts, ...]:
    """Charges by their numbers, in their order; other desks are kept off them until the commit.

    Raises `UnknownCharge`.
    """
    rows = connection.execute(_FACTS, {"charges": list(charges)}).all()
    found = {row[0]: _facts(row) for row in rows}
    for charge in charges:
        if charge not in found:
            raise UnknownCharge(charge=charge)
    return tuple(found.values())


def _facts(row: Any) -> ChargeFacts:
    values = list(row)
    values[9] = Period.parse(values[9])
    return ChargeFacts(*values)


def next_number(connection: Connection, *, period: Period, account: int, item: int, source: str) -> int:
    """The number of the next charge of a source, counted within its account, fee item and period."""
    facts = {"period": str(period), "account": account, "item": item, "source": source}
    return int(connection.execute(_NUMBERS, facts).scalar_one())


def credited_account(connection: Connection, charge: ChargeFacts) -> AccountKind:
    """The account of the chart that a charge was credited to when it was posted.

    A run posts totals: of an item that it billed by the month and by the quarter both, the longer periods are deferred.
    """
    natures = (chart.OWN, chart.AGENCY, chart.COMMUNAL, chart.DEPOSIT)
    deferred = chart.deferred(charge.item)
    candidates = [*(chart.earned(charge.item, nature) for nature in natures), chart.OPENING]
    if charge.period.months > 1 or charge.source == "advance":
        candidates.insert(0, deferred)
    facts = {"entry": charge.entry, "codes": [one.code for one in candidates]}
    credited = {row.code for row in connection.execute(_CREDITS, facts)}
    fallback = chart.earned(charge.item, charge.nature)
    return next((one for one in candidates if one.code in credited), fallback)


def required_reason(reason: str, what: str) -> str:
    """The reason, trimmed. Raises `ChangeReasonMissing`."""
    if not reason.strip():
        raise ChangeReasonMissing(what=what)
    return reason.strip()


def required_approver(act: Act, what: str) -> None:
    """Raises `ChangeApproverMissing` unless somebody else than the actor approves."""
    if act.approver is None or act.approver.id == act.actor.id:
        raise ChangeApproverMissing(what=what, actor=act.actor.name)


def begin_office_entry(act: Act, kind: str, reason: str = "", *, reverses: int | None = None) -> EntryDraft:
    """An entry of the office, with its actor and approver."""
    return begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind=kind,
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        reverses_id=reverses,
        reason=reason,
    )
