"""Storing what a community workbook says: all of it in one transaction, or nothing.

Rows match what is in the ledger by their natural key, so importing the same workbook twice changes nothing. A changed
row updates what may change; what has been posted or billed is refused with its reason, like any bad cell.
"""

from feedesk.ops.importing.storing import CommunityImported, WorkbookRefused, import_community
from feedesk.ops.importing.under_way import SheetTally

__all__ = ["CommunityImported", "SheetTally", "WorkbookRefused", "import_community"]
