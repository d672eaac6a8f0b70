"""A community small enough to reckon by hand: a few units, charges posted as opening arrears, a shift that is open."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from sqlalchemy import Table, insert, select

from feedesk import models
from feedesk.db import Database, inserted_key, next_ids
from feedesk.ledger import chart
from feedesk.ledger.posting import OFFICE_CHAIN, PostingLine, begin_entry
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act, Workplace
from feedesk.ops.shifts import open_shift
from feedesk.periods import Period
from feedesk.rules.unit_codes import sort_key

TODAY = date(2026, 11, 23)
Result = TypeVar("Result")


@dataclass(slots=True)
class SmallCommunity:
    """A ledger with units that owe; ``run`` acts as the sample supervisor on `TODAY`."""

    database: Database
    workplace: Workplace
    _buildings: dict[str, int] = field(default_factory=dict)

    def run(self, op: Callable[..., Result], **facts: Any) -> Result:
        return self.workplace.run_op(op, **facts)

    def add(self, model: type[models.Base], **values: Any) -> int:
        """Stores one row and returns its key."""
        with self.database.transaction() as connection:
            return inserted_key(connection.execute(insert(table_of(model)), values))

    def unit(
        self,
        code: str,
        *,
        resident: str = "张样燕",
        pinyin: str = "zhang yang yan",
        phone: str = "12000006621",
        joined_to: str | None = None,
        **facts: Any,
    ) -> int:
        """A unit with an account that ``resident`` pays; returns the account."""
        initials = "".join(syllable[0] for syllable in pinyin.split())
        building = code.split("-")[0]
        if building not in self._buildings:
            self._buildings[building] = self.add(
                models.Building, community_id=1, code=building, sort_key=sort_key(building)
            )
        values: dict[str, Any] = {"kind": "住宅", "built_area": Fraction("98.6"), "occupancy": "自住", **facts}
        unit = self.add(
            models.Unit,
            building_id=self._buildings[building],
            code=code,
            sort_key=sort_key(code),
            joined_to=self._unit_id(joined_to) if joined_to else None,
            **values,
        )
        payer = self.add(models.Resident, name=resident, pinyin=pinyin, initials=initials)
        self.add(models.Occupancy, unit_id=unit, resident_id=payer, role="业主")
        self.add(models.ResidentPhone, resident_id=payer, position=1, phone=phone)
        return self.add(models.Account, unit_id=unit, payer_id=payer)

    def _unit_id(self, code: str) -> int:
        unit = table_of(models.Unit)
        with self.database.reading() as connection:
            return int(connection.execute(select(unit.c.id).where(unit.c.code == code)).scalar_one())

    def charge(self, account: int, item: str, period: str, amount: int, **facts: Any) -> int:
        """Posts a charge the way opening arrears are posted; returns its number."""
        return self.run(_post_charge, account=account, item=item, period=period, amount=amount, **facts)

    def value(self, table: Table, column: str, **where: Any) -> Any:
        """One value of one row."""
        statement = select(table.c[column])
        for name, wanted in where.items():
            statement = statement.where(table.c[name] == wanted)
        with self.database.reading() as connection:
            return connection.execute(statement).scalar_one()

    def balance(self, code: str, account: int | None = None) -> int:
        """The balance of a ledger account in fen, debit positive; of one resident account if named."""
        posting, ledger_account = table_of(models.Posting), table_of(models.LedgerAccount)
        statement = (
            select(posting.c.amount)
            .join(ledger_account, ledger_account.c.id == posting.c.ledger_account_id)
            .where(ledger_account.c.code == code)
        )
        if account is not None:
            statement = statement.where(posting.c.account_id == account)
        with self.database.reading() as connection:
            return sum(connection.execute(statement).scalars())


def small_community(database: Database) -> SmallCommunity:
    """A training ledger with the fee items of the desk's picture and no units yet."""
    community = SmallCommunity(database, Workplace(database, "样例主管", today=TODAY))
    community.add(models.Community, name="锦绣江南小区", company="温江和泰物业(样例)", service_phone="000-0000 0000")
    for position, (item, nature) in enumerate(
        (("物业费", "自有"), ("车位服务费", "自有"), ("水费", "代收代付"), ("公摊电费", "代收代付")), 1
    ):
        community.add(models.FeeItem, name=item, nature=nature, position=position)
    return community


@requires(Permission.IMPORT_RECORDS)
def _post_charge(
    act: Act,
    *,
    account: int,
    item: str,
    period: str,
    amount: int,
    due: date | None = None,
    discount: int = 0,
    basis: str = "",
    concession: str = "",
) -> int:
    charge, fee_item, accounts = (table_of(model) for model in (models.Charge, models.FeeItem, models.Account))
    months = Period.parse(period)
    found = act.connection.execute(select(fee_item.c.id, fee_item.c.nature).where(fee_item.c.name == item)).one()
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="opening",
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    key = next(iter(next_ids(act.connection, charge)))
    draft.add(
        charge,
        {
            "id": key,
            "account_id": account,
            "unit_id": act.connection.execute(select(accounts.c.unit_id).where(accounts.c.id == account)).scalar_one(),
            "fee_item_id": found.id,
            "tariff_version_id": None,
            "period": period,
            "source": "opening",
            "number": 1,
            "serves_from": months.first_day,
            "serves_to": months.last_day,
            "gross": amount,
            "discount": discount,
            "due_date": due or months.last_day,
            "basis": basis,
            "snapshot": json.dumps({"concession": concession}, ensure_ascii=False) if concession else "",
        },
    )
    net = amount - discount
    draft.seal(
        [
            PostingLine(chart.receivable(item), Fen(net), account),
            PostingLine(chart.earned(item, found.nature), Fen(-net)),
        ]
    )
    return key


def open_desk(community: SmallCommunity, opening_float: Fen) -> None:
    """Opens a shift at till 1."""
    community.run(open_shift, opening_float=opening_float)


@dataclass(frozen=True, slots=True)
class PictureHome:
    """The dwelling 3-1-502 with its parking space and what both owe."""

    dwelling: int
    parking: int


def picture_home(community: SmallCommunity) -> PictureHome:
    """3-1-502 and B1-087 as drawn, without late fees: nine charges, 1,979.48 in all."""
    dwelling = community.unit("3-1-502")
    parking = community.unit("B1-087", kind="车位", built_area=None, joined_to="3-1-502")
    area = {"basis": "98.60 ㎡ × 2.80", "discount": 2761, "concession": "老年减免10%"}
    for month in ("2026-08", "2026-09", "2026-10", "2026-11"):
        community.charge(dwelling, "物业费", month, 27608, **area)
    for month in ("2026-09", "2026-10", "2026-11"):
        community.charge(parking, "车位服务费", month, 30000, basis="B1-087 · 月租")
    community.charge(dwelling, "水费", "2026-09", 4864, basis="431→447 · 16 吨 × 3.04")
    community.charge(dwelling, "公摊电费", "2026-08", 3696, basis="6,837.60 × 98.60 ÷ 18,240 ㎡")
    return PictureHome(dwelling, parking)
