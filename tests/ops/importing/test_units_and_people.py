"""小区, 房屋 and 住户: what may change does, what may not is refused; accounts follow from who pays."""

import pytest

from feedesk.ops.importing.readings_of_names import reading_of_name
from tests.ops.importing.office import HOME, Office, Sheet, changed, tally

ACCOUNTS = (
    "SELECT u.code, r.name, a.from_date, a.to_date, CAST(a.developer AS INTEGER) FROM account a"
    " JOIN unit u ON u.id = a.unit_id JOIN resident r ON r.id = a.payer_id"
    " ORDER BY u.sort_key, a.developer, a.from_date"
)
RECORDS = {sheet: HOME[sheet] for sheet in ("小区", "房屋", "住户", "收费标准")}


def accounts(office: Office) -> list[tuple[str, str, str | None, str | None, int]]:
    return [
        (code, name, start and str(start), end and str(end), developer)
        for code, name, start, end, developer in office.rows(ACCOUNTS)
    ]


def test_accounts_are_derived(office: Office) -> None:
    office.imports(RECORDS)
    assert accounts(office) == [
        ("3-1-502", "张样燕", "2020-09-26", None, 0),
        ("10-1-101", "锦江样例置业", None, None, 1),
        ("B1-087", "张样燕", None, None, 0),
    ]


def test_without_a_developer_nobody_owes_for_unsold_units(office: Office) -> None:
    office.imports(changed(RECORDS, "小区", 2, 开发商=None))
    assert [code for code, *_rest in accounts(office)] == ["3-1-502", "B1-087"]


def test_the_developer_owes_before_delivery_while_there_are_prices(office: Office) -> None:
    office.imports(changed(RECORDS, "房屋", 2, 交付日期="2026-11-20"))
    assert accounts(office)[:2] == [
        ("3-1-502", "张样燕", "2020-09-26", None, 0),
        ("3-1-502", "锦江样例置业", None, None, 1),
    ]


def test_a_renamed_developer_keeps_his_accounts(office: Office) -> None:
    office.imports(RECORDS)
    before = office.rows("SELECT id FROM account ORDER BY id")
    office.imports(changed(RECORDS, "小区", 2, 开发商="样例新置业"))
    assert office.rows("SELECT id FROM account ORDER BY id") == before
    assert accounts(office)[1][1] == "样例新置业"


def test_a_tenant_who_pays_takes_over_from_a_day(office: Office) -> None:
    office.imports(RECORDS)
    tenant = ["3-1-502", "李样国", "租户", "K2", None, None, None, "2026-07-01", None, "是"]
    done = office.imports({**RECORDS, "住户": [*RECORDS["住户"], tenant]})
    assert tally(done, "住户") == (1, 0, 2)
    assert accounts(office)[:2] == [
        ("3-1-502", "张样燕", "2020-09-26", "2026-06-30", 0),
        ("3-1-502", "李样国", "2026-07-01", None, 0),
    ]


def test_a_change_of_hands_leaves_old_debts_where_they_belong(either_office: Office) -> None:
    either_office.imports(HOME)
    book = changed(RECORDS, "住户", 2, 截止日期="2026-11-30")
    buyer = ["3-1-502", "王样𠮷", "业主", "K3", None, None, None, "2026-12-01", None, None]
    either_office.imports({**book, "住户": [*book["住户"], buyer]})
    assert accounts(either_office)[:2] == [
        ("3-1-502", "张样燕", "2020-09-26", "2026-11-30", 0),
        ("3-1-502", "王样𠮷", "2026-12-01", None, 0),
    ]
    owing = either_office.rows("SELECT DISTINCT r.name FROM charge c JOIN account a ON a.id = c.account_id"
                        " JOIN resident r ON r.id = a.payer_id")  # fmt: skip
    assert owing == [("张样燕",)]


