"""Proves the ledger: everything that can be computed anew from what is stored is, and compared.

Whoever alters the database by hand, be it one amount, leaves a hash, a digest or a sum that no longer fits. Whoever
computes all of them anew can be found out only against what is kept elsewhere: the chain heads on the daily summaries
that finance keeps.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from feedesk.ledger.findings import Findings, Problem, TooMany
from feedesk.ledger.verify_balances import check_balances
from feedesk.ledger.verify_chain import Progress, VerificationStopped, Walk
from feedesk.ledger.verify_closes import DayCloses
from feedesk.ledger.verify_documents import check_documents
from feedesk.ledger.verify_facts import Names
from feedesk.ledger.verify_storage import check_file, check_guards, check_references, check_tables

__all__ = ["ExtraCheck", "Problem", "Verification", "VerificationStopped", "verify_ledger"]

ExtraCheck = Callable[[Connection], Iterable[Problem]]
"""A check that needs more than the ledger knows, such as the figures of a closed day."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: ``entries`` were walked; ``problems`` are at most `feedesk.ledger.findings.LIMIT`."""

    entries: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def verify_ledger(
    connection: Connection,
    *,
    extra_checks: Sequence[ExtraCheck] = (),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """Checks the whole ledger in a reading transaction; in little memory, whatever its size.

    ``progress(done, total)`` counts entries and charges; `VerificationStopped` is raised once ``cancelled()`` is true.
    """
    try:
        return _verify(connection, extra_checks, progress, cancelled)
    except (OperationalError, sqlite3.OperationalError) as error:
        if "decode" not in str(error):
            raise
    with _any_text(connection):
        return _verify(connection, extra_checks, progress, cancelled)


def _verify(
    connection: Connection,
    extra_checks: Sequence[ExtraCheck],
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Verification:
    findings = Findings()
    walk = Walk(connection, findings, progress, cancelled)
    try:
        if check_file(connection, findings) and check_tables(connection, findings):
            check_guards(connection, findings)
            check_references(connection, findings)
            _walk(walk, connection, findings)
            check_balances(connection, findings)
        if not findings.problems:  # the figures of a ledger that does not hold together would only say so again
            for check in extra_checks:
                for problem in check(connection):
                    findings.include(problem)
    except TooMany:
        pass
    return Verification(walk.entries, findings.problems)


def _walk(walk: Walk, connection: Connection, findings: Findings) -> None:
    names, closes = Names.read(connection), DayCloses()
    for act in walk.acts():
        check_documents(act, names, findings)
        closes.check(act, walk.chains, findings)
    walk.check_heads()


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """SQLite hands out even text that is no UTF-8, so that garbage in a column is found rather than stumbled over."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    before = driver.text_factory
    driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before
