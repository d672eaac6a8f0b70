"""Closed days: the chain heads that a close kept are those of its moment, and nothing was booked on the day since."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedesk.ledger.findings import Findings
from feedesk.ledger.heads import heads_from_json
from feedesk.ledger.sealing import GENESIS
from feedesk.ledger.verify_chain import ChainState, Document, SealedAct
from feedesk.texts import _

_EMPTY = (0, GENESIS)


@dataclass(slots=True)
class DayCloses:
    """The closes met so far on a walk over the entries."""

    closed_through: str = ""
    _standing: list[tuple[object, str]] = field(default_factory=list)
    _versions: dict[str, int] = field(default_factory=dict)

    def check(self, act: SealedAct, chains: Mapping[object, ChainState], findings: Findings) -> None:
        """Checks one entry, with the chains as they stand right after it."""
        day = act.entry["business_date"]
        if act.entry["kind"] == "day_reopen":
            self._reopen(act, day, findings)
            return
        if act.entry["kind"] != "day_close":
            if isinstance(day, str) and day <= self.closed_through:
                message = _("booked on {day}, after that day was closed").format(day=day)
                findings.add("entry", "business_date", message, entry=act.id)
            return
        close = act.one("day_close")
        if close is None:
            findings.add("day_close", "entry_id", _("this entry closes no day"), entry=act.id)
            return
        self._standing.append((act.id, str(day)))
        self.closed_through = max(self.closed_through, str(day))
        self._check_version(act, close, findings)
        self._check_heads(act, close, chains, findings)

    def _reopen(self, act: SealedAct, day: object, findings: Findings) -> None:
        """Takes the last close that stands away, which is the only one that may be reopened."""
        entry, closed = self._standing[-1] if self._standing else (None, "")
        if entry != act.entry["reverses_id"] or closed != day:
            message = _("opens {day} again, which is not the last day closed").format(day=day)
            findings.add("entry", "reverses_id", message, entry=act.id)
            return
        self._standing.pop()
        self.closed_through = max((day for _entry, day in self._standing), default="")

    def _check_version(self, act: SealedAct, close: Document, findings: Findings) -> None:
        wanted = self._versions.get(close["business_date"], 0) + 1
        if close["version"] != wanted:
            message = _("version {found} of this day, where {wanted} was expected")
            findings.add("day_close", "version", message.format(found=close["version"], wanted=wanted), entry=act.id)
        self._versions[close["business_date"]] = wanted

    def _check_heads(
        self, act: SealedAct, close: Document, chains: Mapping[object, ChainState], findings: Findings
    ) -> None:
        then = {chain: (state.length, state.head) for chain, state in chains.items()}
        then[act.entry["chain_id"]] = (chains[act.entry["chain_id"]].length - 1, act.entry["previous"])
        try:
            kept: dict[object, tuple[int, str]] = {
                one.chain: (one.length, one.head) for one in heads_from_json(close["chain_heads"])
            }
        except (ValueError, TypeError):
            findings.add("day_close", "chain_heads", _("the chain heads cannot be read"), entry=act.id)
            return
        for chain in sorted(then.keys() | kept.keys(), key=str):
            if kept.get(chain, _EMPTY) != then.get(chain, _EMPTY):
                message = _("the close of {day} keeps another head of chain {chain} than the ledger had then")
                message = message.format(day=close["business_date"], chain=chain)
                findings.add("day_close", "chain_heads", message, entry=act.id)
