"""A ledger that somebody altered by hand still answers; `verify` says what is wrong."""

import pytest
from sqlalchemy import update

from feedesk import models
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.run import UnknownStaff
from feedesk.ops.shifts import close_shift
from feedesk.ops.signing_in import staff
from feedesk.queries.desk import ledger_language
from feedesk.queries.verification import verify_everything
from tests.community import SmallCommunity

_setting, _staff, _item = (table_of(model) for model in (models.Setting, models.Staff, models.FeeItem))


@pytest.mark.parametrize("value", ['"zh_CN"x', '"xx"', "7", ""])
def test_a_spoilt_language_is_the_default_one(community: SmallCommunity, value: str) -> None:
    with community.database.transaction() as connection:
        connection.execute(update(_setting).where(_setting.c.key == "language").values(value=value))
    assert community.workplace.read(ledger_language) == "zh_CN"


def test_an_unknown_role_may_do_nothing(community: SmallCommunity) -> None:
    everybody = len(community.workplace.read(staff))
    with community.database.transaction() as connection:
        connection.execute(update(_staff).where(_staff.c.name == "样例主管").values(role="owner"))
    assert len(community.workplace.read(staff)) == everybody - 1
    with pytest.raises(UnknownStaff):
        community.run(close_shift)


def test_a_closed_day_that_cannot_be_worked_out_anew_is_a_problem(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 100)
    community.run(collect_payment, account=account, tenders=[TenderGiven("cash", Fen(100))])
    community.run(close_shift)
    community.run(close_day)
    assert community.workplace.read(verify_everything).ok
    with community.database.transaction() as connection:
        connection.execute(update(_item).where(_item.c.name == "物业费").values(nature="别人的"))
    (problem,) = community.workplace.read(verify_everything).problems
    assert (problem.table, problem.column) == ("day_close", "figures")
    assert problem.entry is not None
