"""The calculator (试算): what a unit would be billed for a month, line by line, before anything is posted.

It asks the billing run itself (`feedesk.queries.due_bills`), so that it cannot differ from what the run would post;
charges that stand for the month are shown as they were posted. A price may be tried before it is stored.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.models import Account, Charge, FeeItem, Resident, Unit, table_of
from feedesk.money import Fen, Mantissa
from feedesk.periods import Period
from feedesk.queries.billing import price_version, tariffs
from feedesk.queries.due_bills import Trial, due_bills
from feedesk.queries.tariff_list import ScopeRow, TariffRow, tariff_list
from feedesk.rules.bills import Bill, TariffFacts
from feedesk.rules.price_terms import PriceTerms
from feedesk.rules.price_words import grounds_of, of_unit
from feedesk.rules.pricing import Rounding
from feedesk.rules.tariff_words import rounding_words
from feedesk.rules.tariffs import DueRule, due_date
from feedesk.rules.unit_patterns import EXACT, matches, nearness
from feedesk.texts import N_, _

_unit, _charge, _item, _account, _resident = (table_of(model) for model in (Unit, Charge, FeeItem, Account, Resident))

_UNIT = select(_unit.c.id, _unit.c.code).where(_unit.c.code == bindparam("code"))
_PAYERS = (
    select(_account.c.id, _resident.c.name)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .where(_account.c.unit_id == bindparam("unit"))
)
_STANDING = (
    select(_charge, _item.c.name.label("item"))
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .where(
        _charge.c.account_id.in_(bindparam("accounts", expanding=True)),
        _charge.c.period.in_(bindparam("periods", expanding=True)),
        _charge.c.status != "cancelled",
    )
    .order_by(_item.c.position, _charge.c.id)
)


class NoSuchUnit(UserError):
    message = N_("There is no unit {code}: check the code, for example 3-1-502.")


@dataclass(frozen=True, slots=True)
class Draft:
    """A price not stored yet: of ``tariff`` (None: a new one) for the fee item ``item``, in place of ``version``."""

    terms: PriceTerms
    item: str
    name: str = ""
    tariff: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A charge as it would be posted, or (``posted``) as it was: ``words`` is the arithmetic, a sentence each.

    ``grounds`` is the legal basis of the price, ``rounding`` how the line is rounded, ``near`` why this price.
    """

    item: str
    tariff: str
    period: str
    payer: str
    basis: str
    words: tuple[str, ...]
    gross: Fen
    discount: Fen
    due: date
    grounds: str = ""
    rounding: str = ""
    near: str = ""
    posted: bool = False

    @property
    def net(self) -> Fen:
        return Fen(self.gross - self.discount)


@dataclass(frozen=True, slots=True)
class PriceTrial:
    """What a unit pays for a month. ``reasons`` are fee items (empty: all) not billed, and why."""

    unit: str
    month: Period
    lines: tuple[TrialLine, ...]
    reasons: tuple[tuple[str, str], ...]

    @property
    def total(self) -> Fen:
        """What is owed together, posted or not."""
        return Fen(sum(line.net for line in self.lines))


def price_trial(
    connection: Connection, *, unit: str, month: Period, tariff: int | None = None, draft: Draft | None = None
) -> PriceTrial:
    """Works out one unit's month, of one tariff or of all; with a ``draft`` of that price alone, as though not billed.

    Raises `NoSuchUnit`.
    """
    found = connection.execute(_UNIT, {"code": unit}).one_or_none()
    if found is None:
        raise NoSuchUnit(code=unit)
    return _Reckoning(connection, found.id, found.code, month, tariff, draft).work_out()


