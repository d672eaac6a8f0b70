"""Runs the measurements that were asked for on ledgers of several sizes, and tells them as tables and as a document."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from feedesk.bench.child import MEASURES, measure_apart
from feedesk.bench.ledgers import Built, built_site
from feedesk.bench.measuring import Figure
from feedesk.cli.output import Answer, table
from feedesk.errors import UsageError
from feedesk.texts import N_, _

SIZES: Final = (1_000, 10_000, 50_000)
"""The communities that show how costs grow, up to the one that was asked for."""


class UnknownBenchmark(UsageError):
    message = N_("There is no benchmark “{name}”: choose from {names}.")


def sizes_up_to(households: int) -> list[int]:
    """The sizes measured: the steps well below, and the size asked for."""
    return [*(size for size in SIZES if size * 2 <= households), households]


def run_bench(names: Sequence[str], *, households: int, years: int, tell: Callable[[str], None]) -> Answer:
    """Measures what is named, or everything. Raises `UnknownBenchmark`."""
    for name in names:
        if name not in MEASURES:
            raise UnknownBenchmark(name=name, names=" ".join(MEASURES))
    chosen = [name for name in MEASURES if not names or name in names]
    builds: list[Built] = []
    found: dict[int, dict[str, list[Figure]]] = {}
    for size in sizes_up_to(households):
        tell(_("Making a ledger of {n} homes and {years} years").format(n=size, years=years))
        with built_site(households=size, years=years) as site:
            builds.append(site.built)
            tell(_built_in_words(site.built))
            found[size] = {}
            for name in chosen:
                tell(_("Measuring {name}").format(name=name))
                found[size][name] = measure_apart(name, site)
    return Answer(_document(households, years, builds, found), _lines(builds, found))


def _document(
    households: int, years: int, builds: Sequence[Built], found: dict[int, dict[str, list[Figure]]]
) -> dict[str, Any]:
    return {
        "households": households,
        "years": years,
        "builds": [asdict(built) for built in builds],
        "sizes": {
            str(size): {name: [_plain(figure) for figure in figures] for name, figures in measured.items()}
            for size, measured in found.items()
        },
        "growth": [
            {"name": name, "unit": figures[0].unit, "values": [figure.value for figure in figures], "growth": growth}
            for name, figures, growth in _growth(found)
        ],
    }


def _plain(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "ratio": figure.ratio, "met": figure.met}


def _growth(found: dict[int, dict[str, list[Figure]]]) -> list[tuple[str, list[Figure], float]]:
    """Each figure through the sizes, and how many times the smallest the largest is; none for one size only."""
    if len(found) < 2:
        return []
    by_name: dict[str, list[Figure]] = {}
    for measured in found.values():
        for figures in measured.values():
            for figure in figures:
                by_name.setdefault(figure.name, []).append(figure)
    return [
        (name, figures, figures[-1].value / figures[0].value if figures[0].value else 0.0)
        for name, figures in by_name.items()
    ]


def _lines(builds: Sequence[Built], found: dict[int, dict[str, list[Figure]]]) -> list[str]:
    lines = [_built_in_words(built) for built in builds]
    last = found[builds[-1].households]
    lines += ["", *_figures_table([figure for figures in last.values() for figure in figures])]
    growth = _growth(found)
    if growth:
        lines += ["", *_growth_table(list(found), growth)]
    if builds[-1].households < SIZES[-1]:
        told = _(
            "The targets are meant for {n} homes: in a small community what a program does anyway outweighs the rest."
        )
        lines += ["", told.format(n=SIZES[-1])]
    return lines


def _built_in_words(built: Built) -> str:
    facts = {"homes": built.households, "charges": f"{built.charges:,}", "seconds": f"{built.seconds:.0f}"}
    return _("{homes} homes, {charges} charges, built in {seconds} s, {mib} MiB").format(**facts, mib=round(built.mib))


def _figures_table(figures: Sequence[Figure]) -> list[str]:
    rows = [
        [
            _(figure.name),
            _amount(figure.value, figure.unit),
            _amount(figure.plain, figure.unit),
            f"{figure.ratio:.2f}" if figure.ratio else "",
            _target(figure),
            "" if figure.met is None else _("yes") if figure.met else _("no"),
        ]
        for figure in figures
    ]
    headers = [_("What"), _("feedesk"), _("Plain"), _("Ratio"), _("Target"), _("Met")]
    return table(headers, rows, right=".rrrr")


def _target(figure: Figure) -> str:
    targets = [_amount(figure.target, figure.unit)] if figure.target is not None else []
    if figure.ratio_target is not None:
        targets.append(f"{figure.ratio_target:g} ×")
    return ", ".join(targets)


def _growth_table(sizes: Sequence[int], growth: Sequence[tuple[str, list[Figure], float]]) -> list[str]:
    rows = [
        [_(name), *(_amount(figure.value, figure.unit) for figure in figures), f"{times:.1f} ×"]
        for name, figures, times in growth
    ]
    headers = [_("What"), *(_("{n} homes").format(n=size) for size in sizes), _("Growth")]
    return table(headers, rows, right="." + "r" * (len(sizes) + 1))


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "s":
        return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value:.2f} s"
    return f"{value:,.0f} {unit}"
