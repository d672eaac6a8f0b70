"""``feedesk void``: 作废, a payment taken back within its shift."""

from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.cli.taking_back import answer, define
from feedesk.ops.taking_back import void_payment

__all__ = ["define", "run"]


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    return answer(desk.run_op(void_payment, receipt=options.receipt, reason=options.reason, till=options.till))
