"""A window needs a screen: without one Qt ends the process with words about plugins, so it is asked beforehand."""

import os
import sys

from feedesk.errors import EnvironmentFault
from feedesk.texts import N_


class NoScreen(EnvironmentFault):
    message = N_(
        "There is no screen here to show the window on: start it in a desktop session, or use the commands, which "
        "need none (feedesk --help)."
    )


def no_screen() -> bool:
    """Whether this machine has no screen to show a window on."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
