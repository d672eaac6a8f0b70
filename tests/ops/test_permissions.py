"""Permissions: who lacks one is told its name in his own language."""

import pytest

from feedesk.db import Database
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import set_password
from feedesk.texts import _


def test_every_permission_has_a_name_of_its_own() -> None:
    assert set(PERMISSION_NAMES) == set(Permission)
    assert len(set(PERMISSION_NAMES.values())) == len(Permission)
    assert all(_(name) != name for name in PERMISSION_NAMES.values())


def test_whoever_lacks_it_is_told_its_name(sqlite_ledger: Database) -> None:
    with pytest.raises(NotPermitted, match="建立账本"):
        Workplace(sqlite_ledger, "样例收费员").run_op(set_password, name="样例收费员", password="x")
