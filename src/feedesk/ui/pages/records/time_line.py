"""The prices of a tariff as a band of time: each as long as it holds, days without one marked, today as a line."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.queries.tariff_list import TariffRow
from feedesk.rules.tariff_words import short_price
from feedesk.rules.tariffs import ONE_DAY
from feedesk.texts import _
from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import RADIUS_CAP, Token
from feedesk.ui.widgets.painting import paint_focus_ring

_AHEAD: Final = timedelta(183)
"""How much of what is to come is shown after today."""

_LEAST: Final = 0.06
"""The least share of the band that a stretch gets, so that its price can be read."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days at one price; ``words`` empty: they have none."""

    first: date
    last: date
    words: str
    now: bool = False


def stretches(tariff: TariffRow, on: date) -> list[Stretch]:
    """The days from the first price on, cut where another price, or none, begins to hold."""
    if not tariff.versions:
        return []
    begin = tariff.versions[0].terms.valid_from
    ends = [one.terms.valid_to or one.terms.valid_from for one in tariff.versions]
    end = max(on + _AHEAD, *(last + _AHEAD for last in ends))
    cuts = {begin}
    for version in tariff.versions:
        cuts.add(version.terms.valid_from)
        if version.terms.valid_to is not None:
            cuts.add(version.terms.valid_to + ONE_DAY)
    starts = sorted(cut for cut in cuts if begin <= cut <= end)
    found: list[Stretch] = []
    for start, following in zip(starts, [*starts[1:], end + ONE_DAY], strict=True):
        price = tariff.price_on(start)
        words = short_price(price.terms) if price else ""
        last = following - ONE_DAY
        if found and found[-1].words == words:
            found[-1] = Stretch(found[-1].first, last, words, found[-1].first <= on <= last)
        else:
            found.append(Stretch(start, last, words, start <= on <= last))
    return found


class TimeLine(QWidget):
    """Shows a tariff's stretches; told to a screen reader as a list."""

    def __init__(self) -> None:
        super().__init__()
        self._stretches: list[Stretch] = []
        self._on = date.min
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tariff(self, tariff: TariffRow | None, on: date) -> None:
        """Shows another tariff, as it stands on a day."""
        self._stretches = [] if tariff is None else stretches(tariff, on)
        self._on = on
        told = [f"{one.first} {one.words or _('no price')}" for one in self._stretches]
        self.setAccessibleName("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(appearance().font("caption")).height()
        return QSize(200, round(2 * words + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def edges(self) -> list[float]:
        """Where the stretches begin and end, from 0 to 1: by days, but none too short to read."""
        days = [(one.last - one.first).days + 1 for one in self._stretches]
        whole = sum(days) or 1
        shares = [max(count / whole, _LEAST) for count in days]
        edges = [0.0]
        for share in shares:
            edges.append(edges[-1] + share / sum(shares))
        return edges

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges = self.edges()
        font = appearance().font("caption")
        words = QFontMetricsF(font).height()
        band = QRectF(0, 2, self.width(), words + 6)
        for place, one in enumerate(self._stretches):
            left, right = (band.width() * edges[place + end] for end in (0, 1))
            self._paint_stretch(painter, QRectF(left + 1, band.top(), right - left - 2, band.height()), one)
            painter.setPen(appearance().colour("mute"))
            painter.setFont(font)
            day = QFontMetricsF(font).elidedText(str(one.first), Qt.TextElideMode.ElideRight, right - left - 4)
            painter.drawText(QRectF(left + 2, band.bottom() + 1, right - left, words), Qt.AlignmentFlag.AlignLeft, day)
            if one.now:
                self._paint_today(painter, left, right, one, band)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()

    def _paint_stretch(self, painter: QPainter, place: QRectF, one: Stretch) -> None:
        ground: Token = "accent_soft" if one.now and one.words else "panel" if one.words else "warn_soft"
        ink: Token = "accent" if one.now and one.words else "ink_2" if one.words else "warn"
        painter.setPen(QPen(appearance().colour("line"), 1))
        painter.setBrush(appearance().colour(ground))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CAP, RADIUS_CAP)
        font = appearance().font("caption", bold=one.now)
        painter.setFont(font)
        painter.setPen(appearance().colour(ink))
        shown = one.words or _("no price")
        inner = place.adjusted(6, 0, -4, 0)
        painter.drawText(
            inner,
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(font).elidedText(shown, Qt.TextElideMode.ElideRight, inner.width()),
        )

    def _paint_today(self, painter: QPainter, left: float, right: float, one: Stretch, band: QRectF) -> None:
        share = ((self._on - one.first).days + 0.5) / ((one.last - one.first).days + 1)
        x = left + (right - left) * share
        painter.setPen(QPen(appearance().colour("danger"), 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, band.bottom() + 2))
