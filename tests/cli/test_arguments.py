"""How arguments are read: shared options anywhere, values in the forms people write."""

from datetime import date

import pytest

from feedesk.cli.arguments import (
    NotADate,
    NotAPair,
    NotAWholeNumber,
    Parser,
    Shared,
    WrongUsage,
    add_shared_options,
    day,
    named_amount,
    split_command,
    whole,
)
from feedesk.money import AmountNotANumber, AmountTooFine, Fen


@pytest.mark.parametrize(
    ("arguments", "command", "others"),
    [
        ([], None, []),
        (["search", "x"], "search", ["x"]),
        (["--json", "search", "x"], "search", ["--json", "x"]),
        (["--database", "init", "search", "x"], "search", ["--database", "init", "x"]),
        (["--database=a.db", "search", "x", "--json"], "search", ["--database=a.db", "x", "--json"]),
        (["collect", "1-1-101", "--payer", "init"], "collect", ["1-1-101", "--payer", "init"]),
        (["--actor", "样例主管"], None, ["--actor", "样例主管"]),
        (["--today", "2026-11-23", "--approver", "b", "bill"], "bill", ["--today", "2026-11-23", "--approver", "b"]),
        (["shift", "open", "--float", "500"], "shift open", ["--float", "500"]),
        (["--json", "shift", "--database", "open", "close"], "shift close", ["--json", "--database", "open"]),
        (["shift"], "shift", []),
    ],
)
def test_command_is_the_first_word_that_is_no_options(
    arguments: list[str], command: str | None, others: list[str]
) -> None:
    assert split_command(arguments, ["search", "shift open", "shift close"]) == (command, others)


def _parser() -> Parser:
    parser = Parser("feedesk test", "…")
    parser.add_argument("account")
    add_shared_options(parser)
    return parser


def test_shared_options_before_and_after() -> None:
    options = _parser().parse_args(["--json", "1-1-101", "--database", "a.db", "--today", "2026-11-23"], Shared())
    assert (options.account, options.json, options.database) == ("1-1-101", True, "a.db")
    assert (options.today, options.actor, options.approver) == (date(2026, 11, 23), None, None)


def test_options_are_not_guessed_from_their_beginning() -> None:
    with pytest.raises(WrongUsage) as raised:
        _parser().parse_args(["1-1-101", "--data", "a.db"], Shared())
    assert "--data" in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "缺少参数：account"),
        (["a", "b"], "不认识的参数：b"),
        (["a", "--database"], "参数 --database：后面要有一个值"),
        (["a", "--json=yes"], "参数 --json：不能带值 'yes'"),
    ],
)
def test_wrong_usage_is_told_in_the_ledgers_language(arguments: list[str], problem: str) -> None:
    with pytest.raises(WrongUsage) as raised:
        _parser().parse_args(arguments, Shared())
    assert str(raised.value) == f"{problem}。请看“feedesk test --help”。"


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "23.11.2026", "today", "", "2026-11"])
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(NotADate):
        day(text)


def test_day() -> None:
    assert day(" 2026-11-23 ") == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "one", "", "²", "9" * 19])
def test_whole_numbers_that_are_none(text: str) -> None:
    with pytest.raises(NotAWholeNumber):
        whole(text)


def test_whole() -> None:
    assert whole(" 12 ") == 12
    assert whole("0", least=0) == 0


def test_named_amount() -> None:
    assert named_amount("装修押金=2,000.00") == ("装修押金", Fen(200000))
    for text in ("装修押金", "=5", "装修押金=", "装修押金= "):
        with pytest.raises(NotAPair):
            named_amount(text)
    with pytest.raises(AmountTooFine):
        named_amount("x=1.005")
    with pytest.raises(AmountNotANumber):
        named_amount("x=12a")
