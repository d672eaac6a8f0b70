"""The rule by which prepayments settle charges by themselves after a billing run (自动冲抵)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class OffsetRule:
    """Whether a run is followed by an offset, and which fee items it settles; no names: all."""

    after_billing: bool = False
    items: tuple[str, ...] = ()

    def covers(self, item: str) -> bool:
        """Whether prepayments may settle a fee item."""
        return not self.items or item in self.items

    def stored(self) -> dict[str, Any]:
        """The rule as the ledger's setting keeps it."""
        return asdict(self)

    @classmethod
    def from_stored(cls, value: object) -> Self:
        """The rule as stored; the default where it was spoilt."""
        if not isinstance(value, Mapping):
            return cls()
        items = value.get("items")
        names = tuple(str(one) for one in items) if isinstance(items, list | tuple) else ()
        return cls(value.get("after_billing") is True, names)
