"""Setting up a ledger: its first till, the ways of paying, the staff."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Connection, delete, insert, select

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.ledger.posting import OFFICE_CHAIN
from feedesk.ledger.sealing import GENESIS
from feedesk.models import AuditRecord, Chain, Setting, Staff, Tender, Till, table_of
from feedesk.ops.permissions import Permission, Role, requires
from feedesk.ops.published_lpr import store_published_rates
from feedesk.ops.run import Act
from feedesk.ops.sample_staff import SAMPLE_STAFF, TRAINING_ACTOR
from feedesk.texts import DEFAULT_LANGUAGE, LANGUAGES, N_, use_language

_setting, _staff, _tender, _till, _chain, _audit = (
    table_of(model) for model in (Setting, Staff, Tender, Till, Chain, AuditRecord)
)

DEFAULT_ADMIN = "管理员"

# code, name, kind, asks for a reference, gives change, days to settlement
_TENDERS = (
    ("cash", "现金", "cash", False, True, 0),
    ("wechat", "微信", "channel", True, False, 1),
    ("alipay", "支付宝", "channel", True, False, 1),
    ("card", "刷卡", "channel", True, False, 1),
    ("transfer", "转账", "bank", True, False, 0),
    ("prepaid", "预存", "prepaid", False, False, 0),
)


class TrainingStaysTraining(UserError):
    message = N_("This ledger is {found}; it cannot become {wanted}. Create another file for that.")


class UnknownLanguage(UserError):
    message = N_("There is no language “{language}”: choose zh_CN or en.")


@dataclass(frozen=True, slots=True)
class LedgerCreated:
    """What `create_ledger` found or made."""

    created: bool
    training: bool
    revision: str
    admin: str


def create_ledger(
    database: Database, *, training: bool = False, admin: str | None = None, password_hash: str | None = None
) -> LedgerCreated:
    """Creates an empty ledger with one till, or upgrades the one that is there (whose staff then stays as it is).

    A training ledger (培训账) gets sample staff. Raises `TrainingStaysTraining` for the other kind, and the faults of
    `Database.create`.
    """
    from feedesk.db import latest_revision

    database.create()
    name = admin or (TRAINING_ACTOR if training else DEFAULT_ADMIN)

    def fill(connection: Connection) -> LedgerCreated:
        found = connection.execute(select(_setting.c.value).where(_setting.c.key == "training")).scalar()
        if found is None:
            _fill(connection, training=training, admin=admin, password_hash=password_hash)
            return LedgerCreated(True, training, latest_revision(), name)
        if training and found != "true":
            raise TrainingStaysTraining(found="正式账", wanted="培训账")
        return LedgerCreated(False, found == "true", latest_revision(), name)

    return database.run(fill)


def _fill(connection: Connection, *, training: bool, admin: str | None, password_hash: str | None) -> None:
    connection.execute(insert(_chain), {"id": OFFICE_CHAIN, "length": 0, "head": GENESIS})
    connection.execute(insert(_till), {"number": 1, "name": "1 号台"})
    connection.execute(
        insert(_setting),
        [
            {"key": "training", "value": json.dumps(training)},
            {"key": "language", "value": json.dumps(DEFAULT_LANGUAGE)},
        ],
    )
    connection.execute(
        insert(_tender),
        [
            {
                "code": code,
                "name": name,
                "kind": kind,
                "position": position,
                "asks_reference": asks,
                "gives_change": gives,
                "fee_rate": Fraction(0),
                "settlement_days": days,
            }
            for position, (code, name, kind, asks, gives, days) in enumerate(_TENDERS, 1)
        ],
    )
    store_published_rates(connection)
    staff = list(SAMPLE_STAFF) if training else []
    head = admin or ("" if training else DEFAULT_ADMIN)
    if head and head not in dict(staff):
        staff = [*staff, (head, Role.ADMIN)]
    connection.execute(
        insert(_staff),
        [
            {"name": name, "role": role.value, "password_hash": password_hash if name == head else None}
            for name, role in staff
        ],
    )


@requires(Permission.CHANGE_SETTINGS)
def change_language(act: Act, *, language: str) -> str:
    """Sets the language of the ledger's window, papers and workbooks: ``zh_CN`` or ``en``."""
    if language not in LANGUAGES:
        raise UnknownLanguage(language=language)
    act.connection.execute(delete(_setting).where(_setting.c.key == "language"))
    act.connection.execute(insert(_setting), {"key": "language", "value": json.dumps(language)})
    record_audit(act, action="change_language", subject="setting:language", detail=language)
    use_language(language)
    return language


@requires(Permission.SET_UP_LEDGER)
def add_till(act: Act) -> int:
    """Adds the next till and returns its number."""
    numbers = act.connection.execute(select(_till.c.number)).scalars().all()
    number = max(numbers, default=0) + 1
    act.connection.execute(insert(_till), {"number": number, "name": f"{number} 号台"})
    record_audit(act, action="add_till", subject=f"till:{number}")
    return number


def record_audit(act: Act, *, action: str, subject: str, detail: str = "") -> None:
    """Notes in the audit trail what an act did beside the journal."""
    moment: datetime = act.now
    act.connection.execute(
        insert(_audit),
        {"at": moment, "actor_id": act.actor.id, "action": action, "subject": subject, "detail": detail},
    )
