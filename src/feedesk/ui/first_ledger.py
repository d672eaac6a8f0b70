"""How a ledger is made at the first start."""

from feedesk.db import Database
from feedesk.ops.setting_up import create_ledger
from feedesk.ui.pages.welcome import WelcomeFunctions
from feedesk.ui.tasks import Progress


def welcome_functions(url: str) -> WelcomeFunctions:
    """What the first start offers."""

    def empty(_progress: Progress) -> None:
        database = Database(url)
        try:
            create_ledger(database)
        finally:
            database.dispose()

    return WelcomeFunctions(empty=empty)
