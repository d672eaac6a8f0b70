"""Files that cannot be read or written, told as faults of the machine."""

import errno

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
