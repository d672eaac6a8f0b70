"""Trouble that is nobody's wish: files that cannot be read or written, interruptions, and bugs."""

import errno
import logging

from feedesk.config import log_folder
from feedesk.errors import EnvironmentFault, FeedeskError
from feedesk.texts import N_


class FileMissing(EnvironmentFault):
    message = N_("{where} does not exist: check the path.")


class FileRefused(EnvironmentFault):
    message = N_("{where} may not be read or written: check its permissions, or whether another program has it open.")


class FileTrouble(EnvironmentFault):
    message = N_("{where} cannot be read or written ({reason}).")


class NoSpace(EnvironmentFault):
    message = N_("The disk holding {where} is full: free some space and try again.")
    code = "disk_full"


class Interrupted(FeedeskError):
    message = N_("Interrupted: what was not finished was not done.")


class ProgramFault(FeedeskError):
    message = N_("This is a fault of the program; what was not finished was not done. Please report it: see {log}.")


_KINDS: dict[int, type[EnvironmentFault]] = {
    errno.ENOENT: FileMissing,
    errno.EACCES: FileRefused,
    errno.EPERM: FileRefused,
    errno.EROFS: FileRefused,
    errno.ENOSPC: NoSpace,
    errno.EDQUOT: NoSpace,
}


def fault_of(error: OSError) -> FeedeskError:
    """The sentence for a refusal of the operating system."""
    where = error.filename2 or error.filename or "?"
    return _KINDS.get(error.errno or 0, FileTrouble)(where=where, reason=error.strerror or str(error))


def log_to_file() -> str:
    """Lets what is logged from now on go to the program's log; returns its path, empty where it cannot be written."""
    path = log_folder() / "feedesk.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return ""
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("feedesk").addHandler(handler)
    return str(path)
