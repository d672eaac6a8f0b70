"""Prices in the records, by keyboard: added, begun anew, put right, ended, assigned, tried, and hung up as a board."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.config import ThemeChoice, TypeSize
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.ops.billing import bill_period
from feedesk.ops.pricing import ItemFacts, add_tariff, begin_price
from feedesk.ops.scoping import assign_tariff
from feedesk.periods import Period
from feedesk.queries.advances import AdvanceLimits, advance_limits
from feedesk.queries.due_bills import delivery_rule
from feedesk.queries.tariff_list import TariffRow, tariff_list
from feedesk.rules.price_terms import PriceTerms
from feedesk.rules.spans import DeliveryRule
from feedesk.rules.tariffs import Method
from feedesk.ui.appearance import Appearance
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.records.billing_settings_sheet import BillingSettingsSheet
from feedesk.ui.pages.records.calculator_sheet import CalculatorSheet, LineCard, ReasonCard
from feedesk.ui.pages.records.ending_sheet import EndingSheet
from feedesk.ui.pages.records.fee_board_sheet import FeeBoardSheet
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.scope_sheet import ScopeSheet
from feedesk.ui.pages.records.section import SectionFactory
from feedesk.ui.pages.records.tariff_sheet import TariffSheet
from feedesk.ui.pages.records.tariffs_section import TariffsSection
from feedesk.ui.pages.records.tariffs_work import TariffsWork
from feedesk.ui.pages.records.time_line import stretches
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.choice import Choice
from tests.community import TODAY, SmallCommunity, small_community
from tests.reports.pages import pdf_text
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text

CTRL = Qt.KeyboardModifier.ControlModifier
FEE = PriceTerms(
    method="按面积",
    unit_price=Fraction("2.80"),
    price_form="政府指导价",
    basis_document="样价〔2024〕16 号",
    valid_from=date(2024, 7, 1),
)


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """3-1-502 of 98.60 m²; 住宅物业费 for all homes, and 车位租金 that applies nowhere yet."""
    made = small_community(sqlite_ledger)
    made.unit("3-1-502", delivered_on=date(2020, 1, 1))
    fee = made.run(add_tariff, name="住宅物业费", item=ItemFacts(name="物业费"), terms=FEE).tariff
    made.run(assign_tariff, tariff=fee, pattern="*-*-*", from_date=date(2024, 7, 1))
    rent = replace(FEE, method="固定金额", unit_price=Fraction(300), price_form="", basis_document="")
    made.run(add_tariff, name="车位租金", item=ItemFacts(name="车位服务费"), terms=rent)
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def opened() -> list[Path]:
    return []


@pytest.fixture
def section(
    community: SmallCommunity, worker: Worker, opened: list[Path], tmp_path: Path, qtbot: QtBot
) -> TariffsSection:
    window = MainWindow()
    qtbot.addWidget(window)
    work = TariffsWork(lambda: community.workplace, opened.append, tmp_path, training=True)
    factory = SectionFactory("tariffs", "Prices", lambda: TariffsSection(work.functions(), worker))
    window.add_pages([PageFactory("records", lambda: RecordsPage([factory]))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("records")
    window.activateWindow()
    page = window.pages()["records"]
    assert isinstance(page, RecordsPage)
    made = page.section()
    assert isinstance(made, TariffsSection)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and made.found() is not None)
    return made


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def refill(field: object, text: str) -> None:
    """Goes to a field and types over what stands there."""
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    type_text(field, text)


def choose(field: object, value: str) -> None:
    """Goes down a list until the value stands there."""
    assert isinstance(field, Choice)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Home)
    for _step in range(field.count()):
        if field.value() == value:
            return
        QTest.keyClick(field, Qt.Key.Key_Down)
    raise AssertionError(f"{value} is not offered")


def sheet_of(section: TariffsSection) -> object:
    return open_sheet(section.window())


def kept(section: TariffsSection, qtbot: QtBot) -> None:
    """Enter, and the list is read again."""
    before = section.found()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: section.found() is not before)
    assert open_sheet(section.window()) is None


def refused(section: TariffsSection, qtbot: QtBot) -> str:
    """Enter, and the sentence that says why not."""
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet | ScopeSheet | EndingSheet | FeeBoardSheet)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.sentence.isVisible() and sheet.button.isEnabled())
    return sheet.sentence.text()


def stored(community: SmallCommunity, name: str = "住宅物业费") -> TariffRow:
    found = community.workplace.read(tariff_list, on=TODAY)
    return next(one for one in found.tariffs if one.name == name)


def banner(section: TariffsSection) -> str:
    return section.banner.accessibleName()


def test_the_list_says_what_holds_now(section: TariffsSection) -> None:
    rows = {
        row.tariff.name: [spec.cell(row).text for spec in section.tariffs.columns] for row in section.tariffs.rows()
    }
    assert rows["住宅物业费"][:4] == ["物业费", "住宅物业费", "2.80 元/㎡·月", "政府指导价 · 样价〔2024〕16 号"]
    assert rows["住宅物业费"][4:7] == ["2024-07-01", "全部住宅", "1"]
    assert rows["车位租金"][2:4] == ["300.00 元/月", "无依据"]
    assert rows["车位租金"][5:7] == ["未设适用范围", "0"]
    assert section.title() == "收费标准"


def test_typing_finds_and_escape_shows_all_again(section: TariffsSection) -> None:
    press(Qt.Key.Key_Slash)
    type_text(section.search, "车")
    assert [row.tariff.name for row in section.tariffs.rows()] == ["车位租金"]
    assert section.time_line.accessibleName() == "2024-07-01 300.00 元/月"
    press(Qt.Key.Key_Escape)
    assert len(section.tariffs.rows()) == 2


def test_a_tariff_is_added_by_its_form(section: TariffsSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_N, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet)
    fields = sheet.fields.fields
    assert QApplication.focusWidget() is fields["name"]
    refill(fields["name"], "阶梯水费")
    refill(fields["item"], "水费")
    choose(fields["method"], Method.TIERED)
    refill(fields["tiers"], "0-180:5.00;180-260:7.00;260-:9.00")
    choose(fields["tier_cycle"], "年")
    refill(fields["person_base"], "5:36")
    refill(fields["valid_from"], "2027.1.1")
    choose(fields["price_form"], "政府指导价")
    refill(fields["basis_document"], "样发改价〔2026〕3 号")
    assert "260 吨以上 9.00 元/吨，按年累计" in sheet.reads.text()
    kept(section, qtbot)
    made = stored(community, "阶梯水费")
    terms = made.versions[0].terms
    assert (terms.tiers, terms.tier_cycle, terms.person_base) == ("0-180:5;180-260:7;260-:9", "年", "5:36")
    assert (terms.meter_kind, terms.valid_from, made.item.nature) == ("水表", date(2027, 1, 1), "代收代付")
    assert section.current() is not None
    assert section.current().name == "阶梯水费"  # type: ignore[union-attr]
    assert "已新增" in banner(section)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("price", "二元八", "单价"),
        ("price", "1/0", "单价"),
        ("valid_from", "2027-02-30", "生效日期"),
        ("due_rule", "下下月", "到期日"),
        ("item", "", "收费项目"),
        ("tax_rate", "600%", "税率"),
        ("valid_to", "2026-01-01", "失效日期"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field(
    section: TariffsSection, qtbot: QtBot, field: str, text: str, said: str
) -> None:
    press(Qt.Key.Key_N, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet)
    good = {"name": "电梯费", "item": "电梯费", "price": "30", "valid_from": "2027-01-01"}
    for name, value in {**good, field: text}.items():
        refill(sheet.fields.fields[name], value)
    assert said in refused(section, qtbot)
    assert QApplication.focusWidget() is sheet.fields.fields[field]
    press(Qt.Key.Key_Escape)
    assert sheet_of(section) is None


def test_the_form_asks_only_what_the_method_needs(section: TariffsSection) -> None:
    press(Qt.Key.Key_N, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet)
    fields = sheet.fields.fields
    wanted = {
        Method.AREA: ({"price", "cycle_months", "partial_month"}, {"tiers", "meter_kind", "formula"}),
        Method.USAGE: ({"price", "meter_kind"}, {"tiers", "cycle_months", "formula"}),
        Method.TIERED: ({"tiers", "tier_cycle", "tier_restart", "person_base", "meter_kind"}, {"cycle_months"}),
        Method.SHARED: (set(), {"price", "tiers", "cycle_months", "meter_kind"}),
        Method.FORMULA: ({"formula", "price", "cycle_months"}, {"tiers", "meter_kind"}),
    }
    for method, (shown, away) in wanted.items():
        choose(fields["method"], method)
        assert shown <= sheet.fields.texts().keys()
        assert not away & sheet.fields.texts().keys()
        assert all(fields[name].isVisibleTo(sheet) for name in shown)
        assert not any(fields[name].isVisibleTo(sheet) for name in away)


def test_a_new_price_begins_and_is_tried_before_it_is_kept(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_B, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet)
    fields = sheet.fields.fields
    assert QApplication.focusWidget() is fields["price"]
    name, first = fields["name"], fields["valid_from"]
    assert isinstance(name, QLineEdit)
    assert isinstance(first, QLineEdit)
    assert (name.isReadOnly(), first.text()) == (True, "2026-12-01")
    refill(fields["price"], "3.10")
    press(Qt.Key.Key_K, CTRL)
    calculator = sheet_of(section)
    assert isinstance(calculator, CalculatorSheet)
    type_text(calculator.unit, "3-1-502")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: calculator.trial is not None)
    assert calculator.trial is not None
    assert calculator.trial.total == 30566  # 98.60 × 3.10
    assert len(stored(community).versions) == 1
    press(Qt.Key.Key_Escape)
    assert sheet_of(section) is sheet
    kept(section, qtbot)
    before, after = stored(community).versions
    assert (before.terms.valid_to, after.terms.unit_price) == (date(2026, 11, 30), Fraction("3.1"))
    assert [one.words for one in stretches(stored(community), TODAY)] == ["2.80 元/㎡·月", "3.10 元/㎡·月"]
    assert "3.10" in section.time_line.accessibleName()


def test_enter_puts_a_price_right_with_what_belongs_to_its_item(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_Return)
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet)
    refill(sheet.fields.fields["price"], "2.90")
    refill(sheet.fields.fields["covers"], "保洁、绿化、秩序维护")
    choose(sheet.fields.fields["rounding"], "进位到角")
    kept(section, qtbot)
    tariff = stored(community)
    assert tariff.versions[0].terms.unit_price == Fraction("2.9")
    assert (tariff.item.mantissa, tariff.item.mantissa_step, tariff.item.covers) == ("进位", 10, "保洁、绿化、秩序维护")


def test_a_price_that_was_billed_by_is_not_changed(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.run(bill_period, period=Period.parse("2026-11"))
    press(Qt.Key.Key_Return)
    sheet = sheet_of(section)
    assert isinstance(sheet, TariffSheet)
    refill(sheet.fields.fields["price"], "2.90")
    assert "已用于出账" in refused(section, qtbot)
    assert stored(community).versions[0].terms.unit_price == Fraction("2.8")


def test_a_price_ends_and_the_days_without_one_are_named(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_E, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, EndingSheet)
    refill(sheet.last, "20261231")
    kept(section, qtbot)
    assert stored(community).versions[0].terms.valid_to == date(2026, 12, 31)
    assert "2027-01-01 起没有单价" in banner(section)
    assert "2027-01-01 起没有单价" in section._gaps.text()
    assert "无单价" in section.time_line.accessibleName()


def test_where_it_applies_is_set_ended_and_taken_back(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_R, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, ScopeSheet)
    refill(sheet.pattern, "9-9-999")
    assert "没有房屋 9-9-999" in refused(section, qtbot)
    refill(sheet.pattern, "3-1-502")
    refill(sheet.quantity, "2")
    kept(section, qtbot)
    scopes = {scope.pattern: scope for scope in stored(community).scopes}
    assert (scopes["3-1-502"].quantity, scopes["3-1-502"].from_date) == (Fraction(2), date(2026, 11, 1))
    section.scope_table.setFocus()
    section.scope_table.choose_row([row.scope.pattern for row in section.scopes.rows()].index("3-1-502"))
    press(Qt.Key.Key_Return)
    ending = sheet_of(section)
    assert isinstance(ending, EndingSheet)
    kept(section, qtbot)
    assert {one.pattern: one.to_date for one in stored(community).scopes}["3-1-502"] == date(2026, 11, 30)
    section.scope_table.setFocus()
    section.scope_table.choose_row([row.scope.pattern for row in section.scopes.rows()].index("3-1-502"))
    press(Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: [row.scope.pattern for row in section.scopes.rows()] == ["*-*-*"])
    assert [one.pattern for one in stored(community).scopes] == ["*-*-*"]


def test_a_price_not_used_is_taken_back_and_the_only_one_stays(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_Delete, CTRL)
    assert "Tab" in banner(section)
    section.version_table.setFocus()
    press(Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: "只有这一个单价" in banner(section))
    tariff = stored(community)
    community.run(begin_price, tariff=tariff.id, terms=replace(FEE, valid_from=date(2027, 1, 1)))
    before = section.found()
    section.refresh()
    qtbot.waitUntil(lambda: section.found() is not before)
    section.version_table.setFocus()
    section.version_table.choose_row(0)
    press(Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: len(stored(community).versions) == 1)


def test_the_calculator_reads_out_a_units_month(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_K, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, CalculatorSheet)
    press(Qt.Key.Key_Return)
    assert "请填写房屋" in sheet.sentence.text()
    type_text(sheet.unit, "张样燕")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.trial is not None)
    cards = sheet.findChildren(LineCard)
    assert [card.line.net for card in cards] == [27608]
    words = "\n".join(label.text() for label in cards[0].findChildren(QLabel))
    assert "计费面积 98.60 ㎡ × 单价 2.80 元" in words
    assert "样价〔2024〕16 号" in words
    assert "按全部住宅（*-*-*）的标准" in words
    assert "276.08" in sheet.total.text()
    refill(sheet.month, "2026Q4")
    press(Qt.Key.Key_Return)
    assert "请填写月份" in sheet.sentence.text()
    refill(sheet.month, "2024-06")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(sheet.findChildren(ReasonCard)))
    refill(sheet.unit, "没有这户")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "没有房屋" in sheet.sentence.text())
    assert (
        community.workplace.read(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM charge").scalar())
        == 0
    )


def test_the_fee_board_is_written_and_opened_and_says_what_it_lacks(
    section: TariffsSection, opened: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_P, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, FeeBoardSheet)
    qtbot.waitUntil(lambda: "还缺" in sheet.state.text())
    missing = "\n".join(label.text() for label in sheet.findChildren(QLabel))
    assert "车位服务费(车位租金)：缺少收费依据文件" in missing
    assert sheet.path.text() == str(tmp_path / "收费公示 2026-11-23.pdf")
    refill(sheet.path, str(tmp_path / "board.doc"))
    assert ".pdf" in refused(section, qtbot)
    refill(sheet.path, str(tmp_path / "board.pdf"))
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [tmp_path / "board.pdf"]
    assert "2.80元/㎡·月" in pdf_text(opened[0].read_bytes()).replace(" ", "")
    assert "board.pdf" in banner(section)


def test_the_billing_settings_hold_for_the_next_run(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_G, CTRL)
    sheet = sheet_of(section)
    assert isinstance(sheet, BillingSettingsSheet)
    assert sheet.delivery.value() is DeliveryRule.NEXT_MONTH
    press(Qt.Key.Key_Down)
    assert (sheet.months.text(), sheet.contract_end.text()) == ("12", "")
    sheet.months.setText("6")
    sheet.contract_end.setText("2027-06-30")
    kept(section, qtbot)
    assert community.workplace.read(delivery_rule) is DeliveryRule.BY_DAY
    assert community.workplace.read(advance_limits) == AdvanceLimits(6, date(2027, 6, 30))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "type_size"),
    [
        (1366, 768, TypeSize.NORMAL),
        (1366, 768, TypeSize.LARGE),
        (1093, 614, TypeSize.NORMAL),
        (911, 512, TypeSize.NORMAL),
        (911, 512, TypeSize.LARGE),
    ],
)
def test_nothing_is_cut_off(
    section: TariffsSection,
    look: Appearance,
    qtbot: QtBot,
    width: int,
    height: int,
    type_size: TypeSize,
    language: str,
) -> None:
    look.set_language(language)
    look.apply(type_size=type_size, theme=ThemeChoice.DARK if language == "en" else ThemeChoice.LIGHT)
    window = section.window()
    assert isinstance(window, MainWindow)
    window.setFixedSize(width, height)
    for _turn in range(3):
        QApplication.processEvents()
    assert cut_off(window) == []
    for act in (
        section.add_tariff,
        section.open_current,
        section.begin_price,
        section.assign,
        section.end_current,
        section.calculate,
        section.show_board,
        section.show_settings,
    ):
        act()
        for _turn in range(3):
            QApplication.processEvents()
        sheet = open_sheet(window)
        assert sheet is not None
        assert cut_off(window) == [], type(sheet).__name__
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert open_sheet(window) is None


def test_the_models_keep_qts_rules(section: TariffsSection) -> None:
    for model in (section.tariffs, section.versions, section.scopes):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    section.search.setText("物业")
    section.table.sortByColumn(6, Qt.SortOrder.DescendingOrder)
    section.retranslate()
    assert len(section.tariffs.rows()) == 1


def test_a_unit_that_is_new_is_no_reason_to_fail(
    section: TariffsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.add(
        models.Tariff,
        name="空标准",
        fee_item_id=community.value(table_of(models.FeeItem), "id", name="水费"),
        position=9,
    )
    before = section.found()
    section.refresh()
    qtbot.waitUntil(lambda: section.found() is not before)
    section.table.choose_row(2)
    section.open_current()
    section.begin_price()
    section.end_current()
    assert open_sheet(section.window()) is None
    assert section.time_line.accessibleName() == ""