def test_two_payers_at_once_are_refused(office: Office) -> None:
    second = ["3-1-502", "王样𠮷", "业主", "K3", None, None, None, None, None, None]
    ((sheet, row, column, reason),) = office.refusals({**RECORDS, "住户": [*RECORDS["住户"], second]})
    assert (sheet, row, column) == ("住户", 4, "缴费人")
    assert "张样燕" in reason
    assert "王样𠮷" in reason


def test_a_second_payer_collides_with_the_one_in_the_ledger(office: Office) -> None:
    office.imports(RECORDS)
    header = RECORDS["住户"][0]
    second = ["3-1-502", "王样𠮷", "业主", "K3", None, None, None, None, None, None]
    assert [found[:3] for found in office.refusals({"住户": [header, second]})] == [("住户", 2, "缴费人")]


def test_an_account_nothing_was_booked_on_goes_with_its_reason(either_office: Office) -> None:
    either_office.imports(RECORDS)
    done = either_office.imports(changed(RECORDS, "住户", 3, 缴费人="否"))
    assert tally(done, "住户") == (0, 1, 1)
    assert [code for code, *_rest in accounts(either_office)] == ["3-1-502", "10-1-101"]


def test_an_account_with_debts_only_ends(office: Office) -> None:
    office.imports(HOME)
    office.imports(changed(RECORDS, "住户", 2, 缴费人="否"))
    assert accounts(office)[0] == ("3-1-502", "张样燕", "2020-09-26", "2026-11-23", 0)


def test_units_change_but_for_what_has_no_column(office: Office) -> None:
    office.imports(RECORDS)
    done = office.imports({"房屋": [["房屋编号", "人口"], ["3-1-502", 3]]})
    assert tally(done, "房屋") == (0, 1, 0)
    assert office.rows("SELECT persons, built_area, occupancy FROM unit WHERE code = '3-1-502'") == [(3, 9860, "自住")]
    done = office.imports({"房屋": [["房屋编号", "建筑面积"], ["3-1-502", None]]})
    assert office.rows("SELECT persons, built_area FROM unit WHERE code = '3-1-502'") == [(3, None)]


def test_a_space_is_joined_to_another_home(office: Office) -> None:
    office.imports(RECORDS)
    done = office.imports(changed(RECORDS, "房屋", 3, 关联房屋="10-1-101"))
    assert tally(done, "房屋") == (0, 1, 2)
    done = office.imports(changed(RECORDS, "房屋", 3, 关联房屋=None))
    assert tally(done, "房屋") == (0, 1, 2)
    assert office.rows("SELECT joined_to FROM unit WHERE code = 'B1-087'") == [(None,)]


def test_another_community_needs_a_ledger_of_its_own(office: Office) -> None:
    office.imports(RECORDS)
    assert office.refusals({"小区": [["小区名称"], ["别的小区"]]})[0][:3] == ("小区", 2, "小区名称")


def test_a_workbook_describes_one_community(office: Office) -> None:
    assert office.refusals({"小区": [["小区名称"], ["甲"], ["乙"]]})[0][:3] == ("小区", 3, "小区名称")


def test_a_community_gets_its_name_later(office: Office) -> None:
    done = office.imports({"房屋": [["房屋编号"], ["3-1-502"]]})
    assert done.warnings == ("缺少“小区”表：小区还没有名称。",)
    done = office.imports({"小区": [["小区名称", "地址"], ["锦绣江南小区", "样例路 1 号"]]})
    assert tally(done, "小区") == (0, 1, 0)
    assert office.rows("SELECT name, address FROM community") == [("锦绣江南小区", "样例路 1 号")]


def test_one_number_is_one_person(office: Office) -> None:
    office.imports(RECORDS)
    assert office.rows("SELECT customer_code, name, pinyin, initials FROM resident WHERE customer_code = 'K1'") == [
        ("K1", "张样燕", "zhang yang yan", "zyy")
    ]
    assert office.rows("SELECT phone FROM resident_phone ORDER BY position") == [("12000000502",), ("12000006621",)]


