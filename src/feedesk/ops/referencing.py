"""Typing a reference (交易单号) that was not at hand when the money came: the payment stays, an entry adds it.

The same number in the same tender is asked about like at the desk, so that money is not taken for somebody else's.
"""

from dataclasses import dataclass

from feedesk.errors import UserError
from feedesk.ledger.posting import OFFICE_CHAIN, begin_entry
from feedesk.ledger.verify_references import KIND
from feedesk.models import AddedReference, table_of
from feedesk.ops.collecting import ReferenceUsed
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.references import GivenTender, given_in, reference_seen
from feedesk.texts import N_

_added = table_of(AddedReference)


class ReferenceMissing(UserError):
    message = N_("Type the reference: the number that the channel or the bank gave this money.")


class NoSuchTender(UserError):
    message = N_("That payment was not paid in such a way: look at the list again.")


class AsksNoReference(UserError):
    message = N_("{tender} has no reference: nothing is to be added to receipt {receipt}.")


class ReferenceStands(UserError):
    message = N_("Receipt {receipt} was taken with the reference {reference}, which stays as it is.")


@dataclass(frozen=True, slots=True)
class ReferenceAdded:
    """A reference typed later. ``replayed``: it was typed before, and nothing was stored again."""

    receipt: str
    tender: str
    reference: str
    replayed: bool = False


@requires(Permission.CLOSE_DAY)
def add_reference(
    act: Act, *, payment: int, sequence: int, reference: str, same_reference: bool = False
) -> ReferenceAdded:
    """Adds the reference of one way a payment was paid, ``sequence`` being its place; the last one typed holds.

    ``same_reference``: it was confirmed that a reference seen before is used again. Raises `ReferenceMissing`,
    `NoSuchTender`, `AsksNoReference`, `ReferenceStands`, `ReferenceUsed`, `DayIsClosed`.
    """
    given = given_in(act.connection, payment, sequence)
    if given is None or given.amount <= 0:
        raise NoSuchTender
    number = "".join(reference.split())
    if not number:
        raise ReferenceMissing
    if not given.asks_reference:
        raise AsksNoReference(tender=given.tender, receipt=given.receipt)
    if given.own:
        raise ReferenceStands(receipt=given.receipt, reference=given.own)
    if number == given.typed:
        return ReferenceAdded(given.receipt, given.tender, number, replayed=True)
    if not same_reference:
        _check_unused(act, payment, given, number)
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind=KIND,
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    draft.add(_added, {"payment_id": payment, "sequence": sequence, "reference": number})
    draft.seal([])
    return ReferenceAdded(given.receipt, given.tender, number)


def _check_unused(act: Act, payment: int, given: GivenTender, number: str) -> None:
    seen = reference_seen(act.connection, reference=number, tender=given.tender_id, but=payment)
    if seen is not None:
        raise ReferenceUsed(tender=given.tender, reference=number, receipt=seen)
