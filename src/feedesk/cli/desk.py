"""What a command works with: its options, the ledger opened, and somebody signed in once money or records move.

Reading asks for no name. On a real ledger whoever acts proves it with the password, if one is set, from the terminal
or from FEEDESK_PASSWORD and FEEDESK_APPROVER_PASSWORD; a training ledger asks nothing.
"""

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from feedesk.cli.arguments import ledger_url
from feedesk.cli.output import Answer
from feedesk.config import default_database_url
from feedesk.db import Database
from feedesk.errors import UsageError
from feedesk.ops.run import TodayOnlyInTraining, UnknownStaff, Workplace, is_training
from feedesk.ops.sample_staff import TRAINING_ACTOR, TRAINING_APPROVER
from feedesk.ops.signing_in import StaffMember, prove, staff
from feedesk.queries.desk import ledger_language
from feedesk.texts import N_, _, use_language

Result = TypeVar("Result")


class NobodyNamed(UsageError):
    message = N_("Say who acts: --actor NAME, or FEEDESK_ACTOR. The staff: {names}.")


class PasswordNeeded(UsageError):
    message = N_("The password of {name} is needed: run this at a terminal, or set {variable}.")


class PasswordsDiffer(UsageError):
    message = N_("The two passwords differ: start again. Nothing was created.")


class Programs(Protocol):
    """What lies above the command line and is started from it."""

    def open_window(self, database: str | None, today: date | None) -> int:
        """Opens the cashier window, by default on the ledger opened last, and returns when it is closed."""
        ...

    def play_day(self, out: Path, households: int, day: date, tell: Callable[[str], None]) -> Answer:
        """Plays the sample day into a folder; ``tell`` is given lines about the progress."""
        ...

    def run_bench(self, names: Sequence[str], households: int, years: int, tell: Callable[[str], None]) -> Answer:
        """Measures what is named, or everything."""
        ...


@dataclass(frozen=True, slots=True)
class _Ledger:
    database: Database
    training: bool
    staff: tuple[StaffMember, ...]


class CommandDesk:
    """A command's place of work. The ledger is opened, and the actor signed in, when first needed."""

    def __init__(self, options: Namespace, programs: Programs) -> None:
        self.options = options
        self.programs = programs
        self._database: Database | None = None
        self._ledger: _Ledger | None = None

    @property
    def database(self) -> Database:
        """The ledger's database, opened or not. Raises `NotADatabaseUrl`, `DriverMissing`."""
        if self._database is None:
            self._database = Database(ledger_url(self.options.database) or default_database_url())
        return self._database

    @property
    def training(self) -> bool:
        """Whether this is a training ledger (培训账)."""
        return self._opened().training

    def business_date(self) -> date:
        """The business date of what would be done now."""
        return self._workplace("", None).business_date()

    def read(self, query: Callable[..., Result], *names: object, **facts: Any) -> Result:
        """``query(connection, …)`` on one consistent picture of the ledger; nobody needs to sign in."""
        with self._opened().database.reading() as connection:
            return query(connection, *names, **facts)

    def run_op(self, op: Callable[..., Result], *, approved: bool = False, **facts: Any) -> Result:
        """``op(act, **facts)`` in one transaction, by the actor; ``approved``: a second person stands behind it."""
        return self.sign_in(approved=approved).run_op(op, **facts)

    def sign_in(self, *, approved: bool = False) -> Workplace:
        """The workplace of whoever acts, proved by password where one is set.

        Raises `NobodyNamed`, `PasswordNeeded`, `UnknownStaff`, `WrongPassword`.
        """
        ledger = self._opened()
        actor = self._actor(ledger)
        approver = self.options.approver or (TRAINING_APPROVER if approved and ledger.training else None)
        self._prove(ledger, actor, "FEEDESK_PASSWORD")
        if approver:
            self._prove(ledger, approver, "FEEDESK_APPROVER_PASSWORD")
        return self._workplace(actor, approver)

    def close(self) -> None:
        """Lets go of the ledger."""
        if self._database is not None:
            self._database.dispose()

    def _workplace(self, actor: str, approver: str | None) -> Workplace:
        return Workplace(self._opened().database, actor, approver, self.options.today)

    def _opened(self) -> _Ledger:
        if self._ledger is None:
            self.database.open()
            with self.database.reading() as connection:
                use_language(ledger_language(connection))
                self._ledger = _Ledger(self.database, is_training(connection), staff(connection))
            if self.options.today is not None and not self._ledger.training:
                raise TodayOnlyInTraining
        return self._ledger

    def _actor(self, ledger: _Ledger) -> str:
        named = self.options.actor or os.environ.get("FEEDESK_ACTOR")
        if named:
            return str(named)
        if ledger.training:
            return TRAINING_ACTOR
        if len(ledger.staff) == 1:
            return ledger.staff[0].name
        raise NobodyNamed(names="、".join(member.name for member in ledger.staff))

    def _prove(self, ledger: _Ledger, name: str, variable: str) -> None:
        member = next((member for member in ledger.staff if member.name == name), None)
        if member is None:
            raise UnknownStaff(name=name)
        if ledger.training or not member.has_password:
            return
        password = os.environ.get(variable)
        if password is None:
            password = ask_password(_("Password of {name}: ").format(name=name))
        if password is None:
            raise PasswordNeeded(name=name, variable=variable)
        prove(ledger.database, name=name, password=password)


def ask_password(prompt: str) -> str | None:
    """What is typed unseen at the terminal; None where there is no terminal, or nothing came."""
    if not sys.stdin.isatty():
        return None
    try:
        return getpass.getpass(prompt) or None
    except EOFError:
        return None


def ask_new_password(name: str) -> str | None:
    """A new password, typed twice or from FEEDESK_PASSWORD; None where neither is at hand. Raises `PasswordsDiffer`."""
    given = os.environ.get("FEEDESK_PASSWORD")
    if given:
        return given
    first = ask_password(_("New password of {name}: ").format(name=name))
    if first is not None and first != ask_password(_("The same again: ")):
        raise PasswordsDiffer
    return first


def warn(text: str) -> None:
    """Tells on standard error what the person should know besides the answer."""
    print(text, file=sys.stderr)
