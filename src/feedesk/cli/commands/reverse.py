"""``feedesk reverse``: 红冲, a payment of an earlier shift taken back with a receipt of its own and an approver."""

from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.cli.taking_back import answer, define
from feedesk.ops.taking_back import reverse_payment

__all__ = ["define", "run"]


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    done = desk.run_op(
        reverse_payment, approved=True, receipt=options.receipt, reason=options.reason, till=options.till
    )
    return answer(done)
