"""A price list for tests: 门禁卡 25.00, 装修垃圾清运费 by area and by the cart, and what is billed or held."""

from datetime import date
from fractions import Fraction

from feedesk.ledger import chart
from feedesk.models import FeeItem, Tariff, TariffScope, TariffVersion
from feedesk.rules.tariffs import ONCE
from tests.community import SmallCommunity

FIRST = date(2026, 1, 1)


def add_article(
    community: SmallCommunity,
    name: str,
    price: str | None,
    *,
    item: str = "",
    nature: str = chart.OWN,
    method: str = "固定金额",
    cycle: int = ONCE,
    scope: str = "",
    scope_to: date | None = None,
    valid_from: date = FIRST,
    valid_to: date | None = None,
    **item_facts: object,
) -> int:
    """A tariff with one price; returns its key. ``scope``: the units it is billed to by itself."""
    position = len(name)
    fee_item = community.add(FeeItem, name=item or name, nature=nature, position=50 + position, **item_facts)
    tariff = community.add(Tariff, name=name, fee_item_id=fee_item, position=position)
    add_price(community, tariff, price, method=method, cycle=cycle, valid_from=valid_from, valid_to=valid_to)
    if scope:
        community.add(TariffScope, unit_pattern=scope, tariff_id=tariff, from_date=FIRST, to_date=scope_to)
    return tariff


def add_price(
    community: SmallCommunity,
    tariff: int,
    price: str | None,
    *,
    method: str = "固定金额",
    cycle: int = ONCE,
    valid_from: date = FIRST,
    valid_to: date | None = None,
) -> int:
    """Another price of a tariff."""
    return community.add(
        TariffVersion,
        tariff_id=tariff,
        method=method,
        unit_price=None if price is None else Fraction(price),
        cycle_months=cycle,
        valid_from=valid_from,
        valid_to=valid_to,
        price_form="市场调节价",
        basis_document="价目公示 2026-01",
    )
