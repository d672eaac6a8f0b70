"""A small office with two tills, and what must hold of its ledger at any moment, whoever did what.

The sums are worked out here from the documents alone (payments, charges, receipts, movements of cash), apart from the
queries of the program, and compared with the postings and with what the program says.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, text

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.queries.day_figures import Closing, work_out_figures
from feedesk.queries.shifts import drawer_cash
from feedesk.queries.statement import statement
from tests.ledger.whole_ledger import Sheets, bring_along

FIRST_DAY = date(2026, 11, 23)
ACCOUNTS = (1, 2, 3, 4)
TILLS = (1, 2)

SHEETS: Sheets = {
    "小区": [("小区名称", "物业公司"), ("锦绣江南小区", "温江和泰物业(样例)")],
    "房屋": [
        ("房屋编号", "类型", "建筑面积", "交付日期", "关联房屋"),
        ("1-1-101", "住宅", "80.03", "2020-01-01", None),
        ("1-1-102", "住宅", "98.60", "2020-01-01", None),
        ("B1-001", "车位", "12", "2020-01-01", "1-1-101"),
        ("S-01", "商铺", "40.00", "2020-01-01", None),
    ],
    "住户": [
        ("房屋编号", "姓名", "身份"),
        *((unit, f"样{unit}", "业主") for unit in ("1-1-101", "1-1-102", "B1-001", "S-01")),
    ],
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "周期", "生效日期", "款项性质"),
        ("门禁卡", "门禁卡", "固定金额", "25", "一次性", "2026-01-01"),
        ("垃圾清运", "装修垃圾清运费", "固定金额", "33.33", "一次性", "2026-01-01", "代收代付"),
        ("特约服务", "物业费", "固定金额", "5.01", "一次性", "2026-01-01"),
        ("住宅物业费", "物业费", "按面积", "2.333", "月", "2026-01-01"),
        ("商铺物业费", "物业费", "按面积", "5", "季", "2026-01-01"),
        ("生活用水", "水费", "按用量", "3.04", "月", "2026-01-01"),
        ("车位", "车位服务费", "固定金额", "300", "月", "2026-01-01"),
    ],
    "适用范围": [
        ("房屋编号", "收费标准", "起始日期"),
        ("1-1-*", "住宅物业费", "2026-01-01"),
        ("1-1-*", "生活用水", "2026-01-01"),
        ("S-01", "商铺物业费", "2026-01-01"),
        ("B1-001", "车位", "2026-01-01"),
    ],
    "抄表": [
        ("房屋编号", "表计", "表号", "抄表日期", "读数"),
        *(("1-1-101", "水表", "W1", day, reading) for day, reading in (("2026-09-28", 431), ("2026-10-28", 447))),
        ("1-1-101", "水表", "W1", "2026-11-20", 460),
    ],
    "期初欠费": [
        ("房屋编号", "收费项目", "所属期", "金额"),
        ("1-1-101", "物业费", "2026-08", "186.71"),
        ("1-1-102", "物业费", "2026-08", "230.03"),
        ("1-1-102", "车位服务费", "2026-07", "0.05"),
        ("S-01", "车位服务费", "2026-08", "300.00"),
    ],
    "违约金": [
        ("收费项目", "日费率", "生效日期"),
        ("车位服务费", "0.001", "2026-01-01"),
        ("物业费", "0.0005", "2026-10-01"),
    ],
    "期初预存": [("房屋编号", "金额"), ("1-1-101", "120.00")],
    "期初押金": [
        ("房屋编号", "名称", "金额", "收取日期", "原票号"),
        ("S-01", "装修押金", "1000", "2025-03-01", "0712"),
    ],
}
"""Two homes, a parking space of the first one's, a shop billed by quarters; late fees on two items."""


def small_desk(database: Database) -> Workplace:
    """The office in a fresh training ledger, its tills not yet open."""
    Workplace(database, "样例管理员", today=FIRST_DAY).run_op(add_till)
    desk = Workplace(database, "样例主管", "样例经理", FIRST_DAY)
    bring_along(desk, SHEETS)
    return desk


