"""``feedesk init``: creates a ledger with one till, or upgrades the one that is there."""

import argparse

from feedesk.cli.desk import CommandDesk, ask_new_password, warn
from feedesk.cli.output import Answer, pairs
from feedesk.ops.setting_up import DEFAULT_ADMIN, create_ledger
from feedesk.ops.signing_in import hash_password
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--training", action="store_true", help=_("a training ledger with sample staff"))
    parser.add_argument("--admin", metavar="NAME", help=_("the name of the administrator"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    asks = not options.training and not desk.database.exists()
    password = ask_new_password(options.admin or DEFAULT_ADMIN) if asks else None
    ledger = create_ledger(
        desk.database,
        training=options.training,
        admin=options.admin,
        password_hash=hash_password(password) if password else None,
    )
    warnings = []
    if ledger.created and not ledger.training and not password:
        warnings.append(_("{name} has no password yet: anybody may act in that name.").format(name=ledger.admin))
        warn(warnings[0])
    document = {
        "ledger": desk.database.where,
        "created": ledger.created,
        "training": ledger.training,
        "revision": ledger.revision,
        "admin": ledger.admin if ledger.created else None,
        "warnings": warnings,
    }
    kind = _("training ledger") if ledger.training else _("real ledger")
    done = _("created") if ledger.created else _("was there already; its tables are up to date")
    lines = pairs({_("ledger"): desk.database.where, **({_("acts as"): ledger.admin} if ledger.created else {})})
    return Answer(document, [f"{kind} {done}", *lines])
