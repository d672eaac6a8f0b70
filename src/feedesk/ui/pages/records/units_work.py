"""What the units section's buttons really do: the list from the ledger, workbooks in and out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedesk.ops.importing import CommunityImported, import_community
from feedesk.ops.run import Workplace
from feedesk.queries.records import RecordList, record_list
from feedesk.rules.community_rows import CellProblem
from feedesk.ui.pages.records.import_sheet import ImportFunctions
from feedesk.ui.pages.records.units_section import UnitsFunctions


@dataclass(slots=True)
class UnitsWork:
    """The records of one ledger."""

    seat: Callable[[], Workplace]
    open_path: Callable[[Path], object] = lambda path: None

    def functions(self) -> UnitsFunctions:
        """What the section calls."""
        importing = ImportFunctions(self.check, self.store, self.mark, self.open_path)
        return UnitsFunctions(self.records, self.template, importing)

    def records(self) -> RecordList:
        """Every unit with its accounts."""
        return self.seat().read(record_list)

    def check(self, path: Path) -> CommunityImported:
        """Reads a workbook and imports it without keeping anything."""
        return self._import(path, dry_run=True)

    def store(self, path: Path) -> CommunityImported:
        """Imports a workbook."""
        return self._import(path, dry_run=False)

    def mark(self, path: Path, problems: Sequence[CellProblem]) -> Path:
        """Writes the marked copy beside the workbook."""
        from feedesk.exchange.marked_copy import marked_copy_path, write_marked_copy

        return write_marked_copy(path, problems, marked_copy_path(path))

    def template(self, path: Path) -> None:
        """Writes an empty workbook where there is none."""
        from feedesk.exchange.workbook_template import write_template

        write_template(path)

    def _import(self, path: Path, *, dry_run: bool) -> CommunityImported:
        from feedesk.exchange.community_workbook import read_community_workbook

        return self.seat().run_op(import_community, book=read_community_workbook(path), dry_run=dry_run)
