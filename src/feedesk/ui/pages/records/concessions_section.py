"""Concessions (优惠): the policies and whom they were granted to, what ends soon, and all that is done with them."""

from collections.abc import Sequence
from typing import Any, Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from feedesk.errors import FeedeskError
from feedesk.queries.concession_list import SOON, ConcessionList, GrantRow, PolicyRow, ending_soon
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.records.concession_sheets import ConcessionsFunctions, ConcessionSheets
from feedesk.ui.pages.records.concession_tables import (
    GRANT_COLUMNS,
    POLICY_COLUMNS,
    ShownGrant,
    ShownPolicy,
)
from feedesk.ui.pages.records.section import Section
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card, Rule, strip
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.list_filter import ListFilter
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.segments import SegmentedTabs

GROUP: Final = N_("Concessions")
POLICIES, GRANTS = 0, 1


class ConcessionsSection(Section):
    """`account_asked` carries the account of a grant, to be shown at the desk."""

    account_asked = Signal(int)

    def __init__(self, functions: ConcessionsFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._found: ConcessionList | None = None
        self._sheets = ConcessionSheets(self, functions, worker)
        self.banner = Banner()
        self.views = SegmentedTabs(keys=("Alt+1", "Alt+2"))
        self.soon = CheckBox(N_("Only what ends within 60 days"), keys="Alt+3")
        self.search = ListFilter(self.table)
        self.policies = RowsModel(POLICY_COLUMNS, self)
        self.grants = RowsModel(GRANT_COLUMNS, self)
        self.policy_table, self.grant_table = TableView(self.policies), TableView(self.grants)
        self.new_button = QuietButton(keys="Ctrl+N")
        self.grant_button = QuietButton(keys="Ctrl+G")
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        self._head, head = strip(12)
        head.addWidget(self.views)
        head.addWidget(self.soon)
        head.addStretch(1)
        head.addWidget(self.search)
        head.addWidget(self.new_button)
        head.addWidget(self.grant_button)
        self._stack = QStackedWidget()
        empty = EmptyState(
            "archive", N_("No concessions yet"), N_("Add one with Ctrl+N, or bring a workbook with policies.")
        )
        for page in (self.policy_table, self.grant_table, empty):
            self._stack.addWidget(page)
        for table in (self.policy_table, self.grant_table):
            table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self._foot, foot = strip(14)
        self._hints: dict[str, KeyHint] = {}
        for name, message, keys, act in (
            ("change", N_("Put right"), "Return", self._open_current),
            ("begin", N_("New terms from a day on"), "Ctrl+B", self.begin_anew),
            ("desk", N_("Show at the desk"), "Return", self._open_current),
            ("renew", N_("Renew"), "Ctrl+R", self.renew),
            ("end", N_("End or withdraw"), "Ctrl+E", self.end_current),
            ("search", N_("Search"), "/", self.search.focus),
        ):
            hint = self._hints[name] = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            foot.addWidget(hint)
        foot.addStretch(1)
        card = Card()
        card.body.addWidget(self._head)
        card.body.addWidget(Rule("line"))
        card.body.addWidget(self._stack, 1)
        card.body.addWidget(Rule("line"))
        card.body.addWidget(self._foot)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(card, 1)

    def _connect(self) -> None:
        self._sheets.kept.connect(self._on_kept)
        self._sheets.refused.connect(self._on_refused)
        self.views.chosen.connect(self._on_view)
        self.soon.toggled.connect(self._show_rows)
        self.search.textChanged.connect(self._on_search)
        self.new_button.clicked.connect(self.add_policy)
        self.grant_button.clicked.connect(self.grant)
        for table in (self.policy_table, self.grant_table):
            table.opened.connect(lambda _row: self._open_current())
            table.typed.connect(self.search.take_text)
        for keys, message, act in (
            ("Alt+1", N_("Policies"), lambda: self.show_view(POLICIES)),
            ("Alt+2", N_("Grants"), lambda: self.show_view(GRANTS)),
            ("Alt+3", N_("Only what ends within 60 days"), self.soon.toggle),
            ("Ctrl+N", N_("Add a policy"), self.add_policy),
            ("Ctrl+B", N_("New terms from a day on"), self.begin_anew),
            ("Ctrl+G", N_("Grant a concession"), self.grant),
            ("Ctrl+R", N_("Renew a grant"), self.renew),
            ("Ctrl+E", N_("End or withdraw"), self.end_current),
            ("/", N_("Search"), self.search.focus),
            ("Escape", N_("Show all again"), self._on_escape),
        ):
            bind(self, keys, message, act, group=GROUP)

    # ---- the lists -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads policies and grants in the worker."""

        def work(_progress: Progress) -> ConcessionList:
            return self._call.listed()

        self._worker.start(work, done=self._show, failed=self._on_failed)

    def found(self) -> ConcessionList | None:
        """What is shown now."""
        return self._found

    def _show(self, found: ConcessionList) -> None:
        self._found = found
        self._show_rows()

    def _show_rows(self) -> None:
        found = self._found
        if found is None:
            return
        policies: Sequence[PolicyRow] = found.policies
        grants: Sequence[GrantRow] = found.grants
        if self.soon.isChecked():
            policies, grants = ending_soon(found, within=SOON)
        self.policies.set_rows([ShownPolicy(one, found.on) for one in policies])
        self.grants.set_rows([ShownGrant(one, found.on) for one in grants])
        for table in (self.policy_table, self.grant_table):
            table.choose_row(0)
        self._tell_views()
        self._on_view()

    def _tell_views(self) -> None:
        counts = (len(self.policies.rows()), len(self.grants.rows()))
        names = (_("Policies"), _("Grants"))
        self.views.set_words([f"{name} {count}" for name, count in zip(names, counts, strict=True)])

    def show_view(self, view: int) -> None:
        """Policies or grants."""
        self.views.choose(view)

    def _on_view(self) -> None:
        """The table, and the keys that mean something in it."""
        grants = self.views.current() == GRANTS
        empty = self._found is not None and not self._found.policies
        self._stack.setCurrentIndex(2 if empty else self.views.current())
        shown = {"change": not grants, "begin": not grants, "desk": grants, "renew": grants}
        for name, visible in shown.items():
            self._hints[name].setVisible(visible)

    def table(self) -> TableView:
        """The table in sight."""
        return self.grant_table if self.views.current() == GRANTS else self.policy_table

    def current(self) -> PolicyRow | GrantRow | None:
        """The row marked."""
        place = self.table().currentIndex().row()
        model: RowsModel[Any] = self.grants if self.views.current() == GRANTS else self.policies
        if not 0 <= place < len(model.rows()):
            return None
        row = model.row_at(place)
        return row.grant if isinstance(row, ShownGrant) else row.policy

    def _on_search(self, text: str) -> None:
        for model, table in ((self.policies, self.policy_table), (self.grants, self.grant_table)):
            model.set_filter(text)
            table.choose_row(0)
        self._tell_views()

    def _on_escape(self) -> None:
        self.search.clear()
        self.soon.setChecked(False)
        self.take_focus()

    # ---- what is done --------------------------------------------------------------------------------------------

    def _open_current(self) -> None:
        """Enter: puts a policy right, or shows the account of a grant at the desk."""
        row = self.current()
        if isinstance(row, GrantRow):
            self.account_asked.emit(row.account)
        elif row is not None and self._found is not None:
            self._sheets.change(self._found, row)

    def add_policy(self) -> None:
        """Ctrl+N."""
        if self._found is not None:
            self._sheets.add(self._found)

    def begin_anew(self) -> None:
        """Ctrl+B: the policy marked, with other terms from next month on."""
        row = self.current()
        if isinstance(row, PolicyRow) and self._found is not None:
            self._sheets.begin_anew(self._found, row)

    def grant(self) -> None:
        """Ctrl+G: the policy marked, or the first that can be granted, to an account."""
        row = self.current()
        if self._found is not None:
            policy = row.id if isinstance(row, PolicyRow) else row.policy_id if row else 0
            self._sheets.grant(self._found, policy=policy)

    def renew(self) -> None:
        """Ctrl+R: the grant marked, for another year."""
        row = self.current()
        if isinstance(row, GrantRow) and self._found is not None:
            self._sheets.renew(self._found, row)

    def end_current(self) -> None:
        """Ctrl+E: ends a policy, withdraws a grant."""
        row = self.current()
        if row is not None and self._found is not None:
            self._sheets.end(self._found, row)

    def _on_kept(self, said: str) -> None:
        self._tell("good", said)
        self.changed.emit()
        self.refresh()

    def _on_refused(self, said: str) -> None:
        self._tell("warn", said)

    def _on_failed(self, error: FeedeskError) -> None:
        self._tell("danger", str(error))

    def _tell(self, tone: Literal["good", "warn", "danger"], said: str) -> None:
        self.banner.tell(tone, (Span(said, tone),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Concessions")

    def take_focus(self) -> None:
        self.table().setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.search.setPlaceholderText(_("Policy, unit or name"))
        self.search.setAccessibleName(_("Search"))
        self.policy_table.setAccessibleName(_("Policies"))
        self.grant_table.setAccessibleName(_("Grants"))
        self.new_button.set_words(_("Add a policy"))
        self.grant_button.set_words(_("Grant"))
        self._tell_views()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._head.setFixedHeight(44 if compact else 56)
        self._foot.setFixedHeight(30 if compact else 41)
        self.search.setFixedWidth(150 if compact else 220)
