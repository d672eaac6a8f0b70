"""What the settings page really does on an open ledger: it joins the card to queries and operations."""

from collections.abc import Callable

from feedesk.ops.run import Workplace
from feedesk.queries.desk import allocation_order, tenders
from feedesk.queries.desk_terms import desk_terms, setting_traces
from feedesk.queries.offsets import offset_rule
from feedesk.queries.waiver_quota import late_fee_quota
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.pages.settings_desk import DeskSettings, DeskSettingsFunctions


class DeskSettingsWork:
    """The ledger's settings, read and changed by whoever sits here; everybody is told after a change."""

    def __init__(self, seat: Callable[[], Workplace], changes: Changes) -> None:
        self._seat, self._changes = seat, changes

    def functions(self) -> DeskSettingsFunctions:
        """What the card calls."""
        return DeskSettingsFunctions(self._read, self._change)

    def _read(self) -> DeskSettings:
        place = self._seat()
        return DeskSettings(
            terms=place.read(desk_terms),
            quota=place.read(late_fee_quota),
            order=place.read(allocation_order),
            offset=place.read(offset_rule),
            tenders=tuple(place.read(tenders).values()),
            traces=place.read(setting_traces),
        )

    def _change(self, op: Callable[..., object], **facts: object) -> object:
        done = self._seat().run_op(op, **facts)
        self._changes.tell(Changed.SETTINGS)
        return done