def whole_content(connection: Connection) -> int:
    """A digest of every row of every table of a SQLite ledger, to tell whether anything changed."""
    tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
    return hash(tuple((name, *connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables.all()))


def assert_balanced(connection: Connection) -> None:
    """What must hold after every act, whatever it was."""
    balances = _balances(connection)
    unbalanced = _rows(connection, "SELECT entry_id FROM posting GROUP BY entry_id HAVING SUM(amount) <> 0")
    assert not unbalanced, "entries that do not sum to zero"
    _assert_charges(connection, balances)
    _assert_held(connection, balances)
    _assert_drawers(connection, balances)
    _assert_given_back(connection)
    for row in _rows(connection, "SELECT book_id, MIN(number), MAX(number), COUNT(*) FROM receipt GROUP BY book_id"):
        assert (row[1], row[2]) == (1, row[3]), "receipt numbers have a gap"


def _rows(connection: Connection, statement: str) -> list[Any]:
    return list(connection.execute(text(statement)).all())


def _balances(connection: Connection, until: str = "9999-12-31") -> dict[str, int]:
    rows = connection.execute(
        text(
            "SELECT a.code, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id "
            "JOIN entry e ON e.id = p.entry_id WHERE e.business_date <= :until GROUP BY a.code"
        ),
        {"until": until},
    )
    return defaultdict(int, {code: int(amount) for code, amount in rows})


def _assert_charges(connection: Connection, balances: Mapping[str, int]) -> None:
    """No charge is paid twice or below nothing; what residents owe by their statements is what is posted."""
    owed: dict[str, int] = defaultdict(int)
    for row in _rows(
        connection,
        "SELECT i.name, c.gross - c.discount AS net, c.paid, c.waived, c.late_fee_paid, c.late_fee_waived, c.status "
        "FROM charge c JOIN fee_item i ON i.id = c.fee_item_id",
    ):
        assert min(row.paid, row.waived, row.late_fee_paid, row.late_fee_waived) >= 0
        assert row.paid + row.waived <= row.net
        if row.status in ("cancelled", "replaced"):
            assert (row.paid, row.late_fee_paid) == (0, 0), "money on a charge that no longer stands"
            continue
        assert row.status == "open" or row.paid + row.waived == row.net
        owed[row.name] += row.net - row.paid - row.waived
    posted = {code.removeprefix("1122."): amount for code, amount in balances.items() if code.startswith("1122.")}
    assert {item: amount for item, amount in owed.items() if amount} == {
        item: amount for item, amount in posted.items() if amount
    }
    latest = connection.execute(text("SELECT MAX(business_date) FROM entry")).scalar_one()
    stated: dict[str, int] = defaultdict(int)
    for account in ACCOUNTS:
        shown = statement(connection, account=account, on=date.fromisoformat(latest))
        for charge in shown.charges:
            assert min(charge.principal, charge.late_fee_due) >= 0
            assert charge.due == charge.amount - charge.discount + charge.late_fee - charge.paid > 0
            stated[charge.item] += charge.principal
    assert {item: amount for item, amount in stated.items() if amount} == {
        item: amount for item, amount in owed.items() if amount
    }
    deferred = [code for code, amount in balances.items() if code.startswith("2204.") and amount > 0]
    assert not deferred, "more revenue released than was deferred"


def _assert_held(connection: Connection, balances: Mapping[str, int]) -> None:
    """Prepayments and deposits are what the documents say, of every account, and never below nothing."""
    prepaid: dict[int, int] = defaultdict(int)
    deposits: dict[str, int] = defaultdict(int)
    sold: dict[str, int] = defaultdict(int)
    found = 0
    for kind, account, name, amount in (
        *_rows(connection, "SELECT kind, account_id, name, amount FROM payment_line"),
        *_rows(connection, "SELECT kind, account_id, name, amount FROM opening WHERE kind <> 'paid_through'"),
    ):
        if kind == "prepayment":
            prepaid[account] += amount
        elif kind == "sale":
            sold[name] += amount
        elif kind == "unclaimed":
            found += amount
        else:
            deposits[name] += amount
    for account, kept in _rows(
        connection,
        "SELECT p.account_id, t.kept FROM payment_tender t JOIN payment p ON p.id = t.payment_id "
        "JOIN tender d ON d.id = t.tender_id WHERE d.kind = 'prepaid'",
    ):
        prepaid[account] -= kept
    assert min((*prepaid.values(), *deposits.values()), default=0) >= 0
    assert sum(prepaid.values()) == -balances["2203.预存"]
    for name, amount in deposits.items():
        assert amount == -balances[f"2241.押金.{name}"]
    claimed = "SELECT COALESCE(SUM(t.kept), 0) FROM payment_tender t JOIN tender d ON d.id = t.tender_id "
    ((taken,),) = _rows(connection, claimed + "WHERE d.kind = 'unclaimed'")
    assert found - taken == -balances["2241.待认领款"] >= 0, "money of unknown origin is claimed twice or lost"
    assert min(sold.values(), default=0) >= 0, "more given back than was sold"
    assert (sold["门禁卡"], sold["装修垃圾清运费"]) == (
        -balances["6001.门禁卡"],
        -balances["2241.代收.装修垃圾清运费"],
    )
    latest = date.fromisoformat(connection.execute(text("SELECT MAX(business_date) FROM entry")).scalar_one())
    for account in ACCOUNTS:
        assert statement(connection, account=account, on=latest).prepaid == prepaid[account]


def _assert_given_back(connection: Connection) -> None:
    """No payment gives more back than was kept of it; a deposit or prepayment goes back to the fen, its 抹零 too."""
    for row in _rows(
        connection,
        "SELECT p.id, p.total + CASE WHEN EXISTS (SELECT 1 FROM payment_line l WHERE l.payment_id = p.id) "
        "THEN p.rounding ELSE 0 END AS most, -SUM(b.total) AS back "
        "FROM payment p JOIN correction c ON c.corrects_id = p.id JOIN payment b ON b.entry_id = c.entry_id "
        "WHERE b.kind IN ('refund', 'bounce') GROUP BY p.id, p.total, p.rounding",
    ):
        assert row.back <= row.most, f"payment {row.id} gave more back than it brought"


def _assert_drawers(connection: Connection, balances: Mapping[str, int]) -> None:
    """What should lie in each drawer: the float, cash kept of payments, and what was moved; nothing between shifts."""
    open_at = {
        row.number: row
        for row in _rows(
            connection,
            "SELECT t.number, s.id, s.opening_float FROM shift s JOIN till t ON t.id = s.till_id WHERE s.is_open",
        )
    }
    for till in TILLS:
        shift = open_at.get(till)
        expected = 0 if shift is None else shift.opening_float + _cash_of(connection, shift.id)
        assert balances[f"1001.T{till}"] == expected
        if shift is not None:
            assert drawer_cash(connection, shift.id, till).expected == expected
    assert balances["1009.在途现金"] >= 0


def _cash_of(connection: Connection, shift: int) -> int:
    facts = {"shift": shift}
    kept = connection.execute(
        text(
            "SELECT COALESCE(SUM(t.kept), 0) FROM payment_tender t JOIN payment p ON p.id = t.payment_id "
            "JOIN tender d ON d.id = t.tender_id WHERE d.kind = 'cash' AND p.shift_id = :shift"
        ),
        facts,
    ).scalar_one()
    moved = connection.execute(
        text(
            "SELECT COALESCE(SUM(CASE kind WHEN 'change_in' THEN amount ELSE -amount END), 0) "
            "FROM cash_movement WHERE shift_id = :shift"
        ),
        facts,
    ).scalar_one()
    return int(kept + moved)


def worked_days(connection: Connection) -> Iterator[date]:
    """Every business date on which something was booked."""
    for (day,) in _rows(connection, "SELECT DISTINCT business_date FROM entry ORDER BY business_date"):
        yield date.fromisoformat(day)


def assert_day_figures(connection: Connection, day: date) -> None:
    """The figures of a day whose shifts are closed are what its postings and payments say."""
    closing = Closing(1, datetime(2027, 1, 1, tzinfo=UTC), "样例主管", "", training=True)
    figures = work_out_figures(connection, day, closing)
    balances = _balances(connection, day.isoformat())
    assert {one.item: one.closing for one in figures.arrears if one.closing} == _with_prefix(balances, "1122.")
    held = {one.name: Fen(-one.closing) for one in figures.held if one.closing}
    prepaid = {"预存款": balances["2203.预存"]} if balances["2203.预存"] else {}
    unclaimed = {"待认领款": balances["2241.待认领款"]} if balances["2241.待认领款"] else {}
    assert held == {**prepaid, **unclaimed, **_with_prefix(balances, "2241.押金.")}
    assert figures.transit.closing == balances["1009.在途现金"]
    moved = _moved(connection, day)
    by_tender = figures.takings.by_tender()
    for code in ("wechat", "alipay", "card", "transfer"):
        assert by_tender.get(code, 0) == moved[f"1012.{code}"], code
    assert by_tender.get("cash", 0) == moved["1001.T1"] + moved["1001.T2"]
    rows = {item: sum(tenders.values()) for item, tenders in figures.takings.by_item().items()}
    assert rows.get("违约金", 0) == -moved["6051.违约金"]
    assert rows.get("抹零", 0) == -moved["6711.抹零"]
    assert sum(rows.values()) == figures.total == sum(by_tender.values())
    assert sum(figures.takings.shares.values()) == figures.total
    paid = connection.execute(
        text("SELECT COALESCE(SUM(total), 0) FROM payment WHERE business_date = :day"), {"day": day.isoformat()}
    ).scalar_one()
    assert figures.total == paid
    assert figures.receipts.gaps == 0


def _with_prefix(balances: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {
        code.removeprefix(prefix): amount for code, amount in balances.items() if code.startswith(prefix) and amount
    }


def _moved(connection: Connection, day: date) -> dict[str, int]:
    """What the payments of a day, of any kind, moved on each ledger account."""
    rows = connection.execute(
        text(
            "SELECT a.code, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id "
            "JOIN payment y ON y.entry_id = p.entry_id WHERE y.business_date = :day GROUP BY a.code"
        ),
        {"day": day.isoformat()},
    )
    return defaultdict(int, {code: int(amount) for code, amount in rows})
