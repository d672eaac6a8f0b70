"""One window for each ledger on a machine: a second start shows the first window instead and ends.

A local socket named after the ledger does both: whoever listens is the first; a later one connects, says so, and
goes. A socket left behind by a crash is noticed because nobody answers; where none can be made (another person's is in
the way, or the folder is read-only) this window opens all the same.
"""

import hashlib
import logging
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS: Final = 500

log = logging.getLogger(__name__)


class FirstWindow(QObject):
    """`asked_forward` when a second start wants to see this window."""

    asked_forward = Signal()

    def __init__(self, ledger: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        digest = hashlib.sha256(ledger.encode()).hexdigest()[:24]
        self._name = f"feedesk-{digest}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)

    def claim(self) -> bool:
        """True for the first window; False when there is one, which has been told to come forward."""
        # Asking comes first: on Unix a second listener would take the name over without a word.
        if self._is_answered():
            return False
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            log.warning("a second start will not find this window: %s", self._server.errorString())
        return True

    def release(self) -> None:
        """The window closes: the next start is a first one again."""
        self._server.close()

    def _is_answered(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        socket.write(b"show\n")
        socket.waitForBytesWritten(_PATIENCE_MS)
        socket.disconnectFromServer()
        return True

    def _on_connected(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
        self.asked_forward.emit()
