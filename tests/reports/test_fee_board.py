"""The fee board: what the law asks for stands on it, what is missing is named, and each kind of file says the same."""

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.pricing import ItemFacts, add_tariff, begin_price
from feedesk.ops.scoping import assign_tariff
from feedesk.ops.sharing import SharedCostFacts, add_shared_cost
from feedesk.periods import Period
from feedesk.queries.fee_board import fee_board
from feedesk.reports.fee_board import REPORT, board_table
from feedesk.reports.files import UnknownFileKind, write_report
from feedesk.reports.pdf import pdf
from feedesk.reports.report import Wanted
from feedesk.rules.fee_board import FeeBoard
from feedesk.rules.price_terms import PriceTerms
from feedesk.rules.sharing import ShareBasis
from tests.community import TODAY, SmallCommunity, small_community
from tests.reports.pages import page_count, pdf_text

FEE = PriceTerms(
    method="按面积",
    unit_price=Fraction("2.80"),
    price_form="政府指导价",
    basis_document="样价〔2024〕16 号",
    valid_from=date(2024, 7, 1),
)
WATER = replace(FEE, method="按用量", unit_price=Fraction("3.04"), meter_kind="水表")


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """Two homes; 物业费 and 水费 with all that a board needs."""
    made = small_community(sqlite_ledger)
    for unit in ("3-1-502", "3-1-503"):
        made.unit(unit)
    for name, item, terms in (("住宅物业费", "物业费", FEE), ("居民水费", "水费", WATER)):
        tariff = made.run(add_tariff, name=name, item=ItemFacts(name=item, nature=""), terms=terms).tariff
        made.run(assign_tariff, tariff=tariff, pattern="*-*-*", from_date=date(2024, 7, 1))
    return made


def board(community: SmallCommunity, on: date = TODAY) -> FeeBoard:
    return community.workplace.read(fee_board, on=on)


def late_fee(community: SmallCommunity) -> None:
    community.add(
        models.LateFeeRule,
        fee_item_id=None,
        daily_rate=Fraction("0.0005"),
        grace_days=15,
        cap=Fraction(1),
        minimum=0,
        starts="到期次日",
        clause="物业服务合同第九条",
        valid_from=date(2024, 7, 1),
    )


def concession(community: SmallCommunity, document: str = "样例优惠办法") -> None:
    policy = community.add(
        models.ConcessionPolicy,
        name="老年减免",
        condition="标签=老年",
        method="百分比",
        value=Fraction(10),
        valid_from=date(2026, 1, 1),
        stackable=False,
        basis_document=document,
    )
    item = community.value(table_of(models.FeeItem), "id", name="物业费")
    community.add(models.ConcessionItem, policy_id=policy, fee_item_id=item)


