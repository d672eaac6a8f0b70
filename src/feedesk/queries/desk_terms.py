"""What the ledger lays down for its desks, read from its settings; the default where somebody spoilt one by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from feedesk.models import AuditRecord, Staff, table_of
from feedesk.money import Fen
from feedesk.queries.desk import TenderRow, ledger_setting, tenders
from feedesk.rules.desk_terms import MOST_TRANSIT_DAYS, TRANSIT_DAYS_USUAL, DeskTerms, ReferenceRule, Ticked
from feedesk.rules.tenders import ChangeStep

CHANGE_STEP = "change_step"
"""The setting that holds the smallest coin of change (找零单位), in fen."""
TICKED = "ticked_at_opening"
"""The setting that holds which charges are ticked when an account is opened: one of `Ticked`."""
BLIND_COUNT = "blind_count"
"""The setting that says whether what a drawer should hold is hidden until it has been counted."""
OVER_SHORT_LIMIT = "over_short_limit"
"""The setting that holds from which difference on a drawer needs a reason, in fen; null: never."""
TRANSIT_DAYS = "cash_in_transit_days"
"""The setting: for how many days counted cash may be on its way to the bank before the board says so."""
REFERENCES_REQUIRED = "references_required"
"""The setting that lists the ways of paying, by code, that take no money without a reference."""
WITHOUT_REFERENCE = frozenset({"cash", "prepaid"})
"""Kinds of tender that no channel numbers."""

_audit, _staff = table_of(AuditRecord), table_of(Staff)
_LATEST = (
    select(func.max(_audit.c.id)).where(_audit.c.subject.startswith("setting:")).group_by(_audit.c.subject)
).scalar_subquery()
_TRACES = (
    select(_audit.c.subject, _audit.c.at, _staff.c.name)
    .join(_staff, _staff.c.id == _audit.c.actor_id)
    .where(_audit.c.id.in_(_LATEST))
)


@dataclass(frozen=True, slots=True)
class SettingTrace:
    """Who set a setting last, and when."""

    at: datetime
    name: str


def change_step(connection: Connection) -> ChangeStep:
    """The smallest coin that change is given in."""
    value = ledger_setting(connection, CHANGE_STEP, int(ChangeStep.JIAO))
    return ChangeStep(value) if type(value) is int and value in set(ChangeStep) else ChangeStep.JIAO


def ticked_at_opening(connection: Connection) -> Ticked:
    """Which charges are ticked when an account is opened."""
    value = ledger_setting(connection, TICKED, Ticked.PRESENT.value)
    return Ticked(value) if value in set(Ticked) else Ticked.PRESENT


def is_count_blind(connection: Connection) -> bool:
    """Whether drawers are counted before it is shown what they should hold."""
    return ledger_setting(connection, BLIND_COUNT, default=True) is not False


def over_short_limit(connection: Connection) -> Fen | None:
    """From which difference on a drawer needs a reason, in fen; None: never."""
    value = ledger_setting(connection, OVER_SHORT_LIMIT, default=None)
    return Fen(value) if type(value) is int and value >= 0 else None


def transit_days(connection: Connection) -> int:
    """For how many days counted cash may be on its way to the bank; the next day by default."""
    value = ledger_setting(connection, TRANSIT_DAYS, TRANSIT_DAYS_USUAL)
    return value if type(value) is int and 0 <= value <= MOST_TRANSIT_DAYS else TRANSIT_DAYS_USUAL


def references_required(connection: Connection) -> frozenset[str]:
    """The ways of paying, by code, that take no money without a reference."""
    value = ledger_setting(connection, REFERENCES_REQUIRED, [])
    return frozenset(str(code) for code in value) if isinstance(value, list) else frozenset()


def reference_rules(connection: Connection) -> dict[str, ReferenceRule]:
    """What each way of paying wants that a channel numbers, by code, in the order of their keys."""
    required = references_required(connection)
    return {
        code: _rule(row, required) for code, row in tenders(connection).items() if row.kind not in WITHOUT_REFERENCE
    }


def _rule(row: TenderRow, required: frozenset[str]) -> ReferenceRule:
    if row.code in required:
        return ReferenceRule.REQUIRED
    return ReferenceRule.ASKED if row.asks_reference else ReferenceRule.NOT_ASKED


def desk_terms(connection: Connection) -> DeskTerms:
    """All of it."""
    return DeskTerms(
        change_step=change_step(connection),
        ticked=ticked_at_opening(connection),
        blind_count=is_count_blind(connection),
        over_short_limit=over_short_limit(connection),
        transit_days=transit_days(connection),
        references=reference_rules(connection),
    )


@dataclass(frozen=True, slots=True)
class OpeningTerms:
    """What a desk reads anew with every account it opens: ``required`` names the tenders that need a reference."""

    ticked: Ticked
    step: ChangeStep
    tenders: tuple[TenderRow, ...]
    required: frozenset[str]


def opening_terms(connection: Connection) -> OpeningTerms:
    """How an account is opened, and how money is taken at it, now."""
    return OpeningTerms(
        ticked_at_opening(connection),
        change_step(connection),
        tuple(tenders(connection).values()),
        references_required(connection),
    )


def setting_traces(connection: Connection) -> Mapping[str, SettingTrace]:
    """Who changed each setting of the ledger last, by the setting's key; those never changed are not in it."""
    return {row.subject.partition(":")[2]: SettingTrace(row.at, row.name) for row in connection.execute(_TRACES)}
