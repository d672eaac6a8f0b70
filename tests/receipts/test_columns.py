import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.receipts.columns import clean, width, wrap
from tests.receipts.samples import HARD_CHARACTERS, texts


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("SJ-2026-1-004289", 16),
        ("物业费", 6),
        ("98.60㎡×2.80", 5 + 2 + 2 + 4),
        ("· — … ①", 2 * 4 + 3),
        ("−110.44", 7),
        ("￥12", 4),
        ("样𠮷㛃", 6),
        ("5²", 2),
    ],
)
def test_width_follows_gbk(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("¥12", "￥12"),
        ("样\u200b例", "样例"),
        ("第一行\n第二行\t三", "第一行 第二行 三"),
        ("全角\u3000空格", "全角\u3000空格"),
        ("不断\u00a0开", "不断 开"),
        ("葛\U000e0100", "葛"),
        ("\x1b@\x07", " @ "),
    ],
)
def test_clean_leaves_only_what_paper_can_show(text: str, printed: str) -> None:
    assert clean(text) == printed


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 10, []),
        ("   ", 10, []),
        ("物业费", 6, ["物业费"]),
        ("物业费", 4, ["物业", "费"]),
        ("物业费12.00 车位6.93 万分之三/日", 30, ["物业费12.00 车位6.93", "万分之三/日"]),
        ("缴后仍欠 57.76(2026-08水费,争议中)", 32, ["缴后仍欠 57.76", "(2026-08水费,争议中)"]),
        ("今天,明天。", 8, ["今天,明", "天。"]),
        ("甲乙丙（丁）", 8, ["甲乙丙", "（丁）"]),
        ("单号 420000123420261123", 10, ["单号", "4200001234", "20261123"]),
        ("合计1,998.41元", 9, ["合计", "1,998.41", "元"]),
        ("付款方式更正：现金 60.00、微信 40.00", 32, ["付款方式更正：现金 60.00、", "微信 40.00"]),
        (
            "备注 物业费：12 个月全部退回，应退 3,036.88。",
            32,
            ["备注 物业费：12 个月全部退回，", "应退 3,036.88。"],
        ),
        ("公共区域水电公摊费(含电梯、二次供水及楼道照明)", 40, ["公共区域水电公摊费", "(含电梯、二次供水及楼道照明)"]),
    ],
)
def test_wrap(text: str, room: int, lines: list[str]) -> None:
    assert wrap(text, room) == lines


@given(texts.map(clean), st.integers(2, 48))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert all(0 < width(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "").replace("\u3000", "") == text.replace(" ", "").replace("\u3000", "")


def test_the_hard_characters_stay_hard() -> None:
    assert {width(character) for character in clean(HARD_CHARACTERS)} == {1, 2}
