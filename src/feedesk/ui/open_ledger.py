"""A ledger opened for the window. Imported by the worker after the first frame.

No Qt here, not even at one remove: PySide makes its types when they are first named, and two threads that do so at
once corrupt them.
"""

from dataclasses import dataclass

from feedesk.db import Database
from feedesk.ops.run import is_training
from feedesk.ops.signing_in import StaffMember, staff
from feedesk.queries.desk import community_name


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """The database, and what of it the frame shows."""

    database: Database
    community: str
    training: bool
    staff: tuple[StaffMember, ...]

    def close(self) -> None:
        """Lets go of the file."""
        self.database.dispose()


def open_ledger(url: str) -> OpenLedger | None:
    """Opens a ledger and brings it up to date; None where there is none yet.

    Raises the faults of `Database.open`: foreign, newer, damaged, locked, on a network drive …
    """
    database = Database(url)
    if not database.exists():
        database.dispose()
        return None
    database.open()
    with database.reading() as connection:
        return OpenLedger(database, community_name(connection), is_training(connection), staff(connection))
