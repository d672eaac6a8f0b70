"""Settings of the customer display (客显): where it stands, and the pictures of the codes the company is paid by."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.config import CustomerDisplayMode, CustomerDisplayProfile
from feedesk.texts import N_, _
from feedesk.ui.appearance import follow_language
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label

_MODES: Final = (
    (CustomerDisplayMode.OFF, N_("Off")),
    (CustomerDisplayMode.SECOND_SCREEN, N_("Over the second screen")),
    (CustomerDisplayMode.WINDOW, N_("In a window")),
)
_PICTURES: Final = "*.png *.jpg *.jpeg *.bmp *.webp"


@dataclass(frozen=True, slots=True)
class CustomerFunctions:
    """``profile`` tells the settings in force, ``use`` puts others in force and keeps them."""

    profile: Callable[[], CustomerDisplayProfile]
    use: Callable[[CustomerDisplayProfile], object]


class PictureField(QWidget):
    """A picture's path, typed or chosen; ``done`` is told when it is another one."""

    def __init__(self, done: Callable[[], object]) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setProperty("form", True)
        self.browse = QuietButton()
        self._done = done
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        row.addWidget(self.browse)
        self.setFocusProxy(self.edit)
        self.edit.editingFinished.connect(done)
        self.browse.clicked.connect(self._on_browse)
        follow_language(self, self._retranslate)

    def path(self) -> str:
        """What is typed."""
        return self.edit.text().strip()

    def show_path(self, path: str) -> None:
        """Shows what is kept."""
        if path != self.path():
            self.edit.setText(path)
            self.edit.setCursorPosition(0)

    def _on_browse(self) -> None:
        kinds = _("Pictures")
        path, _filter = QFileDialog.getOpenFileName(
            self, _("Picture of the payment code"), self.path(), f"{kinds} ({_PICTURES})"
        )
        if path:
            self.edit.setText(path)
            self._done()

    def _retranslate(self) -> None:
        self.browse.set_words(_("Choose…"))
        self.edit.setPlaceholderText(_("None: the customer shows a code of their own"))


class CustomerCard(Card):
    """Every change holds at once."""

    def __init__(self, functions: CustomerFunctions) -> None:
        super().__init__()
        self._call = functions
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 18)
        column.setSpacing(14)
        self.body.addLayout(column)
        column.addWidget(Label.saying(N_("Customer display"), "title", bold=True))
        self.mode: Choice[CustomerDisplayMode] = Choice(_MODES, CustomerDisplayMode.OFF)
        self.wechat, self.alipay = PictureField(self._on_paths), PictureField(self._on_paths)
        note = N_("Ctrl+Shift+D opens and closes it. It shows what is being paid, and nothing else of an account.")
        column.addWidget(FormRow(N_("Where it stands"), self.mode, note))
        column.addWidget(FormRow(N_("Picture of the WeChat payment code"), self.wechat))
        column.addWidget(FormRow(N_("Picture of the Alipay payment code"), self.alipay))
        column.addStretch(1)
        self.mode.chosen.connect(lambda mode: self._use(mode=mode))
        self.show_profile()

    def show_profile(self) -> None:
        """Shows what is in force: the key may have opened or closed the display meanwhile."""
        profile = self._call.profile()
        self.mode.set_value(profile.mode)
        self.wechat.show_path(profile.wechat_code)
        self.alipay.show_path(profile.alipay_code)

    def _on_paths(self) -> None:
        self._use(wechat_code=self.wechat.path(), alipay_code=self.alipay.path())

    def _use(self, **facts: Any) -> None:
        profile = self._call.profile()
        wanted = replace(profile, **facts)
        if wanted != profile:
            self._call.use(wanted)
