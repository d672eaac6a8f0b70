"""A prepared statement answers what SQLAlchemy answers, only faster."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from feedesk.db import Database
from feedesk.ledger.prepared import Prepared
from feedesk.models import Building, Community, Tender, Unit, table_of

_building, _community, _tender, _unit = (table_of(model) for model in (Building, Community, Tender, Unit))
_ADD_UNIT = Prepared(insert(_unit))
_UNITS = select(_unit).where(_unit.c.id.in_(bindparam("units", expanding=True))).order_by(_unit.c.id)


@pytest.fixture
def filled(ledger_database: Database) -> Database:
    """Twelve units with values of every kind."""
    with ledger_database.transaction() as connection:
        connection.execute(insert(_community), {"id": 1, "name": "样例小区", "built_area": Fraction(12345, 100)})
        connection.execute(insert(_building), {"id": 1, "community_id": 1, "code": "1", "sort_key": "1"})
        for n in range(1, 13):
            assert _ADD_UNIT.insert(connection, unit(n)) == n
    return ledger_database


def unit(n: int) -> dict[str, Any]:
    return {
        "id": n,
        "building_id": 1,
        "code": f"1-{n}",
        "sort_key": f"{n:03d}",
        "kind": "住宅",
        "built_area": Fraction(986 + n, 10),
        "coefficient": Fraction(4, 3) if n % 2 else None,
        "delivered_on": date(2020, 2, 29) if n % 3 else None,
    }


@pytest.mark.parametrize("wanted", [[], [3], [1, 2], [5, 4, 9], [2, 2, 7, 11, 12], list(range(1, 13)), [99, 100]])
def test_rows_are_those_of_sqlalchemy(filled: Database, wanted: list[int]) -> None:
    prepared = Prepared(_UNITS)
    with filled.reading() as connection:
        expected = connection.execute(_UNITS, {"units": wanted}).all()
        for values in (wanted, tuple(wanted)):
            found = prepared.rows(connection, {"units": values})
            assert [row._asdict() for row in found] == [row._asdict() for row in expected]
            assert prepared.scalars(connection, {"units": values}) == [row[0] for row in expected]
    assert [row.built_area for row in expected] == [Fraction(986 + n, 10) for n in sorted(set(wanted) - {99, 100})]


def test_plain_tuples_hold_the_same(filled: Database) -> None:
    everything = select(_unit).order_by(_unit.c.id)
    with filled.reading() as connection:
        found = [tuple(row) for row in Prepared(everything).tuples(connection)]
        assert found == [tuple(row) for row in connection.execute(everything)]
        counts = Prepared(select(_unit.c.id, _unit.c.floor).where(_unit.c.id < bindparam("below")))
        assert list(counts.tuples(connection, {"below": 3})) == [(1, None), (2, None)]


def test_lists_longer_than_any_form_are_answered_too(filled: Database) -> None:
    with filled.reading() as connection:
        found = Prepared(_UNITS).rows(connection, {"units": list(range(3, 2000))})
    assert [row.id for row in found] == list(range(3, 13))


def test_lists_of_many_lengths_share_a_few_forms(filled: Database) -> None:
    prepared = Prepared(_UNITS)
    with filled.reading() as connection:
        for length in range(1, 200):
            assert len(prepared.rows(connection, {"units": list(range(1, length + 1))})) == min(length, 12)
    assert len(prepared._forms) <= 9


def test_the_only_row_or_none(filled: Database) -> None:
    by_kind = Prepared(select(_unit.c.id, _unit.c.code).where(_unit.c.kind == bindparam("kind")))
    by_code = Prepared(select(_unit.c.id, _unit.c.delivered_on).where(_unit.c.code == bindparam("code")))
    with filled.reading() as connection:
        row = by_code.one_or_none(connection, {"code": "1-4"})
        assert (row.id, row.delivered_on) == (4, date(2020, 2, 29))
        assert by_code.one_or_none(connection, {"code": "9"}) is None
        assert by_code.scalar(connection, {"code": "9"}) is None
        assert Prepared(select(func.count()).select_from(_unit)).scalar(connection) == 12
        with pytest.raises(ValueError, match="12 rows"):
            by_kind.one_or_none(connection, {"kind": "住宅"})


def test_what_is_stored_is_what_sqlalchemy_reads(filled: Database) -> None:
    with filled.reading() as connection:
        stored = connection.execute(select(_unit).where(_unit.c.id == 1)).one()
    assert stored._asdict() == {**stored._asdict(), **unit(1)}
    assert stored.occupancy == "自住"  # the column's default


def test_truth_and_fixed_defaults(ledger_database: Database) -> None:
    add = Prepared(insert(_tender))
    row = {"code": "x", "name": "样例", "kind": "bank", "position": 1, "asks_reference": True, "gives_change": False}
    ours = select(_tender).where(_tender.c.code.in_(("x", "y"))).order_by(_tender.c.id)
    with ledger_database.transaction() as connection:
        first = add.insert(connection, row)
        second = add.insert(connection, {**row, "code": "y", "active": False})
        assert second > first
        found = Prepared(ours).rows(connection)
        assert [row._asdict() for row in found] == [row._asdict() for row in connection.execute(ours)]
        assert [(one.asks_reference, one.gives_change, one.active, one.fee_rate) for one in found] == [
            (True, False, True, 0),
            (True, False, False, 0),
        ]
        assert all(type(one.active) is bool for one in found)
        assert "y" not in Prepared(select(_tender.c.code).where(_tender.c.active)).scalars(connection)


def test_changes_once_and_many_times(filled: Database) -> None:
    grow = Prepared(
        update(_unit)
        .where(_unit.c.id == bindparam("unit"))
        .values(floor=func.coalesce(_unit.c.floor, 0) + bindparam("more"))
    )
    with filled.transaction() as connection:
        grow.run(connection, {"unit": 1, "more": 3})
        grow.run_many(connection, [{"unit": n, "more": n} for n in (1, 2)])
        grow.run_many(connection, [])
        Prepared(delete(_unit).where(_unit.c.id > bindparam("last"))).run(connection, {"last": 2})
        assert connection.execute(select(_unit.c.floor).order_by(_unit.c.id)).scalars().all() == [4, 2]
        back = Prepared(
            update(_unit).values(floor=7).where(_unit.c.id == 1).returning(_unit.c.floor, _unit.c.built_area)
        )
        row = back.one_or_none(connection)
        assert (row.floor, row.built_area) == (7, Fraction(987, 10))


def test_errors_are_sqlalchemys(filled: Database) -> None:
    def add_twice(connection: Connection) -> None:
        _ADD_UNIT.insert(connection, {**unit(13), "code": "1-1"})

    with pytest.raises(IntegrityError) as error:
        filled.run(add_twice)
    assert error.value.orig is not None
    with filled.reading() as connection:
        assert Prepared(select(func.count()).select_from(_unit)).scalar(connection) == 12


def test_what_is_not_committed_is_rolled_back(filled: Database) -> None:
    def fail(connection: Connection) -> None:
        _ADD_UNIT.insert(connection, unit(13))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        filled.run(fail)
    with filled.reading() as connection:
        assert len(Prepared(_UNITS).rows(connection, {"units": [12, 13]})) == 1
