"""What can be no fee item, prices that are not marked, and a second fault in a row that has one."""

import pytest

from tests.ops.importing.office import HOME, Office, changed


@pytest.mark.parametrize(
    ("sheet", "column", "name"),
    [
        ("收费标准", "收费项目", "专项维修资金"),
        ("收费标准", "收费项目", "住宅专项维修资金"),
        ("收费标准", "收费项目", "滞纳金"),
        ("收费标准", "收费项目", "物业费违约金"),
        ("期初欠费", "收费项目", "违约金"),
        ("期初欠费", "收费项目", "物业费滞纳金"),
        ("期初缴至", "收费项目", "维修基金"),
        ("期初押金", "名称", "专项维修资金"),
    ],
)
def test_what_can_be_no_fee_item_is_refused(office: Office, sheet: str, column: str, name: str) -> None:
    before = office.contents()
    ((found, row, where, reason),) = office.refusals(changed(HOME, sheet, 2, **{column: name}))
    assert (found, row, where) == (sheet, 2, column)
    assert ("专户" if "维修" in name else "到期日") in reason
    assert office.contents() == before


@pytest.mark.parametrize("name", ["装修管理费", "违约赔偿金", "公共维修服务费"])
def test_other_names_stand(office: Office, name: str) -> None:
    office.imports(changed(HOME, "收费标准", 2, 收费项目=name, 名称="住宅物业费"))


def test_prices_without_form_or_document_are_warned_of(office: Office) -> None:
    """Nothing may be charged that is not marked; it is told, and imported all the same."""
    book = changed(changed(HOME, "收费标准", 2, 依据类型=None), "收费标准", 3, 依据文件=None)
    (warning,) = office.imports(book).warnings
    assert "住宅物业费、居民水费" in warning
    assert office.imports(HOME).warnings == ()


def test_a_book_without_these_columns_leaves_known_prices_as_they_are(office: Office) -> None:
    plain = {**HOME, "收费标准": [row[:6] for row in HOME["收费标准"]]}
    (warning,) = office.imports(plain).warnings
    assert "住宅物业费" in warning
    assert office.imports(plain).warnings == ()


def test_a_long_list_is_cut(office: Office) -> None:
    head, *_rows = HOME["收费标准"]
    many = [[f"标准{n}", "物业费", "按面积", "2.80", "自有", "2024-07-01", None, None] for n in range(9)]
    tariffs = [head, *HOME["收费标准"][1:], *many]
    (warning,) = office.imports({**HOME, "收费标准": tariffs}).warnings
    assert "标准4" in warning
    assert "标准5" not in warning
    assert "9 项" in warning


def test_two_faults_of_a_row_are_told_at_once(office: Office) -> None:
    book = changed(HOME, "期初预存", 2, 房屋编号="9-9-999", 金额="一百")
    assert [(row, column) for _sheet, row, column, _reason in office.refusals(book)] == [(2, "金额"), (2, "房屋编号")]
    book = changed(HOME, "适用范围", 2, 收费标准="不存在的标准", 起始日期="昨天")
    assert [column for _sheet, _row, column, _reason in office.refusals(book)] == ["起始日期", "收费标准"]
    book = changed(HOME, "收费标准", 2, 收费项目="滞纳金", 单价="不详")
    assert [column for _sheet, _row, column, _reason in office.refusals(book)] == ["单价", "收费项目"]
