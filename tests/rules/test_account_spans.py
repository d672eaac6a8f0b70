"""Whose account a unit is, and on which days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.account_spans import AccountSpan, Occupant, PayersCollide, account_spans

OWNER, TENANT, NEXT_OWNER = 1, 2, 3
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
JUNE_END, JULY_END = date(2026, 6, 30), date(2026, 7, 31)


def owner(
    resident: int = OWNER, first: date | None = None, last: date | None = None, pays: bool | None = None
) -> Occupant:
    return Occupant(resident, True, first, last, pays)


def tenant(first: date | None = None, last: date | None = None, pays: bool | None = None) -> Occupant:
    return Occupant(TENANT, False, first, last, pays)


@pytest.mark.parametrize(
    ("occupants", "spans"),
    [
        ([], []),
        ([owner()], [AccountSpan(OWNER, None, None)]),
        ([owner(first=JULY)], [AccountSpan(OWNER, JULY, None)]),
        ([owner(), tenant()], [AccountSpan(OWNER, None, None)]),
        ([tenant()], []),
        ([owner(pays=False), tenant()], []),
        ([owner(), tenant(pays=True)], [AccountSpan(TENANT, None, None)]),
        (
            [owner(), tenant(JULY, JULY_END, pays=True)],
            [
                AccountSpan(OWNER, None, JUNE_END),
                AccountSpan(TENANT, JULY, JULY_END),
                AccountSpan(OWNER, AUGUST, None),
            ],
        ),
        (
            [owner(), tenant(JULY, pays=True)],
            [AccountSpan(OWNER, None, JUNE_END), AccountSpan(TENANT, JULY, None)],
        ),
        (
            [owner(first=JULY), tenant(last=JULY_END, pays=True)],
            [AccountSpan(TENANT, None, JULY_END), AccountSpan(OWNER, AUGUST, None)],
        ),
        (
            [owner(last=JUNE_END), owner(NEXT_OWNER, JULY)],
            [AccountSpan(OWNER, None, JUNE_END), AccountSpan(NEXT_OWNER, JULY, None)],
        ),
        ([owner(pays=True), owner(NEXT_OWNER, pays=False)], [AccountSpan(OWNER, None, None)]),
        ([owner(pays=True), owner(NEXT_OWNER)], [AccountSpan(OWNER, None, None)]),
        ([owner(), owner(NEXT_OWNER), tenant(pays=True)], [AccountSpan(TENANT, None, None)]),
    ],
)
def test_spans(occupants: list[Occupant], spans: list[AccountSpan]) -> None:
    assert account_spans(occupants, developer_owes=False) == spans


@pytest.mark.parametrize(
    "occupants",
    [
        [owner(), owner(NEXT_OWNER)],
        [owner(last=JULY), owner(NEXT_OWNER, JULY)],
        [owner(pays=True), tenant(JULY, pays=True)],
        [owner(), owner(NEXT_OWNER), tenant(JULY, pays=True)],
    ],
)
def test_two_payers_on_the_same_days_collide(occupants: list[Occupant]) -> None:
    with pytest.raises(PayersCollide):
        account_spans(occupants, developer_owes=False)


def test_the_developer_has_an_account_of_his_own() -> None:
    assert account_spans([owner()], developer_owes=True) == [
        AccountSpan(OWNER, None, None),
        AccountSpan(None, None, None),
    ]


DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 3, 1)))


@given(DAYS, DAYS, st.lists(st.tuples(DAYS, DAYS), max_size=3))
def test_every_day_of_the_owner_has_one_payer(
    first: date | None, last: date | None, tenancies: list[tuple[date | None, date | None]]
) -> None:
    people = [owner(first=first, last=last), *(tenant(start, end, True) for start, end in tenancies)]
    people = [one for one in people if (one.from_date or date.min) <= (one.to_date or date.max)]
    try:
        spans = account_spans(people, developer_owes=False)
    except PayersCollide:
        return
    for day in (date(2026, 1, n) for n in range(1, 32)):
        here = [one for one in people if (one.from_date or date.min) <= day <= (one.to_date or date.max)]
        payers = [one.resident for one in spans if (one.from_date or date.min) <= day <= (one.to_date or date.max)]
        tenants = [one.resident for one in here if not one.is_owner]
        assert payers == (tenants or [one.resident for one in here])