def test_one_number_with_two_names_is_refused(office: Office) -> None:
    found = office.refusals(changed(RECORDS, "住户", 3, 姓名="李样国"))
    assert [one[:3] for one in found] == [("住户", 3, "客户编号")]
    office.imports(RECORDS)
    found = office.refusals({"住户": [RECORDS["住户"][0], ["10-1-101", "赵样芬", "租户", "K1"]]})
    assert "账里" in found[0][3]


def test_persons_are_never_guessed_from_a_name(office: Office) -> None:
    book = changed(changed(RECORDS, "住户", 2, 客户编号=None), "住户", 3, 客户编号=None)
    office.imports(book)
    assert office.rows("SELECT COUNT(*) FROM resident WHERE name = '张样燕'") == [(2,)]


def test_a_person_gets_a_number_later(either_office: Office) -> None:
    either_office.imports(changed(changed(RECORDS, "住户", 2, 客户编号=None), "住户", 3, 客户编号=None))
    before = either_office.rows("SELECT id FROM account ORDER BY id")
    either_office.imports(RECORDS)
    assert either_office.rows("SELECT customer_code FROM resident WHERE name = '张样燕'") == [("K1",)]
    assert either_office.rows("SELECT id FROM account ORDER BY id") == before
    assert len(set(either_office.rows("SELECT payer_id FROM account WHERE NOT developer"))) == 1


def test_another_number_for_a_known_person_is_refused(office: Office) -> None:
    office.imports(RECORDS)
    book = changed(RECORDS, "住户", 2, 客户编号="K9")
    assert [one[:3] for one in office.refusals(book)] == [("住户", 2, "客户编号")]


def test_telephones_tags_and_plates_follow_the_sheet(either_office: Office) -> None:
    either_office.imports(RECORDS)
    done = either_office.imports(changed(RECORDS, "住户", 2, 电话="12000000999", 标签="老年;低保"))
    assert tally(done, "住户") == (0, 2, 0), "the person stands in two rows"
    assert either_office.rows("SELECT phone FROM resident_phone") == [("12000000999",)]
    assert either_office.rows("SELECT tag FROM occupancy_tag ORDER BY id") == [("老年",), ("低保",)]
    done = either_office.imports({"住户": [["房屋编号", "姓名", "身份"], ["3-1-502", "张样燕", "业主"]]})
    assert tally(done, "住户") == (0, 0, 1), "what has no column stays"
    either_office.imports(changed(RECORDS, "住户", 3, 车牌=None))
    assert either_office.rows("SELECT * FROM plate") == []


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张样燕", "zhang yang yan", "zyy"),
        ("曾样芳", "zeng yang fang", "zyf"),
        ("单样喆", "shan yang zhe", "syz"),
        ("王样𠮷", "wang yang ji", "wyj"),
        ("李样〇", "li yang ling", "lyl"),
        ("Smith 样", "smith yang", "sy"),
    ],
)
def test_how_names_are_read(name: str, pinyin: str, initials: str) -> None:
    assert reading_of_name(name) == (pinyin, initials)


def test_the_account_of_the_day_counts(office: Office) -> None:
    """A unit that stood empty of payers has no account to book on."""
    book: dict[str, Sheet] = {**RECORDS, "期初预存": [["房屋编号", "金额"], ["5-1-101", 100]]}
    book["房屋"] = [*RECORDS["房屋"], ["5-1-101", 80, "空置", None, None]]
    ((sheet, row, column, reason),) = office.refusals(book)
    assert (sheet, row, column) == ("期初预存", 2, "房屋编号")
    assert "缴费人" in reason


def test_a_space_can_only_be_joined_to_a_unit_that_is_there(office: Office) -> None:
    found = office.refusals(changed(RECORDS, "房屋", 3, 关联房屋="3-1-503"))
    assert [one[:3] for one in found] == [("房屋", 3, "关联房屋")]
