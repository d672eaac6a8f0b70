"""What the ledger lays down about money handed over: the coins of change, and references that may not be missing."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.queries.desk import TenderRow
from feedesk.queries.desk_terms import WITHOUT_REFERENCE, change_step, references_required
from feedesk.rules.tenders import ChangeStep
from feedesk.texts import N_


class ReferenceMissing(UserError):
    message = N_("{tender} takes no money without a reference: type its number. Nothing was taken.")


class ChangeStepIsOther(UserError):
    message = N_(
        "Change is given in other coins since this account was opened: open it again, and tell the payer the new "
        "change. Nothing was taken."
    )


class Referenced(Protocol):
    """Money given in a way of paying, as far as it matters here."""

    @property
    def code(self) -> str: ...

    @property
    def reference(self) -> str | None: ...


def check_references(connection: Connection, given: Sequence[Referenced], known: Mapping[str, TenderRow]) -> None:
    """Whether each way of paying that needs a reference has one. Raises `ReferenceMissing`."""
    bare = [one.code for one in given if not one.reference and known[one.code].kind not in WITHOUT_REFERENCE]
    if not bare:
        return  # the usual cash payment asks the ledger nothing
    required = references_required(connection)
    for code in bare:
        if code in required:
            raise ReferenceMissing(tender=known[code].name)


def step_of_change(connection: Connection, seen: ChangeStep | None) -> ChangeStep:
    """The smallest coin of change now. Raises `ChangeStepIsOther` where a desk has ``seen`` another one: the cashier
    would hand out other change than the receipt says, and the drawer would not balance.
    """
    step = change_step(connection)
    if seen is not None and seen != step:
        raise ChangeStepIsOther
    return step
