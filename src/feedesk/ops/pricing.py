"""Changing prices (调价): fee items, tariffs, and their prices from day to day.

A price that posted charges were reckoned by stays as it is: a change begins with a price of its own from a day on.
What is refused is told in one sentence; what is allowed but odd (days without a price, bills that reach beyond a
change) comes back as a warning. Everything is noted in the audit trail.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import FeeItem, Tariff, TariffVersion, table_of
from feedesk.money import Mantissa, decimal_text
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.price_use import is_item_booked, is_price_used
from feedesk.rules.community_rows import NATURES
from feedesk.rules.fee_items import usual_nature
from feedesk.rules.price_terms import PriceTerms, Stretch, days_without_price, price_findings
from feedesk.rules.tariff_words import gap_words
from feedesk.rules.tariffs import ONE_DAY
from feedesk.texts import N_, _

_item, _tariff, _version = (table_of(model) for model in (FeeItem, Tariff, TariffVersion))

_TERMS = tuple(field.name for field in fields(PriceTerms))
_STILL_OPEN = frozenset({"basis_document", "price_form", "valid_to", "due_rule"})
"""What may still be put right of a price that was billed by: no amount was reckoned from it."""


class PriceDoesNotFit(UserError):
    """``field`` names what is wrong, as in `feedesk.rules.price_terms.price_findings`."""

    message = N_("{reason} Nothing was changed.")

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason=reason)


class TariffNameTaken(UserError):
    message = N_("There is a tariff “{name}” already: begin a new price for it, or choose another name.")


class NameMissing(UserError):
    message = N_("A tariff needs a name and a fee item: type both. Nothing was changed.")


class UnknownNature(UserError):
    message = N_("“{nature}” is none of {values}. Nothing was changed.")


class UnknownTariff(UserError):
    message = N_("This tariff is not in the ledger any more: look at the list again.")


class PriceInUse(UserError):
    message = N_(
        "Charges were billed by the price of {name} from {day}: it stays as it is. Begin a new price on a later day."
    )


class PriceBegins(UserError):
    message = N_("{name} has a price that begins on {day} already: change that one, or choose another day.")


class EndsTooEarly(UserError):
    message = N_("The last day {last} lies before the first day {first}: choose a later one. Nothing was changed.")


class LastPrice(UserError):
    message = N_("{name} has no other price: end it on a day instead of taking it back.")


class NatureIsFixed(UserError):
    message = N_("{item} is {nature}, and charges are posted: whose money it is can no longer be changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """A fee item as the form has it; ``nature`` empty: as usual for the item. ``covers``: what is done for it."""

    name: str
    nature: str = ""
    mantissa: str = Mantissa.HALF_UP.value
    mantissa_step: int = 1
    covers: str = ""


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """What a change touched, and what is odd about it in sentences."""

    tariff: int
    version: int | None = None
    scope: int | None = None
    warnings: tuple[str, ...] = ()


# ---- tariffs and their prices ----------------------------------------------------------------------------------------


@requires(Permission.CHANGE_PRICES)
def add_tariff(act: Act, *, name: str, item: ItemFacts, terms: PriceTerms) -> PriceChanged:
    """Adds a tariff with its first price; its fee item is made where there is none of that name.

    Raises `NameMissing`, `TariffNameTaken`, `NatureIsFixed` or `PriceDoesNotFit`.
    """
    if not name.strip() or not item.name.strip():
        raise NameMissing
    _check(terms, item.name)
    connection = act.connection
    if connection.execute(select(_tariff.c.id).where(_tariff.c.name == name)).first() is not None:
        raise TariffNameTaken(name=name)
    values = {"name": name, "fee_item_id": _stored_item(act, item), "position": _next_position(connection, _tariff)}
    tariff = inserted_key(connection.execute(insert(_tariff), values))
    version = _insert_version(act, tariff, terms)
    note_change(act, "add_tariff", f"tariff:{tariff}", {"name": name, "item": item.name, **_shown_terms(terms)})
    return PriceChanged(tariff, version, warnings=_gap_warnings(connection, tariff))


@requires(Permission.CHANGE_PRICES)
def change_item(act: Act, *, item: int, facts: ItemFacts) -> None:
    """Changes what belongs to a fee item: rounding, what it covers, and whose money it is while nothing is owed."""
    before = act.connection.execute(select(_item).where(_item.c.id == item)).mappings().one_or_none()
    if before is None:
        raise UnknownTariff
    _update_item(act, dict(before), facts)


@requires(Permission.CHANGE_PRICES)
def begin_price(act: Act, *, tariff: int, terms: PriceTerms) -> PriceChanged:
    """Begins a new price on ``terms.valid_from``.

    A price without a last day ends the ones that would reach into it on the day before. One with a last day goes
    before them while it lasts, and afterwards they hold again. Raises `UnknownTariff`, `PriceBegins` or
    `PriceDoesNotFit`.
    """
    name, item = tariff_name(act.connection, tariff)
    _check(terms, item)
    versions = _versions_of(act.connection, tariff)
    if any(one["valid_from"] == terms.valid_from for one in versions):
        raise PriceBegins(name=name, day=terms.valid_from)
    ended = []
    if terms.valid_to is None:
        ended = [one for one in versions if _reaches_into(one, terms.valid_from)]
        for one in ended:
            statement = update(_version).where(_version.c.id == one["id"])
            act.connection.execute(statement, {"valid_to": terms.valid_from - ONE_DAY})
    version = _insert_version(act, tariff, terms)
    facts = {"ends": [one["id"] for one in ended], **_shown_terms(terms)}
    note_change(act, "begin_price", f"tariff_version:{version}", facts)
    return PriceChanged(tariff, version, warnings=_price_warnings(act.connection, tariff, terms.valid_from))


@requires(Permission.CHANGE_PRICES)
def change_price(act: Act, *, version: int, terms: PriceTerms, item: ItemFacts | None = None) -> PriceChanged:
    """Changes a price, and with ``item`` what belongs to its fee item.

    Of a price that posted charges were reckoned by only basis, last day and due date may change. Raises
    `UnknownTariff`, `PriceInUse`, `PriceBegins`, `PriceDoesNotFit` or `NatureIsFixed`.
    """
    before = _version_row(act.connection, version)
    _check(terms, before["item"])
    if item is not None:
        change_item(act, item=before["fee_item_id"], facts=item)
    after = _columns(terms)
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return PriceChanged(before["tariff_id"], version)
    if not changed.keys() <= _STILL_OPEN:
        _refuse_used(act.connection, before)
        others = _versions_of(act.connection, before["tariff_id"])
        if any(one["valid_from"] == terms.valid_from and one["id"] != version for one in others):
            raise PriceBegins(name=before["name"], day=terms.valid_from)
    act.connection.execute(update(_version).where(_version.c.id == version), changed)
    facts = {name: [shown_value(before[name]), shown_value(value)] for name, value in changed.items()}
    note_change(act, "change_price", f"tariff_version:{version}", facts)
    since = min(before["valid_from"], terms.valid_from)
    return PriceChanged(
        before["tariff_id"], version, warnings=_price_warnings(act.connection, before["tariff_id"], since)
    )


@requires(Permission.CHANGE_PRICES)
def end_price(act: Act, *, version: int, last_day: date) -> PriceChanged:
    """Lets a price end on a day, the last one in force. Raises `UnknownTariff` or `EndsTooEarly`."""
    before = _version_row(act.connection, version)
    if last_day < before["valid_from"]:
        raise EndsTooEarly(last=last_day, first=before["valid_from"])
    act.connection.execute(update(_version).where(_version.c.id == version), {"valid_to": last_day})
    note_change(
        act, "end_price", f"tariff_version:{version}", {"valid_to": [shown_value(before["valid_to"]), str(last_day)]}
    )
    warnings = _price_warnings(act.connection, before["tariff_id"], last_day + ONE_DAY)
    return PriceChanged(before["tariff_id"], version, warnings=warnings)


@requires(Permission.CHANGE_PRICES)
def withdraw_price(act: Act, *, version: int) -> PriceChanged:
    """Takes back a price that nothing was billed by and that is not the only one of its tariff.

    Raises `UnknownTariff`, `PriceInUse` or `LastPrice`.
    """
    before = _version_row(act.connection, version)
    _refuse_used(act.connection, before)
    if len(_versions_of(act.connection, before["tariff_id"])) == 1:
        raise LastPrice(name=before["name"])
    act.connection.execute(delete(_version).where(_version.c.id == version))
    note_change(act, "withdraw_price", f"tariff_version:{version}", {"valid_from": str(before["valid_from"])})
    warnings = _price_warnings(act.connection, before["tariff_id"], before["valid_from"])
    return PriceChanged(before["tariff_id"], None, warnings=warnings)


# ---- what is stored --------------------------------------------------------------------------------------------------


def _check(terms: PriceTerms, item: str) -> None:
    for field, reason in price_findings(terms, item):
        raise PriceDoesNotFit(field, reason)


def _stored_item(act: Act, facts: ItemFacts) -> int:
    """The key of a fee item, made or brought up to date."""
    if facts.nature not in ("", *NATURES):
        raise UnknownNature(nature=facts.nature, values="、".join(NATURES))
    before = act.connection.execute(select(_item).where(_item.c.name == facts.name)).mappings().one_or_none()
    if before is not None:
        _update_item(act, dict(before), facts)
        return int(before["id"])
    values = {
        "name": facts.name,
        "nature": facts.nature or usual_nature(facts.name),
        "position": _next_position(act.connection, _item),
        "mantissa": facts.mantissa,
        "mantissa_step": facts.mantissa_step,
        "covers": facts.covers or None,
    }
    return inserted_key(act.connection.execute(insert(_item), values))


def _update_item(act: Act, before: dict[str, Any], facts: ItemFacts) -> None:
    values = {
        "nature": facts.nature or before["nature"],
        "mantissa": facts.mantissa,
        "mantissa_step": facts.mantissa_step,
        "covers": facts.covers or None,
    }
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return
    if "nature" in changed and is_item_booked(act.connection, before["id"]):
        raise NatureIsFixed(item=before["name"], nature=before["nature"])
    act.connection.execute(update(_item).where(_item.c.id == before["id"]), changed)
    told = {name: [shown_value(before[name]), shown_value(value)] for name, value in changed.items()}
    note_change(act, "change_item", f"fee_item:{before['id']}", told)


def _insert_version(act: Act, tariff: int, terms: PriceTerms) -> int:
    return inserted_key(act.connection.execute(insert(_version), {"tariff_id": tariff, **_columns(terms)}))


def _columns(terms: PriceTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in _TERMS} | {"formula": terms.formula or None}


def _next_position(connection: Connection, table: Any) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.position), 0) + 1)).scalar_one())


def tariff_name(connection: Connection, tariff: int) -> tuple[str, str]:
    """The name of a tariff and of its fee item; else `UnknownTariff`."""
    statement = select(_tariff.c.name, _item.c.name).join(_item, _item.c.id == _tariff.c.fee_item_id)
    found = connection.execute(statement.where(_tariff.c.id == tariff)).one_or_none()
    if found is None:
        raise UnknownTariff
    return str(found[0]), str(found[1])


def _versions_of(connection: Connection, tariff: int) -> Sequence[Any]:
    statement = select(_version).where(_version.c.tariff_id == tariff).order_by(_version.c.valid_from)
    return connection.execute(statement).mappings().all()


def _version_row(connection: Connection, version: int) -> Any:
    statement = (
        select(_version, _tariff.c.name, _tariff.c.fee_item_id, _item.c.name.label("item"))
        .join(_tariff, _tariff.c.id == _version.c.tariff_id)
        .join(_item, _item.c.id == _tariff.c.fee_item_id)
        .where(_version.c.id == version)
    )
    found = connection.execute(statement).mappings().one_or_none()
    if found is None:
        raise UnknownTariff
    return found


def _reaches_into(version: Any, day: date) -> bool:
    return bool(version["valid_from"] < day and (version["valid_to"] is None or version["valid_to"] >= day))


def _refuse_used(connection: Connection, version: Any) -> None:
    days: Stretch = (version["valid_from"], version["valid_to"])
    facts = {"version": version["id"], "tariff": version["tariff_id"], "item": version["fee_item_id"]}
    if is_price_used(connection, days=days, **facts):
        raise PriceInUse(name=version["name"], day=version["valid_from"])


# ---- warnings and the audit trail ------------------------------------------------------------------------------------


def _price_warnings(connection: Connection, tariff: int, since: date) -> tuple[str, ...]:
    """What is odd about a tariff's prices from a day on: days without one, and charges billed already."""
    found = _gap_warnings(connection, tariff)
    item = connection.execute(select(_tariff.c.fee_item_id).where(_tariff.c.id == tariff)).scalar_one()
    if is_price_used(connection, version=0, tariff=tariff, item=item, days=(since, None)):
        words = _("Charges that reach beyond {day} are billed already; they keep their sum. Adjust them if need be.")
        return (*found, words.format(day=since))
    return found


def _gap_warnings(connection: Connection, tariff: int) -> tuple[str, ...]:
    stretches = [(one["valid_from"], one["valid_to"]) for one in _versions_of(connection, tariff)]
    return tuple(gap_words(gap) for gap in days_without_price(stretches))


def shown_value(value: Any) -> str:
    """A value as the audit trail tells it."""
    if value is None:
        return ""
    return decimal_text(value) if isinstance(value, Fraction) else str(value)


def _shown_terms(terms: PriceTerms) -> dict[str, str]:
    told = {name: shown_value(value) for name, value in _columns(terms).items()}
    return {name: words for name, words in told.items() if words}


def note_change(act: Act, action: str, subject: str, facts: dict[str, Any]) -> None:
    """Notes a change of prices in the audit trail, what was before and what is now."""
    record_audit(act, action=action, subject=subject, detail=json.dumps(facts, ensure_ascii=False))
