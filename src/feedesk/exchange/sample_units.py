"""The units of the sample community: six buildings, three entrances each, 32 floors of two homes; shops, parking.

What happens to a unit is thrown with dice that fall the same way every time.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

DWELLINGS, SHOPS, PARKING = 1152, 40, 800
_BUILDINGS, _ENTRANCES, _FLOORS = 6, 3, 32
_SMALLEST = 10
DESK_UNIT, DESK_SPACE = "3-1-502", "B1-087"
"""The home and the parking space that the pictures of the desk show."""

_AREAS = (("86.20", "104.75"), ("112.30", "98.60"), ("112.30", "98.60"), ("121.46", "89.15"), ("86.20", "132.08"),
          ("78.90", "98.60"))  # fmt: skip
_DELIVERED = (date(2019, 6, 28), date(2019, 12, 20), date(2020, 9, 26), date(2021, 6, 25), date(2022, 12, 16),
              date(2024, 5, 30))  # fmt: skip
_LATE_DELIVERIES = {"2-1-801": date(2026, 11, 20), "6-2-1902": date(2026, 10, 1), "6-3-501": date(2026, 9, 15)}
SWAPPED, ROLLED_OVER, ESTIMATED, UNUSUAL = "1-1-1201", "4-2-901", "5-3-702", "1-2-301"
"""Homes whose water meters have a story: 换表, 翻转, 估读, and a usage far above the two months before."""

_ALWAYS_LIVED_IN = frozenset({DESK_UNIT, SWAPPED, ROLLED_OVER, ESTIMATED, UNUSUAL, *_LATE_DELIVERIES})


@dataclass(frozen=True, slots=True)
class Home:
    """A unit of the sample before it becomes rows."""

    code: str
    kind: str
    floor: int
    area: str
    state: str
    delivered_on: date
    persons: int = 0
    joined_to: str = ""


@dataclass(slots=True)
class Sample:
    """The units of the sample and the dice they are thrown with; ``random`` gives the same numbers in every Python."""

    dice: random.Random
    homes: list[Home] = field(default_factory=list)
    shops: list[Home] = field(default_factory=list)
    spaces: list[Home] = field(default_factory=list)

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` − 1."""
        return int(self.dice.random() * limit)

    def happens(self, chance: float) -> bool:
        return self.dice.random() < chance


def sample_units(*, households: int, seed: int) -> Sample:
    """So many dwellings (at least 10), and shops and parking spaces in proportion."""
    sample = Sample(random.Random(seed))
    households = max(households, _SMALLEST)
    sample.homes = [_home(sample, code) for code in _codes(households)]
    sample.shops = [_shop(sample, number) for number in range(1, max(1, households * SHOPS // DWELLINGS) + 1)]
    sample.spaces = list(_spaces(sample, max(1, households * PARKING // DWELLINGS)))
    return sample


def _codes(households: int) -> list[str]:
    """Unit codes in natural order; a smaller community keeps the entrance of the desk's picture."""
    buildings = max(_BUILDINGS, -(-households // (_ENTRANCES * _FLOORS * 2)))
    entrances = [(b, e) for b in range(1, buildings + 1) for e in range(1, _ENTRANCES + 1)]
    entrances.sort(key=lambda place: place != (3, 1))
    codes = [(b, e, f, r) for b, e in entrances for f in range(1, _FLOORS + 1) for r in (1, 2)][:households]
    return [f"{b}-{e}-{f}{r:02d}" for b, e, f, r in sorted(codes)]


def _home(sample: Sample, code: str) -> Home:
    building, _entrance, room = code.split("-")
    floor, door = divmod(int(room), 100)
    kind_of_building = (int(building) - 1) % _BUILDINGS
    state = _state(sample, code, floor)
    return Home(
        code=code,
        kind="住宅",
        floor=floor,
        area=_AREAS[kind_of_building][door - 1],
        state=state,
        delivered_on=_LATE_DELIVERIES.get(code, _DELIVERED[kind_of_building]),
        persons=1 + sample.below(5) if state in ("自住", "出租") else 0,
    )


def _state(sample: Sample, code: str, floor: int) -> str:
    dice = sample.below(100)
    if code in _ALWAYS_LIVED_IN:
        return "自住"
    if code.startswith("6-3-") and floor > 20:
        return "未售"
    return "自住" if dice < 72 else "出租" if dice < 85 else "空置" if dice < 98 else "未售"


def _shop(sample: Sample, number: int) -> Home:
    state = ("出租", "出租", "出租", "自住", "空置")[sample.below(5)] if number % 20 else "未售"
    area = f"{35 + sample.below(140)}.{sample.below(100):02d}"
    return Home(f"S-{number:03d}", "商铺", 1 + number % 2, area, state, _DELIVERED[0])


def _spaces(sample: Sample, count: int) -> Iterator[Home]:
    """Parking spaces, the first four fifths with their dwellings, the rest unsold or nobody's."""
    lived_in = [home.code for home in sample.homes if home.state in ("自住", "出租")]
    dwellings = [lived_in[n * len(lived_in) // count] for n in range(count)]
    for n in range(count):
        code, joined, state = f"B1-{n + 1:03d}", "", "自住"
        if code == DESK_SPACE:
            joined = DESK_UNIT
        elif n * 5 < count * 4:
            joined = dwellings[n] if dwellings[n] != DESK_UNIT else ""
        else:
            state = "空置" if n % 16 == 0 else "未售"
        if not joined and state == "自住":
            state = "空置"
        yield Home(code, "车位", -1, "13.25", state, _DELIVERED[n * _BUILDINGS // count], joined_to=joined)
