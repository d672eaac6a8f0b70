"""search, statement, collect, void, reverse: the documents key by key, and each refusal's sentence."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import DeskDay
from tests.command_line import Feedesk

NUMBER = "SJ-2026-1-000001"


def test_search(day: DeskDay) -> None:
    outcome = day("search", "zyy")
    assert outcome.status == 0
    assert outcome.document[0] == {
        "account": f"H{day.home.dwelling:06d}",
        "unit": "3-1-502",
        "resident": "张样燕",
        "phone": "12000006621",
        "match": "initials",
    }
    assert [hit["unit"] for hit in day("search", "31502").document] == ["3-1-502"]


def test_search_shown(day: DeskDay) -> None:
    header, first, *_others = day.shown("search", "3-1-502").out.splitlines()
    assert header.split() == ["户号", "房屋", "住户", "电话", "匹配"]
    assert first.split()[1:3] == ["3-1-502", "张样燕"]
    assert header.index("房屋") == first.index("3-1-502") - 2  # the two Chinese characters before it


def test_search_finds_nothing(day: DeskDay) -> None:
    outcome = day("search", "nobody")
    assert (outcome.status, outcome.document) == (0, [])
    assert day.shown("search", "nobody").out == "没有找到“nobody”。\n"


def test_statement(day: DeskDay) -> None:
    document = day("statement", "3-1-502").document
    charges = document.pop("charges")
    assert document == {
        "account": f"H{day.home.dwelling:06d}",
        "resident": "张样燕",
        "on": "2026-11-23",
        "principal": "1079.48",
        "late_fees": "0.00",
        "total_due": "1079.48",
        "prepaid": "0.00",
        "deposits": "0.00",
    }
    assert len(charges) == 6
    assert charges[0] == {
        "id": 1,
        "item": "物业费",
        "period": "2026-08",
        "basis": "98.60 ㎡ × 2.80",
        "amount": "276.08",
        "discount": "27.61",
        "late_fee": "0.00",
        "paid": "0.00",
        "due": "248.47",
        "due_date": "2026-08-31",
        "frozen": False,
    }


def test_statement_of_the_household(day: DeskDay) -> None:
    assert day("statement", "3-1-502", "--household").document["total_due"] == "1979.48"


def test_statement_with_the_settled_and_on_another_day(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    assert day("statement", "3-1-502").document["charges"] == []
    settled = day("statement", "3-1-502", "--all", "--on", "2026-12-24").document
    assert settled["on"] == "2026-12-24"
    assert {charge["due"] for charge in settled["charges"]} == {"0.00"}
    assert sum(float(charge["paid"]) for charge in settled["charges"]) == pytest.approx(1079.48)


def test_statement_shown(day: DeskDay) -> None:
    lines = day.shown("statement", "3-1-502").out.splitlines()
    assert lines[0].split()[1:] == ["3-1-502", "张样燕", "2026-11-23"]
    assert lines[-3].split() == ["应缴合计", "1,079.48"]


@pytest.mark.parametrize("command", [["statement"], ["collect", "--tender", "cash=1"]])
def test_unknown_account(day: DeskDay, command: list[str]) -> None:
    for account in ("9-9-999", "H999999"):
        outcome = day(*command, account)
        assert (outcome.status, outcome.error["code"]) == (1, "unknown_account")
        assert account in outcome.error["message"]


def test_collect(day: DeskDay) -> None:
    document = day("collect", "3-1-502", "--tender", "cash=1100", "--tender", "wechat=10.00@W1").document
    allocations = document.pop("allocations")
    assert document == {
        "receipt": NUMBER,
        "total": "1079.40",
        "tendered": "1110.00",
        "change": "30.60",
        "rounding": "0.08",
        "balance_after": "0.00",
    }
    assert len(allocations) == 6
    assert allocations[0] == {
        "charge": 1,
        "item": "物业费",
        "period": "2026-08",
        "principal": "248.47",
        "late_fee": "0.00",
    }


def test_collect_shown(day: DeskDay) -> None:
    lines = day.shown("collect", "3-1-502", "--tender", "cash=1079.48").out.splitlines()
    assert lines[0].split() == ["应收编号", "收费项目", "所属期", "本金", "违约金"]
    assert lines[-5].split() == ["收据", NUMBER]
    assert lines[-1].split() == ["尚欠", "0.00"]


def test_collect_chosen_charges(day: DeskDay) -> None:
    for chosen in (["--charge", "2", "3"], ["--charge", "4", "--charge", "8"]):
        assert day("collect", "3-1-502", "--tender", "cash=600", *chosen).status == 0
    left = day("statement", "3-1-502").document["charges"]
    assert sorted(charge["id"] for charge in left) == [1, 9]


def test_collect_a_part(day: DeskDay) -> None:
    short = day("collect", "3-1-502", "--tender", "cash=300")
    assert (short.status, short.error["code"]) == (1, "tender_short")
    assert "1,079.48" in short.error["message"]
    document = day("collect", "3-1-502", "--tender", "cash=300", "--part").document
    assert (document["total"], document["balance_after"]) == ("300.00", "779.48")


def test_collect_the_household(day: DeskDay) -> None:
    document = day("collect", "3-1-502", "--household", "--tender", "card=1979.48@C1").document
    assert (document["total"], len(document["allocations"])) == ("1979.48", 9)


def test_collect_for_further_accounts(day: DeskDay) -> None:
    """The parking space is named as a further account here instead of coming along as part of the household."""
    document = day("collect", "3-1-502", "--also", "B1-087", "--tender", "card=1979.48@C1").document
    assert document["total"] == "1979.48"
    assert document["balance_after"] == "0.00"
    assert {one["item"] for one in document["allocations"]} == {"物业费", "公摊电费", "水费", "车位服务费"}
    unknown = day("collect", "3-1-502", "--also", "9-9-999", "--tender", "cash=1")
    assert (unknown.status, unknown.error["code"]) == (1, "unknown_account")


def test_collect_only_one_part(day: DeskDay) -> None:
    document = day("collect", "3-1-502", "--only", "principal", "--tender", "cash=500", "--part").document
    assert {one["late_fee"] for one in document["allocations"]} == {"0.00"}
    refused = day("collect", "3-1-502", "--only", "late_fee", "--tender", "cash=1")
    assert refused.error["code"] == "nothing_due"
    assert day("collect", "3-1-502", "--only", "half", "--tender", "cash=1").status == 2


def test_collect_prepayment_deposit_and_kept_change(day: DeskDay) -> None:
    given = ["--prepay", "100", "--deposit", "装修押金=2,000.00", "--tender", "cash=2100"]
    assert day("collect", "3-1-502", *given).status == 0
    assert day("collect", "3-1-502", "--tender", "cash=1080", "--keep-change").document["change"] == "0.00"
    document = day("statement", "3-1-502").document
    assert (document["prepaid"], document["deposits"]) == ("100.52", "2000.00")
    spent = day("collect", "B1-087", "--tender", "prepaid=1", "--part")
    assert (spent.status, spent.error["code"]) == (1, "prepayment_too_small")


def test_same_key_is_the_same_payment(day: DeskDay) -> None:
    command = ["collect", "3-1-502", "--tender", "cash=1079.48", "--key", "K1"]
    first = day(*command)
    assert first.status == 0
    assert day(*command).document == first.document
    other = day("collect", "B1-087", "--tender", "cash=900", "--key", "K1")
    assert (other.status, other.error["code"]) == (1, "request_key_used")


def test_same_reference_needs_a_word(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--charge", "1", "--tender", "wechat=248.47@W1").status == 0
    again = ["collect", "3-1-502", "--charge", "2", "--tender", "wechat=248.47@W1"]
    outcome = day(*again)
    assert (outcome.status, outcome.error["code"]) == (1, "reference_used")
    assert NUMBER in outcome.error["message"]
    assert day(*again, "--same-reference").status == 0


def test_nothing_due(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    outcome = day("collect", "3-1-502", "--tender", "cash=1")
    assert (outcome.status, outcome.error["code"]) == (1, "nothing_due")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["--tender", "cash=12a"], 2, "amount_not_a_number"),
        (["--tender", "cash=12.345"], 2, "amount_too_fine"),
        (["--tender", "cash=99999999999999999"], 2, "amount_too_large"),
        (["--tender", "cash"], 2, "not_a_pair"),
        (["--tender", "=5"], 2, "not_a_pair"),
        (["--tender", "cash=5", "--prepay", "x"], 2, "amount_not_a_number"),
        (["--tender", "cash=5", "--deposit", "5"], 2, "not_a_pair"),
        (["--tender", "cash=5", "--charge", "first"], 2, "not_a_whole_number"),
        ([], 2, "usage_error"),
        (["--tender", "cash=0"], 1, "amount_not_positive"),
        (["--tender", "cash=-5"], 1, "amount_not_positive"),
        (["--tender", "gold=5"], 1, "unknown_tender"),
        (["--tender", "wechat=2000@W9"], 1, "tender_too_much"),
        (["--tender", "cash=5", "--charge", "999"], 1, "charge_not_open"),
        (["--tender", "cash=5", "--till", "7"], 1, "unknown_till"),
        (["--tender", "cash=5000", "--actor", "样例生人"], 1, "unknown_staff"),
        (["--tender", "cash=5000", "--actor", "样例财务"], 1, "not_permitted"),
    ],
)
def test_collect_refused(day: DeskDay, arguments: list[str], status: int, code: str) -> None:
    before = day("statement", "3-1-502", "--all").document
    outcome = day("collect", "3-1-502", *arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)
    assert day("statement", "3-1-502", "--all").document == before
    shown = day.shown("collect", "3-1-502", *arguments)
    assert (shown.status, shown.out) == (status, "")
    assert len(shown.err.splitlines()) == 1


def test_no_shift_is_open(feedesk: Feedesk, day: DeskDay, tmp_path: Path) -> None:
    connection = sqlite3.connect(day.path)
    connection.execute("UPDATE shift SET is_open = 0")
    connection.commit()
    connection.close()
    outcome = day("collect", "3-1-502", "--tender", "cash=2000")
    assert (outcome.status, outcome.error["code"]) == (1, "shift_not_open")


def test_slip_is_queued_only_when_asked(day: DeskDay) -> None:
    def jobs() -> list[tuple[int, str]]:
        connection = sqlite3.connect(day.path)
        rows = connection.execute("SELECT reprint, state FROM print_job ORDER BY id").fetchall()
        connection.close()
        return rows

    assert day("collect", "3-1-502", "--tender", "cash=248.47", "--part").status == 0
    assert jobs() == []
    assert day("collect", "3-1-502", "--tender", "cash=248.47", "--part", "--print").status == 0
    assert jobs() == [(0, "waiting")]


def test_void(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    document = day("void", NUMBER, "--reason", "录入错误").document
    entry = document.pop("entry")
    assert isinstance(entry, int)
    assert document == {"receipt": NUMBER, "reverses": NUMBER, "total": "-1079.48"}
    assert day("statement", "3-1-502").document["total_due"] == "1079.48"
    again = day("void", NUMBER, "--reason", "录入错误")
    assert (again.status, again.error["code"]) == (1, "already_taken_back")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ([NUMBER], 2, "usage_error"),
        ([NUMBER, "--reason", " "], 1, "reason_missing"),
        (["SJ-2026-1-999999", "--reason", "R"], 1, "unknown_receipt"),
    ],
)
@pytest.mark.parametrize("command", ["void", "reverse"])
def test_not_taken_back(day: DeskDay, command: str, arguments: list[str], status: int, code: str) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    outcome = day(command, *arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)
    assert day("statement", "3-1-502").document["total_due"] == "0.00"


def test_reverse_by_the_sample_manager(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    document = day("reverse", NUMBER, "--reason", "缴错房号").document
    assert (document["reverses"], document["total"]) == (NUMBER, "-1079.48")
    assert document["receipt"] == "SJ-2026-1-000002"
    assert set(document) == {"receipt", "reverses", "total", "entry"}


def test_reverse_approved_by_oneself(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    outcome = day("reverse", NUMBER, "--reason", "R", "--approver", "样例主管")
    assert (outcome.status, outcome.error["code"]) == (1, "approver_missing")
    outcome = day("reverse", NUMBER, "--reason", "R", "--approver", "样例生人")
    assert (outcome.status, outcome.error["code"]) == (1, "unknown_staff")


def test_refund_of_a_receipt_in_another_tender(day: DeskDay) -> None:
    day("collect", "3-1-502", "--tender", "wechat=1079.48@W1")
    refund = ("refund", NUMBER, "--tender", "cash=100.00", "--reason", "多收")
    refunded = day(*refund, "--amount", "100", "--key", "K")
    assert refunded.document == {
        "receipt": "SJ-2026-1-000002",
        "refunds": NUMBER,
        "total": "100.00",
        "tender": "cash",
    }
    assert day(*refund, "--amount", "100", "--key", "K").document == refunded.document
    assert day("statement", "3-1-502").document["total_due"] == "100.00"
    assert day.shown(*refund).out.split()[:2] == ["收据", "SJ-2026-1-000003"]
    closed = day("shift", "close").document
    assert (closed["expected"], closed["takings"]) == ("300.00", {"cash": "-200.00", "wechat": "1079.48"})


def test_refund_of_prepayment_and_deposit(day: DeskDay) -> None:
    day("collect", "3-1-502", "--prepay", "300", "--deposit", "装修押金=2000", "--tender", "card=2300@C1")
    back = day("refund", "3-1-502", "--prepaid", "100", "--tender", "cash=100", "--reason", "x").document
    assert (back["refunds"], back["total"]) == (f"H{day.home.dwelling:06d}", "100.00")
    deposit = ["refund", "3-1-502", "--deposit", "装修押金=2000", "--reason", "完工"]
    assert day(*deposit, "--tender", "card=2000", "--not-inspected").error["code"] == "inspection_missing"
    back = day(*deposit, "--tender", "card=1700", "--deduct", "物业费=300").document
    assert (back["refunds"], back["total"], back["tender"]) == (NUMBER, "1700.00", "card")
    state = day("statement", "3-1-502").document
    assert (state["prepaid"], state["deposits"]) == ("200.00", "0.00")
    assert day("verify").document["ok"] is True


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["SJ-2026-1-000001", "--tender", "cash=2000", "--reason", "x"], 1, "refund_too_large"),
        (["SJ-2026-1-000001", "--tender", "cash=1", "--amount", "2", "--reason", "x"], 1, "refunds_differ"),
        (["SJ-2026-1-000001", "--tender", "cash=1", "--reason", " "], 1, "refund_reason_missing"),
        (["SJ-2026-1-000001", "--tender", "cash=1", "--reason", "x", "--slip", "1"], 2, "refund_what"),
        (["SJ-2026-1-000009", "--tender", "cash=1", "--reason", "x"], 1, "unknown_receipt"),
        (["3-1-502", "--prepaid", "1", "--tender", "cash=1", "--reason", "x"], 1, "prepaid_too_small"),
        (["3-1-502", "--deposit", "押金=1", "--tender", "cash=1", "--reason", "x"], 1, "deposit_too_small"),
        (["SJ-2026-1-000001", "--reason", "x"], 2, "usage_error"),
    ],
)
def test_refund_refused(day: DeskDay, arguments: list[str], status: int, code: str) -> None:
    day("collect", "3-1-502", "--tender", "wechat=1079.48@W1")
    outcome = day("refund", *arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)


def test_refund_of_a_voided_receipt(day: DeskDay) -> None:
    day("collect", "3-1-502", "--tender", "wechat=1079.48@W1")
    day("void", NUMBER, "--reason", "x")
    outcome = day("refund", NUMBER, "--tender", "cash=1", "--reason", "x")
    assert (outcome.status, outcome.error["code"]) == (1, "already_taken_back")