def test_everything_the_law_asks_for_is_on_the_paper(community: SmallCommunity) -> None:
    late_fee(community)
    concession(community)
    text = pdf_text(pdf(board_table(board(community), Wanted(TODAY))))
    for words in (
        "物业服务收费公示",
        "温江和泰物业(样例)",
        "锦绣江南小区",
        "000-0000 0000",
        "12315",
        "物业费",
        "2.80 元/㎡·月",
        "全部住宅",
        "政府指导价",
        "样价〔2024〕16 号",
        "2024-07-01 起",
        "3.04 元/吨",
        "不收取手续费",
        "老年减免",
        "减免 10%",
        "万分之五/日",
        "宽限 15 天",
        "物业服务合同第九条",
        "次月起由业主缴纳",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words


def test_nothing_is_missing_where_all_is_said(community: SmallCommunity) -> None:
    concession(community)
    assert board(community).missing == ()


def test_what_is_shared_out_needs_a_standard_but_no_scope(community: SmallCommunity) -> None:
    facts = SharedCostFacts(
        name="3 栋公共用电",
        item="公摊电费",
        period=Period.parse("2026-11"),
        total=Fen(10000),
        scope=("3-*",),
        basis=ShareBasis.AREA,
    )
    community.run(add_shared_cost, facts=facts)
    (sentence,) = board(community).missing
    assert "公摊电费" in sentence
    assert "总额分摊" in sentence
    terms = replace(FEE, method="总额分摊", unit_price=None)
    community.run(add_tariff, name="公摊电费", item=ItemFacts(name="公摊电费", nature=""), terms=terms)
    shown = board(community)
    assert shown.missing == ()
    assert next(price for price in shown.prices if price.item == "公摊电费").places == "按每笔公摊的范围"


def test_what_is_missing_is_named_with_its_item(community: SmallCommunity) -> None:
    concession(community, document="")
    terms = replace(FEE, method="固定金额", price_form="", basis_document="")
    community.run(add_tariff, name="门禁卡", item=ItemFacts(name="工本费"), terms=terms)
    with community.database.transaction() as connection:
        connection.execute(update(table_of(models.Community)).values(service_phone=""))
    found = "\n".join(board(community).missing)
    for words in (
        "服务电话",
        "工本费(门禁卡)：缺少价格形式",
        "工本费(门禁卡)：缺少收费依据",
        "缺少服务内容",
        "没有适用的房屋",
    ):
        assert words in found
    assert "老年减免：优惠政策缺少依据文件" in found


def test_a_new_price_is_shown_ahead_and_too_late_is_told(community: SmallCommunity) -> None:
    tariff = community.value(table_of(models.Tariff), "id", name="住宅物业费")
    terms = replace(FEE, unit_price=Fraction("3.10"), valid_from=date(2027, 1, 1))
    community.run(begin_price, tariff=tariff, terms=terms)
    early = board(community)
    assert early.missing == ()
    assert [price.standard for price in early.prices if price.coming] == ["3.10 元/㎡·月"]
    assert "新标准：3.10" in str(board_table(early, Wanted(TODAY)).parts[0].rows)
    late = board(community, date(2026, 12, 20))
    assert "2027-01-01" in late.missing[0]
    assert board(community, date(2027, 2, 1)).prices[0].standard == "3.10 元/㎡·月"


def test_what_is_collected_stands_apart(community: SmallCommunity) -> None:
    parts = board_table(board(community), Wanted(TODAY)).parts
    assert [part.caption for part in parts] == ["物业服务收费", "代收代付费用"]
    assert "第四十四条" in parts[1].note


def test_an_empty_ledger_says_that_there_is_nothing(sqlite_ledger: Database) -> None:
    with sqlite_ledger.reading() as connection:
        table = board_table(fee_board(connection, on=TODAY), Wanted(TODAY))
    assert table.row_count == 0
    assert any("没有生效的收费标准" in sentence for sentence in table.missing)
    assert page_count(pdf(table)) == 1


def test_each_kind_of_file_says_the_same(community: SmallCommunity, tmp_path: Path) -> None:
    table = board_table(board(community), Wanted(TODAY, training=True))
    write_report(table, tmp_path / "公示.xlsx")
    sheet = load_workbook(tmp_path / "公示.xlsx").active
    assert sheet is not None
    written = [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]
    assert {"物业服务收费公示", "培训", "2.80 元/㎡·月"} <= set(written)
    assert sheet.page_setup.orientation == "landscape"
    write_report(table, tmp_path / "公示.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "公示.csv").read_text("utf-8-sig"))))
    assert ["物业费(住宅物业费)", "2.80 元/㎡·月"] in [[row[0], row[2]] for row in rows if len(row) > 2]
    assert "培训" in pdf_text(write_report(table, tmp_path / "公示.pdf").read_bytes())


def test_a_file_without_a_known_ending_is_refused(community: SmallCommunity, tmp_path: Path) -> None:
    with pytest.raises(UnknownFileKind, match=r"公示\.docx"):
        write_report(board_table(board(community), Wanted(TODAY)), tmp_path / "公示.docx")
    assert not list(tmp_path.glob("公示*"))


def test_the_same_board_gives_the_same_bytes(community: SmallCommunity) -> None:
    table = board_table(board(community), Wanted(TODAY))
    assert pdf(table) == pdf(table)


def test_the_report_asks_for_a_day(community: SmallCommunity) -> None:
    asked = Wanted(TODAY, last=date(2024, 1, 1))
    assert community.workplace.read(REPORT.query, wanted=asked).prices[0].coming
