"""Names and homes as the queue may read them."""

import pytest

from feedesk.rules.hidden_names import hidden_name, short_unit


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张样燕", "张**"),
        ("张", "张**"),
        ("欧阳样样", "欧阳**"),
        ("欧阳", "欧**"),
        ("司徒样", "司徒**"),
        ("Zhang Yang", "Z**"),
        ("  李样 ", "李**"),
        ("样例装饰工程有限公司", "样例**"),
        ("𠮷样", "𠮷**"),
        ("", ""),
    ],
)
def test_of_a_name_only_the_surname_is_shown(name: str, shown: str) -> None:
    assert hidden_name(name) == shown


@pytest.mark.parametrize(
    ("unit", "shown"), [("3-1-502", "502"), ("B1-087", "087"), ("商铺12", "商铺12"), ("1#1-101", "101"), ("", "")]
)
def test_of_a_home_only_the_last_part_is_shown(unit: str, shown: str) -> None:
    assert short_unit(unit) == shown
