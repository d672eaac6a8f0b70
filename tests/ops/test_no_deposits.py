"""Money that is no deposit whatever it is called: 专项维修资金 belongs into its own account, a late fee is reckoned."""

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.collecting import DepositNotTakenHere, collect_payment
from feedesk.ops.payment_posting import TenderGiven
from tests.community import open_desk, picture_home, small_community
from tests.scenarios.small_desk import whole_content


@pytest.mark.parametrize(
    ("name", "told"), [("专项维修资金", "专户"), ("维修基金", "专户"), ("滞纳金", "到期日"), ("违约金", "到期日")]
)
def test_is_not_taken_at_the_desk(sqlite_ledger: Database, name: str, told: str) -> None:
    community = small_community(sqlite_ledger)
    picture_home(community)
    open_desk(community, Fen(0))
    before = community.workplace.read(whole_content)
    facts = {"account": 1, "tenders": [TenderGiven("cash", Fen(5000))], "charges": ()}
    with pytest.raises(DepositNotTakenHere) as refused:
        community.run(collect_payment, deposits=[(name, Fen(5000))], **facts)
    assert told in str(refused.value)
    assert community.workplace.read(whole_content) == before
    community.run(collect_payment, deposits=[("装修违约保证金", Fen(5000))], **facts)
