"""The case of the quote's picture: 3-1-502 and B1-087 with prices, late fees, concessions and a charge in dispute."""

from datetime import date
from fractions import Fraction

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.disputing import hold_charge
from tests.community import PictureHome, SmallCommunity, open_desk, picture_home, small_community

LONG_AGO = date(2020, 1, 1)


def quote_case(database: Database) -> tuple[SmallCommunity, PictureHome]:
    """The picture's household on 2026-11-23, with a shift open: nine charges to pay, one in dispute."""
    community = small_community(database)
    open_desk(community, Fen(50000))
    home = picture_home(community)
    community.charge(home.dwelling, "水费", "2026-08", 5776, basis="412→431 · 19 吨 × 3.04")
    disputed = community.value(table_of(models.Charge), "id", gross=5776)
    community.run(hold_charge, charges=[disputed], reason="水表读数有争议")
    items = {name: community.value(table_of(models.FeeItem), "id", name=name) for name in ("物业费", "车位服务费")}
    price(community, "物业费", items["物业费"], "3-*", method="按面积", unit_price=Fraction("2.8"))
    price(community, "车位", items["车位服务费"], "B1-*", method="固定金额", unit_price=Fraction(300))
    for item in items.values():
        community.add(
            models.LateFeeRule,
            fee_item_id=item,
            daily_rate=Fraction(3, 10000),
            lpr_multiple=None,
            grace_days=0,
            cap=Fraction(1),
            minimum=0,
            starts="到期次日",
            clause="",
            valid_from=LONG_AGO,
        )
    policy(community, items["物业费"], "老年减免", "标签=老年", "百分比", 10)
    policy(community, items["物业费"], "一次缴95折", "预缴>=12月", "百分比", 5)
    policy(community, items["车位服务费"], "车位缴12送1", "预缴>=12月", "减月数", 1)
    occupancy = community.value(table_of(models.Occupancy), "id", unit_id=1)
    community.add(models.OccupancyTag, occupancy_id=occupancy, tag="老年")
    return community, home


def price(community: SmallCommunity, name: str, item: int, units: str, **facts: object) -> None:
    """A tariff in force for long, for the units of a pattern."""
    tariff = community.add(models.Tariff, name=name, fee_item_id=item, position=1)
    community.add(models.TariffVersion, tariff_id=tariff, valid_from=LONG_AGO, **facts)
    community.add(models.TariffScope, unit_pattern=units, tariff_id=tariff)


def policy(
    community: SmallCommunity, item: int, name: str, condition: str, method: str, value: int, *, stackable: bool = False
) -> None:
    """A concession policy in force for long, for one fee item."""
    key = community.add(
        models.ConcessionPolicy,
        name=name,
        condition=condition,
        method=method,
        value=Fraction(value),
        valid_from=LONG_AGO,
        valid_to=None,
        stackable=stackable,
        basis_document="",
    )
    community.add(models.ConcessionItem, policy_id=key, fee_item_id=item)
