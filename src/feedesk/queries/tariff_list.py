"""All tariffs (收费标准) as the office keeps them: their dated prices, what they rest on, where they apply."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from feedesk.models import FeeItem, Tariff, TariffScope, TariffVersion, Unit, table_of
from feedesk.rules.community_rows import UNIT_KINDS
from feedesk.rules.price_terms import PriceTerms, Stretch, days_without_price
from feedesk.rules.tariff_words import place_words
from feedesk.rules.unit_patterns import compiled_pattern, is_pattern

_item, _tariff, _version, _scope, _unit = (
    table_of(model) for model in (FeeItem, Tariff, TariffVersion, TariffScope, Unit)
)

_ITEMS = select(_item).order_by(_item.c.position, _item.c.id)
_TARIFFS = (
    select(_tariff.c.id, _tariff.c.name, _tariff.c.fee_item_id)
    .join(_item, _item.c.id == _tariff.c.fee_item_id)
    .order_by(_item.c.position, _tariff.c.position, _tariff.c.id)
)
_VERSIONS = select(_version).order_by(_version.c.valid_from)
_SCOPES = select(_scope).order_by(_scope.c.unit_pattern, _scope.c.from_date)
_UNITS = select(_unit.c.code, _unit.c.kind)
_TERMS = tuple(field.name for field in fields(PriceTerms))


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A fee item. ``mantissa_step`` in fen; ``covers`` is what is done for the money (服务内容)."""

    id: int
    name: str
    nature: str
    mantissa: str
    mantissa_step: int
    covers: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A dated price."""

    id: int
    terms: PriceTerms

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in it; a price begun later may go before it all the same."""
        return self.terms.valid_from <= day and (self.terms.valid_to is None or day <= self.terms.valid_to)


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """Where a tariff applies, ``quantity`` times, and how many units that are.

    ``kinds`` are the kinds of unit it reaches (住宅, 车位 …) where it reaches all of those kinds there are, else none.
    """

    id: int
    pattern: str
    quantity: Fraction
    from_date: date | None
    to_date: date | None
    units: int
    kinds: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it reaches, in words."""
        return place_words(self.pattern, self.kinds)

    def holds_on(self, day: date) -> bool:
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, slots=True)
class TariffRow:
    """A tariff with its prices in the order of time. ``units``: how many units it applies to on the list's day."""

    id: int
    name: str
    item: ItemRow
    versions: tuple[VersionRow, ...]
    scopes: tuple[ScopeRow, ...]
    units: int

    def price_on(self, day: date) -> VersionRow | None:
        """The price in force: of those that overlap the one begun last."""
        return max(
            (version for version in self.versions if version.holds_on(day)),
            key=lambda version: version.terms.valid_from,
            default=None,
        )

    def shown_on(self, day: date) -> VersionRow | None:
        """The price in force, else the next one to begin, else the last one there was."""
        coming = [version for version in self.versions if version.terms.valid_from > day]
        return self.price_on(day) or next(iter(coming or reversed(self.versions)), None)

    @property
    def gaps(self) -> Sequence[Stretch]:
        """Days without a price."""
        return days_without_price((one.terms.valid_from, one.terms.valid_to) for one in self.versions)


@dataclass(frozen=True, slots=True)
class TariffList:
    """All fee items and all tariffs, as they stand on ``on``."""

    on: date
    items: tuple[ItemRow, ...]
    tariffs: tuple[TariffRow, ...]


def tariff_list(connection: Connection, *, on: date) -> TariffList:
    """The tariffs in the order of their fee items."""
    items = {row.id: _item_row(row) for row in connection.execute(_ITEMS)}
    versions: dict[int, list[VersionRow]] = {}
    for version in connection.execute(_VERSIONS).mappings():
        versions.setdefault(version["tariff_id"], []).append(VersionRow(version["id"], _terms(version)))
    places = _Places({row.code: row.kind for row in connection.execute(_UNITS)})
    scopes: dict[int, list[ScopeRow]] = {}
    for row in connection.execute(_SCOPES):
        codes, kinds = places.reached(row.unit_pattern)
        made = ScopeRow(row.id, row.unit_pattern, row.quantity, row.from_date, row.to_date, len(codes), kinds)
        scopes.setdefault(row.tariff_id, []).append(made)
    rows = []
    for key, name, item in connection.execute(_TARIFFS):
        theirs = tuple(scopes.get(key, ()))
        now = [places.reached(scope.pattern)[0] for scope in theirs if scope.holds_on(on)]
        rows.append(
            TariffRow(key, name, items[item], tuple(versions.get(key, ())), theirs, len(frozenset().union(*now)))
        )
    return TariffList(on, tuple(items.values()), tuple(rows))


def _item_row(row: Any) -> ItemRow:
    return ItemRow(row.id, row.name, row.nature, row.mantissa, row.mantissa_step, row.covers or "")


def _terms(row: Mapping[Any, Any]) -> PriceTerms:
    return PriceTerms(**{name: row[name] for name in _TERMS} | {"formula": row["formula"] or ""})


class _Places:
    """Which units patterns reach, each looked up once."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._counts = Counter(kinds.values())
        self._found: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}

    def reached(self, pattern: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """The codes reached, and their kinds where all units of those kinds are among them."""
        found = self._found.get(pattern)
        if found is None:
            found = self._found[pattern] = self._look_up(pattern)
        return found

    def _look_up(self, pattern: str) -> tuple[frozenset[str], tuple[str, ...]]:
        if not is_pattern(pattern):
            return frozenset(self._kinds.keys() & {pattern}), ()
        fits = compiled_pattern(pattern).fullmatch
        codes = frozenset(code for code in self._kinds if fits(code))
        counts = Counter(self._kinds[code] for code in codes)
        whole = all(count == self._counts[kind] for kind, count in counts.items())
        return codes, tuple(kind for kind in UNIT_KINDS if kind in counts) if whole else ()