@dataclass(slots=True)
class _Reckoning:
    connection: Connection
    unit: int
    code: str
    month: Period
    tariff: int | None
    draft: Draft | None

    def work_out(self) -> PriceTrial:
        known = tariffs(self.connection)
        tried = {} if self.draft is None else self._drafted(self.draft, known)
        wanted = next(iter(tried), self.tariff)
        item = None if wanted is None else (known | tried)[wanted].item
        trial = Trial(self.unit, tried, anew=self.draft is not None)
        due = due_bills(self.connection, month=self.month, item=None if tried else item, trial=trial)
        rows = {row.id: row for row in tariff_list(self.connection, on=self.month.last_day).tariffs}
        payers = {row.id: row.name for row in self.connection.execute(_PAYERS, {"unit": self.unit})}
        bills = [bill for bill in due.bills if wanted is None or (bill.line.version and bill.tariff.id == wanted)]
        lines = [_line(bill, rows, payers, self.code, self.draft) for bill in bills]
        if self.draft is None:
            lines = [*self._posted(payers, item), *lines]
        billed = {line.item for line in lines}
        reasons = [
            (one.item, one.reason)
            for one in due.skipped
            if one.unit == self.code and item in (None, one.item) and one.item not in billed
        ]
        if not lines and not reasons:
            reasons = [(item or "", _("This tariff does not apply to {unit}.").format(unit=self.code))]
        return PriceTrial(self.code, self.month, tuple(lines), tuple(reasons))

    def _posted(self, payers: dict[int, str], item: str | None) -> Iterator[TrialLine]:
        periods = {str(Period.containing(self.month.first_day, months)) for months in (1, 3, 6, 12)}
        facts = {"accounts": list(payers), "periods": sorted(periods)}
        for row in self.connection.execute(_STANDING, facts):
            if item in (None, row.item):
                snapshot = json.loads(row.snapshot) if row.snapshot else {}
                yield TrialLine(
                    item=row.item,
                    tariff="",
                    period=row.period,
                    payer=payers[row.account_id],
                    basis=row.basis,
                    words=tuple(snapshot.get("words", ())),
                    gross=Fen(row.gross),
                    discount=Fen(row.discount),
                    due=row.due_date,
                    posted=True,
                )

    def _drafted(self, draft: Draft, known: dict[int, TariffFacts]) -> dict[int, TariffFacts]:
        """The tariff as it would be with the draft in it."""
        version = price_version(SimpleNamespace(**_columns(draft)))
        if draft.tariff is not None and draft.tariff in known:
            before = known[draft.tariff]
            kept = [one for one in before.versions if one.id != draft.version and one.valid_from != version.valid_from]
            return {draft.tariff: replace(before, versions=(*kept, version), meter_kind=draft.terms.meter_kind)}
        alike = next((one for one in known.values() if one.item == draft.item), None)
        return {
            0: TariffFacts(
                id=0,
                item_id=alike.item_id if alike else 0,
                item=draft.item,
                versions=(version,),
                meter_kind=draft.terms.meter_kind,
                rounding=alike.rounding if alike else Rounding(Mantissa.HALF_UP, Fen(1)),
            )
        }


def _columns(draft: Draft) -> dict[str, Any]:
    return {**asdict(draft.terms), "id": draft.version or 0}


def _line(bill: Bill, rows: dict[int, TariffRow], payers: dict[int, str], code: str, draft: Draft | None) -> TrialLine:
    line, version = bill.line, bill.line.version
    row = rows.get(bill.tariff.id) if version is not None else None  # a shared cost goes by its fee item
    conceded = bill.conceded.words if bill.conceded is not None else ()
    rule = version.due if version is not None else DueRule("当月")
    return TrialLine(
        item=bill.tariff.item,
        tariff=row.name if row else draft.name if draft else "",
        period=str(bill.period),
        payer=payers.get(bill.account, ""),
        basis=of_unit(code, line.basis) if bill.is_rent else line.basis,
        words=(*line.explanation, *conceded),
        gross=line.gross,
        discount=bill.discount,
        due=bill.due or due_date(rule, bill.period),
        grounds=grounds_of(version) if version is not None else "",
        rounding=rounding_words(bill.tariff.rounding.mantissa, bill.tariff.rounding.step),
        near=_why(row, rows.values(), code, bill.period) if row else "",
    )


def _why(row: TariffRow, rows: Iterable[TariffRow], code: str, period: Period) -> str:
    """Which row of 适用范围 lets the price apply, and which farther ones of the same fee item it goes before."""
    scope = _nearest(row, code, period)
    if scope is None:
        return ""
    own = nearness(scope.pattern)
    place = _("set for {place} ({pattern})").format(place=scope.place, pattern=scope.pattern)
    words = _("set for this unit alone") if own == EXACT else place
    others = (one for one in rows if one.item.id == row.item.id and one.id != row.id)
    farther = [one.name for one in others if (found := _nearest(one, code, period)) and nearness(found.pattern) < own]
    if farther:
        words += _(", before {names}").format(names="、".join(farther))
    return words


def _nearest(row: TariffRow, code: str, period: Period) -> ScopeRow | None:
    reaching = [
        scope
        for scope in row.scopes
        if matches(scope.pattern, code)
        and (scope.from_date is None or scope.from_date <= period.last_day)
        and (scope.to_date is None or scope.to_date >= period.first_day)
    ]
    return max(reaching, key=lambda one: nearness(one.pattern), default=None)
