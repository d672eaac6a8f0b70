"""The clearance certificate: refused with what is owed, true when it is issued."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from feedesk import models
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.clearing import StillOwed, issue_clearance
from feedesk.ops.collecting import collect_payment
from feedesk.ops.disputing import hold_charge
from feedesk.ops.payment_posting import TenderGiven
from feedesk.receipts.clearance import clearance_pdf
from tests.community import SmallCommunity


def test_it_is_refused_while_anything_is_owed_disputes_included(community: SmallCommunity) -> None:
    account = community.unit("3-1-502")
    charges = [community.charge(account, "物业费", f"2026-{month:02}", 10000) for month in range(1, 13)]
    with pytest.raises(StillOwed) as refused:
        community.run(issue_clearance, account=account)
    assert "1,200.00" in str(refused.value)
    assert "另有 7 笔" in str(refused.value)
    paid = [TenderGiven("cash", Fen(110000))]
    community.run(collect_payment, account=account, tenders=paid, charges=charges[:11])
    community.run(hold_charge, charges=charges[11:], reason="漏水")
    with pytest.raises(StillOwed):
        community.run(issue_clearance, account=account)


def test_it_says_what_is_paid_and_held(
    community: SmallCommunity, tmp_path: Path, program: Callable[[str], str]
) -> None:
    account = community.unit("3-1-502")
    charge = community.charge(account, "物业费", "2026-11", 10000)
    community.run(
        collect_payment,
        account=account,
        tenders=[TenderGiven("cash", Fen(230000))],
        charges=[charge],
        prepay=Fen(20000),
        deposits=[("装修押金", Fen(200000))],
    )
    document = community.run(issue_clearance, account=account)
    assert document.held == (("预存款", 20000), ("装修押金", 200000))
    assert document.number == f"JQ-20261123-H{account:06d}"
    noted = community.value(table_of(models.AuditRecord), "detail", action="issue_clearance")
    assert json.loads(noted)["payer"] == "张样燕"
    file = tmp_path / "clearance.pdf"
    file.write_bytes(clearance_pdf(document))
    assert clearance_pdf(document) == file.read_bytes()
    said = subprocess.run([program("pdftotext"), str(file), "-"], capture_output=True, check=True).stdout.decode()
    for words in ("结清证明", "3-1-502", "张样燕", "2026-11-23", "无欠费", "装修押金 2,000.00", "训", "样例主管"):
        assert words in said.replace("\n", "")
