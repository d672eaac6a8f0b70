"""The clearance certificate (结清证明): refused while anything is owed, noted in the audit trail when it is issued."""

import json
from datetime import date

from feedesk.errors import UserError
from feedesk.money import Fen, decimal_text, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.receipting import letterhead
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.accounts import account_number
from feedesk.queries.hands import ClosingStatement, closing_statement
from feedesk.queries.paid_through import rulers
from feedesk.rules.clearance import ClearanceDocument, PaidThrough
from feedesk.texts import N_, _, current_language

_SHOWN = 5


class StillOwed(UserError):
    message = N_("{unit} {resident} still owes {amount}: {charges}. A clearance is printed only when nothing is owed.")


@requires(Permission.PRINT)
def issue_clearance(act: Act, *, account: int) -> ClearanceDocument:
    """What the certificate of an account says today. Raises `StillOwed` with what is owed, and `UnknownAccount`."""
    today = act.business_date
    found = closing_statement(act.connection, account=account, last_day=today, today=today)
    if found.total_due:
        raise StillOwed(
            unit=found.account.unit,
            resident=found.account.resident,
            amount=format_amount(found.total_due),
            charges=_names(found),
        )
    number = f"JQ-{today:%Y%m%d}-{account_number(account)}"
    document = _document(act, found, number, today)
    detail = json.dumps({"number": number, "payer": document.payer, "as_of": today.isoformat()}, ensure_ascii=False)
    record_audit(act, action="issue_clearance", subject=f"account:{account}", detail=detail)
    return document


def _names(found: ClosingStatement) -> str:
    names = [f"{charge.period} {charge.item} {format_amount(charge.due)}" for charge in found.owed]
    more = _("{count} more").format(count=len(names) - _SHOWN)
    return "、".join([*names[:_SHOWN], *([more] if len(names) > _SHOWN else [])])


def _document(act: Act, found: ClosingStatement, number: str, today: date) -> ClearanceDocument:
    head, ref = letterhead(act.connection), found.account
    through = [
        PaidThrough(one.item, one.ruler.paid)
        for one in rulers(act.connection, accounts=[ref.id])
        if one.ruler.paid is not None and not one.ruler.loose
    ]
    held: list[tuple[str, Fen]] = [(_("Prepayment"), found.prepaid)] if found.prepaid else []
    return ClearanceDocument(
        number=number,
        community=head.community,
        company=head.company,
        service_phone=head.service_phone,
        account=ref.number,
        unit=ref.unit,
        unit_note=f"{decimal_text(ref.area, 2)}㎡" if ref.area is not None else "",
        payer=ref.resident,
        as_of=today,
        from_date=ref.from_date,
        to_date=ref.to_date,
        paid_through=tuple(through),
        held=(*held, *found.deposits.items()),
        issued_by=act.actor.name,
        language=current_language(),
        training=act.training,
    )
