"""The customer display itself: a window that never takes the keyboard, over a whole screen or beside the desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar

from PySide6.QtCore import QEvent, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QGuiApplication,
    QImage,
    QImageReader,
    QPainter,
    QPaintEvent,
    QPen,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from feedesk.config import CustomerDisplayMode, CustomerDisplayProfile, WindowPlace
from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.customer.faces import Face, Piece, bill_face, idle_face, thanks_face
from feedesk.ui.customer.rows import Bill, PaymentCode, Thanks
from feedesk.ui.tokens import CODE_GROUND, LARGE_SIZES, RADIUS_CARD

_FLAGS: Final = Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus
_USUAL: Final = QRect(80, 80, 960, 540)
_MOST_PIXELS: Final = 4000
"""A code's picture is read no larger than this, however large the file says it is."""


class Named(Protocol):
    """A screen as far as it matters here."""

    def name(self) -> str: ...


SomeScreen = TypeVar("SomeScreen", bound=Named)


def second_screen(screens: list[SomeScreen], desk: SomeScreen, remembered: str) -> SomeScreen | None:
    """The screen for the customers: the one remembered if it is there, else the first beside the desk's own."""
    others = [one for one in screens if one is not desk]
    return next((one for one in others if one.name() == remembered), others[0] if others else None)


class DisplayWindow(QWidget):
    """Shows a bill, thanks, or (None) only the name and the time. `dismissed` when somebody closes it by hand."""

    dismissed = Signal()

    def __init__(self, desk: QWidget, name: Callable[[], str]) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(480, 270)
        self._desk = desk
        self._name = name
        self._shown: Bill | Thanks | None = None
        self._community = name()
        self._picture: tuple[Path, QImage] | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(5_000)
        self._clock.timeout.connect(self._on_clock)
        self._clock.start()
        follow_language(self, self._retranslate)
        follow_appearance(self, self.update)

    def show_facts(self, shown: Bill | Thanks | None) -> None:
        """Another face."""
        if shown is None:
            self._community = self._name()
        self._shown = shown
        self._describe()
        self.update()

    def shown(self) -> Bill | Thanks | None:
        """What is shown now; None is the idle face."""
        return self._shown

    def stand(self, profile: CustomerDisplayProfile) -> None:
        """Shows itself where the settings want it; with one screen only, always as a window."""
        screen = second_screen(QGuiApplication.screens(), self._desk.screen(), profile.screen)
        if profile.mode is CustomerDisplayMode.SECOND_SCREEN and screen is not None:
            self.setWindowFlags(_FLAGS | Qt.WindowType.FramelessWindowHint)
            self.setScreen(screen)
            self.setGeometry(screen.geometry())
            self.showFullScreen()
            return
        self.setWindowFlags(_FLAGS)
        self.setGeometry(_window_box(profile.place, QGuiApplication.screens()))
        self.showNormal()

    def place(self) -> WindowPlace:
        """Where it stands, for the settings."""
        box = self.geometry()
        return WindowPlace(box.x(), box.y(), box.width(), box.height())

    def face(self) -> Face:
        """What is painted now."""
        size, large = QSizeF(self.size()), appearance().size is LARGE_SIZES
        shown = self._shown
        if isinstance(shown, Bill):
            code = shown.code
            if code is not None and code.picture is not None and self._image(code.picture).isNull():
                shown = _without_picture(shown, code)
            return bill_face(size, self._community, shown, large=large)
        if isinstance(shown, Thanks):
            return thanks_face(size, self._community, shown, large=large)
        return idle_face(size, self._community, datetime.now().astimezone(), large=large)

    def _image(self, path: Path) -> QImage:
        """The picture of a code, read once; a null one where the file is gone or no picture."""
        if self._picture is None or self._picture[0] != path:
            reader = QImageReader(str(path))
            reader.setAutoTransform(True)
            size = reader.size()
            if size.isValid() and max(size.width(), size.height()) > _MOST_PIXELS:
                reader.setScaledSize(size.scaled(_MOST_PIXELS, _MOST_PIXELS, Qt.AspectRatioMode.KeepAspectRatio))
            self._picture = path, reader.read()
        return self._picture[1]

    def _on_clock(self) -> None:
        if self._shown is None:
            self.update()

    def _retranslate(self) -> None:
        self.setWindowTitle(_("Customer display"))
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleName(self.face().text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), appearance().colour("bg"))
        face = self.face()
        painter.setPen(QPen(appearance().colour("line"), 1))
        painter.setBrush(appearance().colour("card"))
        for ground in face.grounds:
            painter.drawRoundedRect(ground, RADIUS_CARD, RADIUS_CARD)
        for rule in face.rules:
            painter.fillRect(rule, appearance().colour("hair"))
        for piece in face.pieces:
            _paint_piece(painter, piece)
        if face.picture is not None:
            self._paint_picture(painter, *face.picture)
        painter.end()

    def _paint_picture(self, painter: QPainter, box: QRectF, path: Path) -> None:
        """On white whatever the theme: a code on a dark ground is not read."""
        image = self._image(path)
        painter.fillRect(box, QColor(CODE_GROUND))
        fitted = QSizeF(image.size()).scaled(box.size() * 0.96, Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(box.topLeft(), fitted)
        place.moveCenter(box.center())
        painter.drawImage(place, image)

    def event(self, event: QEvent) -> bool:
        # Some window systems activate it all the same, or when it is clicked: the keyboard goes back to the desk.
        if event.type() == QEvent.Type.WindowActivate and not self._desk.isMinimized():
            QTimer.singleShot(0, self._desk, self._desk.activateWindow)
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if event.spontaneous():
            self.dismissed.emit()


def _window_box(place: WindowPlace, screens: list[QScreen]) -> QRect:
    """Where it stood, if some of that is on a screen."""
    box = QRect(place.x, place.y, place.width, place.height)
    seen = place.width and any(screen.geometry().intersects(box) for screen in screens)
    return box if seen else _USUAL


def _without_picture(bill: Bill, code: PaymentCode) -> Bill:
    return replace(bill, code=replace(code, picture=None))


def _paint_piece(painter: QPainter, piece: Piece) -> None:
    font = piece.font()
    painter.setFont(font)
    painter.setPen(appearance().colour(piece.tone))
    flags = int(piece.place) | int(Qt.TextFlag.TextWordWrap if piece.wraps else Qt.TextFlag.TextSingleLine)
    painter.drawText(piece.box, flags, piece.words(font))
