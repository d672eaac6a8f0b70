"""Runs the measurements that were asked for on one ledger, and tells them as a table and as a document."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from feedesk.bench.ledgers import sample_ledger
from feedesk.bench.measuring import Figure, own_peak_mib
from feedesk.cli.output import Answer, table
from feedesk.errors import UsageError
from feedesk.ops.run import Workplace
from feedesk.texts import N_, _


class UnknownBenchmark(UsageError):
    message = N_("There is no benchmark “{name}”: choose from {names}.")


@dataclass(frozen=True, slots=True)
class _Measured:
    document: dict[str, Any]
    figures: list[Figure]
    notes: tuple[str, ...] = ()


def _startup(workplace: Workplace) -> _Measured:
    from feedesk.bench.startup import measure_startup

    times = measure_startup(str(workplace.database.url))
    return _Measured(asdict(times), times.figures(), (times.note(),))


def _search(workplace: Workplace) -> _Measured:
    from feedesk.bench.search import measure_search

    times = measure_search(workplace)
    return _Measured(asdict(times), times.figures())


_BENCHMARKS: dict[str, Callable[[Workplace], _Measured]] = {"startup": _startup, "search": _search}


def run_bench(names: Sequence[str], *, households: int, years: int, tell: Callable[[str], None]) -> Answer:
    """Measures what is named, or everything. Raises `UnknownBenchmark`."""
    for name in names:
        if name not in _BENCHMARKS:
            raise UnknownBenchmark(name=name, names=" ".join(_BENCHMARKS))
    document: dict[str, object] = {"households": households, "years": years}
    figures: list[Figure] = []
    notes: list[str] = []
    with sample_ledger(households=households, years=years, tell=tell) as workplace:
        for name in names or list(_BENCHMARKS):
            tell(_("Measuring {name}").format(name=name))
            measured = _BENCHMARKS[name](workplace)
            document[name] = measured.document
            figures += measured.figures
            notes += measured.notes
    document["peak_mib"] = round(own_peak_mib(), 1)
    notes.append(_("Most memory the benchmark itself held: {mib} MiB").format(mib=document["peak_mib"]))
    document["figures"] = [{**asdict(figure), "ratio": figure.ratio} for figure in figures]
    return Answer(document, [*_lines(figures), *notes])


def _lines(figures: Sequence[Figure]) -> list[str]:
    rows = [
        [
            _(figure.name),
            _milliseconds(figure.seconds),
            _milliseconds(figure.plain),
            f"{figure.ratio:.2f}" if figure.ratio else "",
            _milliseconds(figure.target),
        ]
        for figure in figures
    ]
    return table([_("What"), _("Time (ms)"), _("Plain (ms)"), _("Ratio"), _("Target (ms)")], rows, right=".rrrr")


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1000:.3f}" if seconds < 0.01 else f"{seconds * 1000:.0f}"
