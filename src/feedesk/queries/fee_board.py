"""What the fee board (收费公示) shows on a day, brought together from prices, concessions, late fees and records."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from feedesk.models import Community, FeeItem, SharedCost, table_of
from feedesk.queries.concessions import dated_policies
from feedesk.queries.due_bills import delivery_rule
from feedesk.queries.late_fees import LateFeeBook, late_fee_book
from feedesk.queries.tariff_list import TariffRow, VersionRow, tariff_list
from feedesk.rules.fee_board import BoardConcession, BoardLateFee, BoardPrice, FeeBoard, usual_cover
from feedesk.rules.late_fees import LateFeeRule
from feedesk.rules.tariff_words import price_words, several_places, shared_places
from feedesk.rules.tariffs import Method

_community, _item, _cost = table_of(Community), table_of(FeeItem), table_of(SharedCost)
_ITEMS = select(_item.c.id, _item.c.name).order_by(_item.c.position, _item.c.id)
_SHARED = select(_cost.c.fee_item_id).distinct()
_MOST_PLACES = 6


def fee_board(connection: Connection, *, on: date) -> FeeBoard:
    """The board of a day: prices in force and those to come, by fee item."""
    names = {row.id: row.name for row in connection.execute(_ITEMS)}
    home = connection.execute(select(_community).limit(1)).one_or_none()
    tariffs = tariff_list(connection, on=on).tariffs
    prices = tuple(price for tariff in tariffs for price in _prices(tariff, on))
    shared, marked = set(connection.scalars(_SHARED)), {price.item for price in prices}
    return FeeBoard(
        on=on,
        community=home.name if home else "",
        company=home.company if home else "",
        credit_code=home.credit_code if home else "",
        address=home.address if home else "",
        phone=home.service_phone if home else "",
        delivery=delivery_rule(connection),
        prices=prices,
        unmarked=tuple(name for key, name in names.items() if key in shared and name not in marked),
        concessions=tuple(_concessions(connection, on, names)),
        late_fees=tuple(_late_fees(late_fee_book(connection), on, names)),
    )


def _prices(tariff: TariffRow, on: date) -> Iterator[BoardPrice]:
    now = tariff.price_on(on)
    if now is not None:
        yield _price(tariff, now, on, coming=False)
    for version in tariff.versions:
        if version.terms.valid_from > on:
            yield _price(tariff, version, version.terms.valid_from, coming=True)


def _price(tariff: TariffRow, version: VersionRow, day: date, *, coming: bool) -> BoardPrice:
    terms = version.terms
    places = dict.fromkeys(one.place for one in tariff.scopes if one.to_date is None or one.to_date >= day)
    if not places and terms.method == Method.SHARED:
        places[shared_places()] = None
    return BoardPrice(
        item=tariff.item.name,
        nature=tariff.item.nature,
        tariff=tariff.name,
        covers=tariff.item.covers or usual_cover(tariff.item.name),
        standard=price_words(terms),
        places=several_places(list(places), _MOST_PLACES),
        price_form=terms.price_form,
        document=terms.basis_document,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        coming=coming,
    )


def _concessions(connection: Connection, on: date, names: dict[int, str]) -> Iterator[BoardConcession]:
    for found in dated_policies(connection):
        if found.in_force(on):
            items = tuple(name for key, name in names.items() if key in found.items)
            yield BoardConcession(found.policy, found.condition, items, found.valid_from, found.valid_to)


def _late_fees(book: LateFeeBook, on: date, names: dict[int, str]) -> Iterator[BoardLateFee]:
    for item, rules in (("", book.general), *((name, book.own.get(key, ())) for key, name in names.items())):
        holding = [rule for rule in rules if rule.valid_from <= on]
        rule: LateFeeRule | None = max(holding, key=lambda one: one.valid_from, default=None)
        if rule is not None and not (rule.ended and not item):
            yield BoardLateFee(item, rule)
