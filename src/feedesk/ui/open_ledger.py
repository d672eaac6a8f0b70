"""A ledger opened for the window, and how a new one is made at the first start. Imported after the first frame."""

from dataclasses import dataclass

from feedesk.db import Database
from feedesk.ops.run import is_training
from feedesk.ops.setting_up import create_ledger
from feedesk.ops.signing_in import StaffMember, staff
from feedesk.queries.desk import community_name
from feedesk.ui.pages.welcome import WelcomeFunctions
from feedesk.ui.tasks import Progress


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


def welcome_functions(url: str) -> WelcomeFunctions:
    """What the first start offers."""

    def empty(_progress: Progress) -> None:
        database = Database(url)
        try:
            create_ledger(database)
        finally:
            database.dispose()

    return WelcomeFunctions(empty=empty)
