"""The columns of the tariffs, of their prices, and of where they apply."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from feedesk.money import decimal_text
from feedesk.queries.tariff_list import ScopeRow, TariffRow, VersionRow
from feedesk.rules.tariff_words import days_words, price_words, several_places, shared_places, short_price
from feedesk.rules.tariffs import Method
from feedesk.texts import N_, _
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import Span, Tone


@dataclass(frozen=True, slots=True)
class ShownTariff:
    """A tariff as it stands on a day."""

    tariff: TariffRow
    on: date

    @property
    def version(self) -> VersionRow | None:
        return self.tariff.shown_on(self.on)


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One of its prices; ``holds``: it is in force on the day, and no other goes before it."""

    version: VersionRow
    on: date
    holds: bool


@dataclass(frozen=True, slots=True)
class ShownScope:
    """Where it applies, as it stands on a day."""

    scope: ScopeRow
    on: date


def _ink(row: ShownTariff) -> Token:
    return "ink" if row.tariff.price_on(row.on) and row.tariff.units else "mute"


def _price(row: ShownTariff) -> Cell:
    version = row.version
    if version is None:
        return words(_("no price"), "warn")
    spans = [Span(short_price(version.terms), _ink(row))]
    if row.tariff.price_on(row.on) is None:
        chip = _("not in force yet") if version.terms.valid_from > row.on else _("ended")
        spans.append(Span(chip, chip="warn"))
    elif any(one.terms.valid_from > row.on for one in row.tariff.versions):
        spans.append(Span(_("changes soon"), chip="good"))
    return Cell(tuple(spans))


def _basis(row: ShownTariff) -> Cell:
    terms = row.version.terms if row.version else None
    if terms is None or not (terms.price_form or terms.basis_document):
        return words(_("no basis"), "warn")
    told = [terms.price_form or _("no price form"), terms.basis_document or _("no document")]
    missing = not (terms.price_form and terms.basis_document)
    return words(" · ".join(told), "warn" if missing else "ink_2")


def _places(row: ShownTariff) -> Cell:
    places = list(dict.fromkeys(scope.place for scope in row.tariff.scopes if scope.holds_on(row.on)))
    if not places and row.version is not None and row.version.terms.method == Method.SHARED:
        return words(shared_places(), "ink_2")
    if not places:
        return words(_("applies nowhere"), "warn")
    return words(several_places(places), "ink_2")


TARIFF_COLUMNS: Final[tuple[ColumnSpec[ShownTariff], ...]] = (
    ColumnSpec(N_("Fee item"), lambda row: words(row.tariff.item.name, _ink(row), bold=True), 106),
    ColumnSpec(N_("Tariff"), lambda row: words(row.tariff.name, _ink(row)), 132),
    ColumnSpec(N_("Price now"), _price, 0, least=190),
    ColumnSpec(N_("Basis"), _basis, 0, least=190, spare=True),
    ColumnSpec(
        N_("Since"),
        lambda row: words(str(row.version.terms.valid_from) if row.version else "", "ink_2"),
        92,
    ),
    ColumnSpec(N_("Applies to"), _places, 130),
    ColumnSpec(
        N_("Units"),
        lambda row: Cell((Span(f"{row.tariff.units:,}", _ink(row)),), right=True),
        62,
        right=True,
        sort=lambda row: row.tariff.units,
    ),
    ColumnSpec(N_("Whose money"), lambda row: words(row.tariff.item.nature, "ink_2"), 80, spare=True),
)


def _state(row: ShownVersion) -> Cell:
    terms = row.version.terms
    told: tuple[str, Tone]
    if row.holds:
        told = (_("in force"), "good")
    elif terms.valid_from > row.on:
        told = (_("to come"), "warn")
    elif terms.valid_to is not None and terms.valid_to < row.on:
        told = (_("ended"), "plain")
    else:
        told = (_("another goes before it"), "plain")
    return Cell((Span(told[0], chip=told[1]),))


def _version_basis(row: ShownVersion) -> Cell:
    terms = row.version.terms
    if not terms.basis_document:
        return words(terms.price_form or _("no basis"), "warn")
    return words(terms.basis_document, "ink_2")


VERSION_COLUMNS: Final[tuple[ColumnSpec[ShownVersion], ...]] = (
    ColumnSpec(
        N_("In force"), lambda row: words(days_words(row.version.terms.valid_from, row.version.terms.valid_to)), 200
    ),
    ColumnSpec(N_("Price"), lambda row: words(price_words(row.version.terms)), 0, least=120),
    ColumnSpec(N_("Basis"), _version_basis, 0, least=120, spare=True),
    ColumnSpec(N_("When it is due"), lambda row: words(row.version.terms.due_rule, "ink_2"), 70, spare=True),
    ColumnSpec("", _state, 92),
)
SCOPE_COLUMNS: Final[tuple[ColumnSpec[ShownScope], ...]] = (
    ColumnSpec(N_("Applies to"), lambda row: words(row.scope.place, _scope_ink(row)), 0, least=90),
    ColumnSpec(N_("Pattern"), lambda row: words(row.scope.pattern, "mute"), 84, spare=True),
    ColumnSpec(N_("Charged on"), lambda row: words(days_words(row.scope.from_date, row.scope.to_date), "ink_2"), 200),
    ColumnSpec(
        N_("Times"),
        lambda row: Cell((Span(decimal_text(row.scope.quantity), _scope_ink(row)),), right=True),
        50,
        right=True,
        spare=True,
    ),
    ColumnSpec(
        N_("Units"), lambda row: Cell((Span(f"{row.scope.units:,}", _scope_ink(row)),), right=True), 60, right=True
    ),
)


def _scope_ink(row: ShownScope) -> Token:
    return "ink" if row.scope.holds_on(row.on) else "mute"
