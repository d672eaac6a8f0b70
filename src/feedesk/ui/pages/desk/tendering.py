"""What the cashier has typed in which way of paying, and how that settles the sum. No widgets.

Change and 抹零 come from `rules.tenders.settle`, the very function that takes the money, so that what the cashier reads
is what the receipt will say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedesk.money import ZERO, Fen, format_amount
from feedesk.rules.tenders import ChangeStep, Given, Settlement, TenderShort, TenderTooMuch, settle
from feedesk.texts import _
from feedesk.ui.pages.desk.rows import TenderChoice, Tendered, Typed


@dataclass(frozen=True, slots=True)
class MoneyState:
    """What the money panel comes to now: ``missing`` is still to be typed (negative: too much), ``settlement`` None
    until it is enough; ``asked`` is the chosen way's share of the sum.
    """

    due: Fen = ZERO
    chosen: TenderChoice | None = None
    asked: Fen = ZERO
    entered: tuple[tuple[str, Fen], ...] = ()
    missing: Fen = ZERO
    settlement: Settlement | None = None


class Tendering:
    """One payment in the making. Without ``combined`` choosing another way of paying forgets the amount before."""

    def __init__(self, tenders: Sequence[TenderChoice] = (), step: ChangeStep = ChangeStep.JIAO) -> None:
        self.tenders = tuple(tenders)
        self.step = step
        self.due = ZERO
        self.prepaid = ZERO
        self.place = 0
        self.combined = False
        self.keep_change = False
        self._amounts: dict[str, Fen] = {}
        self._references: dict[str, str] = {}

    @property
    def chosen(self) -> TenderChoice | None:
        """The way of paying whose amount is being typed."""
        return self.tenders[self.place] if self.tenders else None

    @property
    def prepaid_place(self) -> int | None:
        """Where the way of paying stands that uses up the prepayment."""
        return next((place for place, tender in enumerate(self.tenders) if tender.prepaid), None)

    def is_empty(self) -> bool:
        """Whether nothing has been typed in any way of paying."""
        return not self._amounts

    def pays_first(self) -> bool:
        """Whether the chosen way is the first of several: what it pays is yet to be typed."""
        chosen = self.chosen.code if self.chosen else ""
        return self.combined and not any(code != chosen for code in self._amounts)

    def forget(self) -> None:
        """Nothing typed any more."""
        self._amounts.clear()
        self._references.clear()

    def choose(self, place: int) -> None:
        """Goes over to another way of paying."""
        self.place = place
        if not self.combined:
            self.forget()

    def refer(self, reference: str) -> None:
        """The reference typed for the chosen way of paying."""
        if self.chosen is not None:
            self._references[self.chosen.code] = reference.strip()

    def reference(self) -> str:
        """What was typed as the reference of the chosen way of paying."""
        return self._references.get(self.chosen.code, "") if self.chosen else ""

    def set_combined(self, on: bool) -> None:
        """Several ways together, or only the chosen one."""
        self.combined = on
        if not on and self.chosen is not None:
            kept = self.chosen.code
            self._amounts = {code: amount for code, amount in self._amounts.items() if code == kept}

    def enter(self, amount: Fen | None) -> None:
        """The amount typed in the chosen way of paying."""
        if self.chosen is None:
            return
        if amount is None or amount <= 0:
            self._amounts.pop(self.chosen.code, None)
        else:
            self._amounts[self.chosen.code] = amount

    def typed(self) -> Typed:
        """All that was typed, to be typed again by `restore`."""
        return Typed(self.place, self.combined, self.keep_change, self.tendered())

    def restore(self, typed: Typed) -> None:
        """What was typed before, as far as the ways of paying are still offered."""
        known = {tender.code for tender in self.tenders}
        kept = [one for one in typed.tendered if one.code in known]
        self.place = typed.place if typed.place < len(self.tenders) else 0
        self.combined, self.keep_change = typed.combined, typed.keep_change
        self._amounts = {one.code: one.amount for one in kept}
        self._references = {one.code: one.reference for one in kept if one.reference}

    def suggestion(self) -> Fen | None:
        """What to fill in for the chosen way: all but cash take what is missing, the prepayment what it holds."""
        tender = self.chosen
        if tender is None:
            return None
        known = self._amounts.get(tender.code)
        if known is None and not tender.gives_change and self.due:
            rest = Fen(max(self.missing, 0))
            known = min(rest, self.prepaid) if tender.prepaid else rest
        return known or None

    @property
    def missing(self) -> Fen:
        """What is due and not typed yet; negative when more was typed."""
        return Fen(self.due - sum(self._amounts.values()))

    def entered(self) -> tuple[tuple[str, Fen], ...]:
        """Name and amount of each way of paying used, in the order of the buttons."""
        return tuple((t.name, self._amounts[t.code]) for t in self.tenders if t.code in self._amounts)

    def tendered(self) -> tuple[Tendered, ...]:
        """What the order says, each way of paying with its own reference."""
        return tuple(
            Tendered(t.code, self._amounts[t.code], self._references.get(t.code, ""))
            for t in self.tenders
            if t.code in self._amounts
        )

    def unreferenced(self) -> int | None:
        """The place of the first way of paying used that needs a reference and has none; None: all have."""
        used = ((place, one) for place, one in enumerate(self.tenders) if one.code in self._amounts)
        return next((n for n, one in used if one.needs_reference and not self._references.get(one.code)), None)

    def state(self) -> MoneyState:
        """What it all comes to, for whoever looks on."""
        outcome = self.outcome()
        return MoneyState(
            due=self.due,
            chosen=self.chosen,
            asked=self.suggestion() or ZERO,
            entered=self.entered(),
            missing=self.missing,
            settlement=outcome if isinstance(outcome, Settlement) else None,
        )

    def outcome(self) -> Settlement | str | None:
        """How the money settles the sum, or in words why it does not; None while nothing is typed."""
        given = [Given(t.code, self._amounts[t.code], t.gives_change) for t in self.tenders if t.code in self._amounts]
        if not given or not self.due:
            return None
        try:
            settled = settle(self.due, given, keep_change=self.keep_change, step=self.step)
            return _all_given_back(given, settled) or settled
        except TenderShort:
            words = _("{missing} is still missing: add another way of paying, or Ctrl+Enter takes a part.")
            return words.format(missing=format_amount(self.missing))
        except TenderTooMuch as error:
            return str(error)


def _all_given_back(given: Sequence[Given], settled: Settlement) -> str:
    """Why cash beside other ways of paying cannot be taken only to be given back: an amount among them is wrong."""
    back = [one for one, kept in zip(given, settled.kept, strict=True) if one.gives_change and not kept]
    if not back:
        return ""
    words = _("The other ways already pay all of it, so the {cash} in cash would go back whole: correct their amounts.")
    return words.format(cash=format_amount(back[0].amount))
