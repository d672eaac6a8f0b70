"""Arguments: the shared options before or after a command's own, and how amounts, dates and periods are read.

A wrongly written value is wrong use of the command (exit status 2) with the sentence that the window would show.
"""

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NoReturn

from feedesk.errors import UsageError, UserError
from feedesk.money import Fen, parse_amount
from feedesk.periods import Period
from feedesk.texts import N_, _

# argparse says its own few words through gettext, which would ask the system for a language; ours is the ledger's.
vars(argparse)["_"] = _
ARGPARSE_TEXTS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("ignored explicit argument %r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("not allowed with argument %s"),
    N_("one of the arguments %s is required"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
)


class WrongUsage(UsageError):
    message = N_("{problem}. See “{command} --help”.")
    code = "usage_error"


class NotADate(UserError):
    message = N_("“{text}” is not a date: write it like 2026-11-23.")


class NotAWholeNumber(UserError):
    message = N_("“{text}” is not a whole number of at least {least}.")


class NotAPair(UserError):
    message = N_("“{text}” is not of the form {form}.")


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises `WrongUsage` instead of printing, and speaks the ledger's language."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, add_help=False, allow_abbrev=False)
        self.add_argument("-h", "--help", action="help", help=_("shows this help"))

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(problem=message, command=self.prog)


class Shared(argparse.Namespace):
    """The options every command has, at their defaults."""

    database: str | None = None
    json: bool = False
    actor: str | None = None
    approver: str | None = None
    today: date | None = None


def add_shared_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options every command accepts; what is not given leaves `Shared` as it is."""
    group = parser.add_argument_group(_("every command"))

    def option(name: str, explained: str, metavar: str, kind: Callable[[str], object] = str) -> None:
        group.add_argument(name, help=explained, metavar=metavar, type=kind, default=argparse.SUPPRESS)

    option("--database", _("the ledger: a file or a URL (or FEEDESK_DATABASE)"), "URL")
    option("--actor", _("who acts (or FEEDESK_ACTOR)"), "NAME")
    option("--approver", _("who approves what needs a second person"), "NAME")
    option("--today", _("the business date; on a training ledger only"), "DATE", day)
    group.add_argument(
        "--json", action="store_true", help=_("answers with one JSON document"), default=argparse.SUPPRESS
    )


_WITH_A_VALUE = ("--database", "--actor", "--approver", "--today")


def split_command(arguments: Sequence[str], commands: Iterable[str]) -> tuple[str | None, list[str]]:
    """The command among the arguments, the first word (for ``shift open`` the first two) that is no shared option's.

    Returns it, known or not, and all the other arguments.
    """
    longer = {command.partition(" ")[0] for command in commands if " " in command}
    words: list[str] = []
    others = []
    is_value = False
    for argument in arguments:
        wanted = not words or (len(words) == 1 and words[0] in longer)
        if is_value or argument.startswith("-") or not wanted:
            others.append(argument)
            is_value = not is_value and argument in _WITH_A_VALUE
        else:
            words.append(argument)
    return " ".join(words) or None, others


def ledger_url(named: str | None) -> str | None:
    """The URL of the ledger meant, as named or by FEEDESK_DATABASE, a plain path being a SQLite file; else None."""
    where = named or os.environ.get("FEEDESK_DATABASE")
    if not where or "://" in where:
        return where or None
    return f"sqlite:///{where}"


def amount(text: str) -> Fen:
    """An amount in yuan, at least 0; raises the sentences of `parse_amount`."""
    return parse_amount(text)


def day(text: str) -> date:
    """A date as ``2026-11-23``; else `NotADate`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotADate(text=text) from None


def period(text: str) -> Period:
    """A billing period; else `NotAPeriod`."""
    return Period.parse(text)


def whole(text: str, *, least: int = 1) -> int:
    """A whole number of at least ``least``; else `NotAWholeNumber`."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18 or int(digits) < least:
        raise NotAWholeNumber(text=text, least=least)
    return int(digits)


def named_amount(text: str) -> tuple[str, Fen]:
    """``NAME=AMOUNT``; else `NotAPair`."""
    name, found, rest = text.partition("=")
    if not found or not name.strip() or not rest.strip():
        raise NotAPair(text=text, form="NAME=AMOUNT")
    return name.strip(), parse_amount(rest)


def months_of(text: str) -> tuple[str, int]:
    """``ITEM=MONTHS``; else `NotAPair` or `NotAWholeNumber`."""
    item, found, rest = text.partition("=")
    if not found or not item.strip() or not rest.strip():
        raise NotAPair(text=text, form="ITEM=MONTHS")
    return item.strip(), whole(rest)


def amounts_by_name(text: str) -> dict[str, Fen]:
    """``NAME=AMOUNT,NAME=AMOUNT``, each name once; else `NotAPair`."""
    pairs = [named_amount(part) for part in text.split(",") if part.strip()]
    if not pairs or len({name for name, _amount in pairs}) < len(pairs):
        raise NotAPair(text=text, form="NAME=AMOUNT,NAME=AMOUNT")
    return dict(pairs)
