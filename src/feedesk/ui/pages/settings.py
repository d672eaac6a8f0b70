"""Settings: of this person on this machine (language, look, printer, customer display), and of the ledger (money).

Every change holds at once and is saved at once; there is no button to forget. Saving, printing and opening a folder
are functions the page is given.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from feedesk.config import Config, PrinterProfile, PrinterTransport, ThemeChoice, TypeSize
from feedesk.errors import FeedeskError
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.page import Page
from feedesk.ui.pages.settings_customer import CustomerCard, CustomerFunctions
from feedesk.ui.pages.settings_desk import DeskSettingsCard, DeskSettingsFunctions
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label

_LANGUAGES: Final = (("zh_CN", N_("Chinese")), ("en", N_("English")))
_THEMES: Final = (
    (ThemeChoice.SYSTEM, N_("As the system shows")),
    (ThemeChoice.LIGHT, N_("Light")),
    (ThemeChoice.DARK, N_("Dark")),
)
_SIZES: Final = ((TypeSize.NORMAL, N_("Normal")), (TypeSize.LARGE, N_("Large, with a large total")))
_LOCKS: Final = (
    (0, N_("Only by Ctrl+Shift+L")),
    (2, N_("After 2 minutes without a key")),
    (5, N_("After 5 minutes without a key")),
    (10, N_("After 10 minutes without a key")),
    (30, N_("After 30 minutes without a key")),
)
_TRANSPORTS: Final = (
    (PrinterTransport.VIRTUAL, N_("Built-in virtual printer")),
    (PrinterTransport.NETWORK, N_("Network printer")),
    (PrinterTransport.USB, N_("USB printer")),
    (PrinterTransport.SERIAL, N_("Serial printer")),
    (PrinterTransport.FILE, N_("Into a file or device")),
    (PrinterTransport.WIN32 if sys.platform == "win32" else PrinterTransport.CUPS, N_("A printer of the system")),
)
_COLUMNS: Final = (
    (48, N_("80 mm, 48 columns")),
    (42, N_("80 mm, 42 columns")),
    (32, N_("58 mm, 32 columns")),
)
_REPERTOIRES: Final = (
    ("gbk", N_("GBK (most printers)")),
    ("gb2312", N_("GB2312 (old firmware)")),
    ("gb18030", N_("GB18030")),
    ("utf8", N_("UTF-8")),
    ("none", N_("No Chinese firmware: print as a picture")),
)


@dataclass(frozen=True, slots=True)
class SettingsFunctions:
    """What the page calls. ``save`` keeps the settings and applies them; ``print_test`` prints a slip or raises a
    `FeedeskError`; ``open_folder`` shows the folder of the ledger in the system's file program. ``customer`` and
    ``desks`` are there once a desk stands.
    """

    save: Callable[[Config], object]
    print_test: Callable[[PrinterProfile], object]
    open_folder: Callable[[], object]
    customer: CustomerFunctions | None = None
    desks: DeskSettingsFunctions | None = None


class SettingsPage(Page):
    """Two columns of cards, all of it within reach of Tab, arrows and Space."""

    def __init__(self, config: Config, ledger: str, functions: SettingsFunctions) -> None:
        super().__init__()
        self._config = config
        self._call = functions
        self._outcome = Label("", "secondary", tone="ink_2", wraps=True)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._look_card = self._build_look()
        self._printer_card = self._build_printer()
        self._ledger_card = self._build_ledger(ledger)
        self.customer = CustomerCard(functions.customer) if functions.customer is not None else None
        self.desks = DeskSettingsCard(functions.desks) if functions.desks is not None else None
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 12)
        column.addLayout(self._grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.finish()

    def _card(self, message: str) -> tuple[Card, QVBoxLayout]:
        card = Card()
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 18)
        column.setSpacing(14)
        column.addWidget(Label.saying(message, "title", bold=True))
        card.body.addLayout(column)
        return card, column

    def _build_look(self) -> Card:
        card, column = self._card(N_("Language and look"))
        self.language = Choice(_LANGUAGES, self._config.language)
        self.theme = Choice(_THEMES, self._config.theme)
        self.type_size = Choice(_SIZES, self._config.type_size)
        self.lock = Choice(_LOCKS, self._config.lock_after_minutes)
        for message, field, name in (
            (N_("Language of the window"), self.language, "language"),
            (N_("Theme"), self.theme, "theme"),
            (N_("Type size"), self.type_size, "type_size"),
            (N_("Lock the window"), self.lock, "lock_after_minutes"),
        ):
            field.chosen.connect(self._keeper(name))
            column.addWidget(FormRow(message, field))
        column.addStretch(1)
        return card

    def _build_printer(self) -> Card:
        card, column = self._card(N_("Receipt printer"))
        printer = self._config.printer
        self.transport = Choice(_TRANSPORTS, printer.transport)
        self.address = QLineEdit(printer.address)
        self.address.setProperty("form", True)
        self.columns = Choice(_COLUMNS, printer.columns)
        self.repertoire = Choice(_REPERTOIRES, printer.repertoire)
        self.opens_drawer = CheckBox(N_("Open the cash drawer after cash"))
        self.cuts = CheckBox(N_("Cut the paper after each slip"))
        self.opens_drawer.setChecked(printer.opens_drawer)
        self.cuts.setChecked(printer.cuts)
        self._address_row = FormRow(N_("Address"), self.address)
        column.addWidget(FormRow(N_("Kind of printer"), self.transport))
        column.addWidget(self._address_row)
        column.addWidget(FormRow(N_("Paper"), self.columns))
        column.addWidget(FormRow(N_("Characters it knows"), self.repertoire))
        column.addWidget(self.opens_drawer)
        column.addWidget(self.cuts)
        self.test_button = QuietButton()
        self.test_button.clicked.connect(self._on_print_test)
        row = QHBoxLayout()
        row.addWidget(self.test_button)
        row.addWidget(self._outcome, 1)
        column.addLayout(row)
        column.addStretch(1)
        for field, name in ((self.transport, "transport"), (self.columns, "columns"), (self.repertoire, "repertoire")):
            field.chosen.connect(self._printer_keeper(name))
        self.address.editingFinished.connect(lambda: self._keep_printer(address=self.address.text().strip()))
        self.opens_drawer.toggled.connect(self._printer_keeper("opens_drawer"))
        self.cuts.toggled.connect(self._printer_keeper("cuts"))
        return card

    def _build_ledger(self, ledger: str) -> Card:
        card, column = self._card(N_("Ledger"))
        place = QLineEdit(ledger)
        place.setReadOnly(True)
        place.setProperty("form", True)
        place.setCursorPosition(0)
        column.addWidget(FormRow(N_("Where it lies"), place, N_("Copy this file only while no window is open on it.")))
        self.folder_button = QuietButton()
        self.folder_button.clicked.connect(self._call.open_folder)
        column.addWidget(self.folder_button)
        column.addStretch(1)
        return card

    def config(self) -> Config:
        """The settings as they are shown."""
        return self._config

    def _keeper(self, name: str) -> Callable[[object], None]:
        def keep(value: Any) -> None:
            self._keep(replace(self._config, **{name: value}))

        return keep

    def _printer_keeper(self, name: str) -> Callable[[object], None]:
        def keep(value: Any) -> None:
            self._keep_printer(**{name: value})

        return keep

    def _keep_printer(self, **facts: Any) -> None:
        self._keep(replace(self._config, printer=replace(self._config.printer, **facts)))

    def _keep(self, config: Config) -> None:
        if config == self._config:
            return
        self._config = config
        self._tell_outcome("", "ink_2")
        try:
            self._call.save(config)
        except OSError as error:
            words = _("The settings could not be saved ({reason}); they hold until the window closes.")
            self._tell_outcome(words.format(reason=error.strerror or error), "danger")
        self._show_address()

    def _on_print_test(self) -> None:
        try:
            self._call.print_test(self._config.printer)
        except FeedeskError as error:
            self._tell_outcome(str(error), "danger")
        else:
            self._tell_outcome(_("Sent to the printer."), "good")

    def _tell_outcome(self, words: str, tone: Any) -> None:
        self._outcome.setText(words)
        self._outcome.set_tone(tone)

    def _show_address(self) -> None:
        self._address_row.setVisible(self._config.printer.transport is not PrinterTransport.VIRTUAL)

    def title(self) -> str:
        return _("Settings")

    def refresh(self) -> None:
        if self.customer is not None:
            self.customer.show_profile()
        if self.desks is not None:
            self.desks.refresh()

    def take_focus(self) -> None:
        self.language.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.test_button.set_words(_("Print a test slip"))
        self.folder_button.set_words(_("Open the folder"))
        self.address.setPlaceholderText(_("192.168.1.50:9100, /dev/usb/lp0, or the printer's name"))
        self._show_address()
        self.refresh()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """Two columns, the printer at the right over both rows."""
        self._grid.addWidget(self._look_card, 0, 0)
        self._grid.addWidget(self._ledger_card, 1, 0)
        self._grid.addWidget(self._printer_card, 0, 1, 2, 1)
        if self.customer is not None:
            self._grid.addWidget(self.customer, 2, 0, 1, 2)
        if self.desks is not None:
            self._grid.addWidget(self.desks, 3, 0, 1, 2)
            self.desks.relayout()
        self._grid.setSpacing(8 if appearance().is_compact else 12)
