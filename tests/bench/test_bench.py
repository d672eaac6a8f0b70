"""The benchmark measures what it says on the smallest ledgers; how long things take is no matter of tests."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedesk.bench.child import MEASURES, measure, measure_apart
from feedesk.bench.history import payers_from
from feedesk.bench.ledgers import TODAY, Site, build_site
from feedesk.bench.measuring import Figure, Pair, peak_mib, quantile
from feedesk.bench.run import UnknownBenchmark, run_bench, sizes_up_to
from feedesk.bench.startup import measure_startup
from feedesk.cli.commands.bench import _NAMES
from feedesk.ops.billing import bill_period
from feedesk.queries.ageing import ageing
from tests.command_line import Feedesk, NoWindow, command_line

HOMES = 105
"""A few of each hundred accounts owe more than others; so there are a few more than a hundred."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return build_site(tmp_path_factory.mktemp("bench"), households=HOMES, years=1)


@pytest.fixture
def rows(site: Site) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(site.ledger)) as connection:
        yield connection


def test_quantiles_of_times() -> None:
    times = [float(n) for n in range(100)]
    assert quantile(times, 0.5) == 50
    assert quantile(times, 0.99) == 99
    assert quantile([3.0], 0.99) == 3.0


def test_a_figure_keeps_its_targets_or_not() -> None:
    assert Figure("x", 0.3, 0.2).ratio == pytest.approx(1.5)
    assert Figure("x", 0.3).ratio is None
    assert Figure("x", 0.3).met is None
    assert Figure("x", 0.3, target=0.3).met is True
    assert Figure("x", 0.3, target=0.2).met is False
    assert Figure("x", 0.3, 0.2, target=1.0, ratio_target=1.4).met is False
    assert Figure("x", 0.3, 0.2, ratio_target=1.6).met is True


def test_the_least_of_several_rounds_counts() -> None:
    figure = Pair((3.0, 1.0, 2.0), (1.0, 0.5, 2.0)).figure("x", ratio_target=2)
    assert (figure.value, figure.plain, figure.middle, figure.met) == (1.0, 0.5, 2.0, True)


def test_costs_are_shown_at_sizes_well_below_the_one_asked_for() -> None:
    assert sizes_up_to(1152) == [1152]
    assert sizes_up_to(2000) == [1000, 2000]
    assert sizes_up_to(50_000) == [1000, 10_000, 50_000]


def test_this_process_holds_memory() -> None:
    assert peak_mib() > 10 or sys.platform != "linux"


def test_who_owes_how_many_months() -> None:
    assert [payers_from(back) for back in (0, 1, 9, 10, 23, 24, 36, 48, 59)] == [42, 12, 12, 6, 6, 4, 3, 2, 2]


def test_every_home_has_three_charges_a_month(rows: sqlite3.Connection) -> None:
    months = rows.execute("SELECT period, count(*), count(DISTINCT account_id) FROM charge GROUP BY period").fetchall()
    assert [(charges, accounts) for _period, charges, accounts in months] == [(HOMES * 3, HOMES)] * 12
    assert (months[0][0], months[-1][0]) == ("2025-11", "2026-10")


def test_payments_settle_what_is_not_owed(rows: sqlite3.Connection) -> None:
    by_charge = rows.execute(
        "SELECT count(*) FROM charge AS c LEFT JOIN (SELECT charge_id, sum(amount) AS paid FROM allocation"
        " GROUP BY charge_id) AS a ON a.charge_id = c.id"
        " WHERE coalesce(a.paid, 0) <> c.paid OR (c.status = 'settled') <> (c.paid = c.gross)"
    )
    assert by_charge.fetchone() == (0,)
    # 12 of 100 accounts owe, 30 only the latest month: 2, 1, 1 and 2 all twelve, 6 of them ten months.
    owing = dict(
        rows.execute("SELECT account_id % 100, count(*) FROM charge WHERE status = 'open' GROUP BY account_id")
    )
    assert (owing[0], owing[5], owing[11], owing[41]) == (36, 36, 30, 3)
    assert 42 not in owing
    assert rows.execute("SELECT count(*) FROM posting GROUP BY entry_id HAVING sum(amount) <> 0").fetchall() == []
    assert rows.execute("PRAGMA foreign_key_check").fetchall() == []
    assert rows.execute("SELECT count(*) FROM day_close").fetchone() == (2,)


def test_the_plain_program_bills_the_very_same(site: Site, rows: sqlite3.Connection) -> None:
    month = "2030-02"
    with site.workplace() as place, site.plain() as other:
        place.run_op(bill_period, period=site.next_month().parse(month))
        assert other.bill(month) == HOMES * 3
        assert other.bill_by_select("2030-03") == HOMES * 3
        query = (
            "SELECT account_id, fee_item_id, source, number, serves_from, serves_to, gross, due_date, status"
            " FROM charge WHERE period = '2030-02' ORDER BY id"
        )
        ours = rows.execute(query).fetchall()
        with closing(sqlite3.connect(other.path)) as plain:
            assert plain.execute(query).fetchall() == ours
            sums = "SELECT fee_item_id, sum(gross), sum(length(basis) > 3) FROM charge WHERE period = ? GROUP BY 1"
            assert plain.execute(sums, ("2030-03",)).fetchall() == rows.execute(sums, (month,)).fetchall()
        owed = place.read(ageing, on=TODAY).total
        assert sum(row[2] for row in other.ageing()) - owed == sum(row[6] for row in ours)


@pytest.mark.parametrize("name", [name for name in MEASURES if name not in ("startup", "search")])
def test_measures(site: Site, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedesk.bench.statement._ACCOUNTS", 30)
    monkeypatch.setattr("feedesk.bench.payment.PAYMENTS", 20)
    figures = measure(name, site)
    assert figures
    assert all(figure.value > 0 for figure in figures if figure.unit == "s")
    assert all(figure.name.startswith({"dayclose": "day close"}.get(name, name)) for figure in figures)


@pytest.mark.slow
def test_search_is_measured_in_a_process_of_its_own(site: Site) -> None:
    figures = {figure.name: figure for figure in measure_apart("search", site)}
    assert len(figures) == 7
    assert all(figure.value > 0 for figure in figures.values())
    assert figures["search: key press to list, p50"].value <= figures["search: key press to list, p99"].value


@pytest.mark.slow
def test_the_start_is_measured(site: Site) -> None:
    first, ready, memory = measure_startup(site, runs=1)
    assert 0 < first.value < ready.value
    assert first.plain == ready.plain
    assert memory.unit == "MiB"


@pytest.mark.slow
def test_the_document_of_several_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedesk.bench.run.SIZES", (10, 50_000))
    told: list[str] = []
    answer = run_bench(["ageing"], households=20, years=1, tell=told.append)
    document = answer.document
    assert isinstance(document, dict)
    assert set(document) == {"households", "years", "builds", "sizes", "growth"}
    assert [built["charges"] for built in document["builds"]] == [360, 720]
    assert set(document["sizes"]) == {"10", "20"}
    (figure, building) = document["sizes"]["20"]["ageing"]
    assert set(figure) == {
        "name", "value", "plain", "target", "ratio_target", "middle", "unit", "ratio", "met",
    }  # fmt: skip
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["plain"])
    assert building["met"] is None
    assert [growth["name"] for growth in document["growth"]] == [figure["name"], building["name"]]
    assert len(told) == 6
    assert len(answer.lines) == 2 + 1 + 3 + 1 + 3 + 2
    assert "20 户" in answer.lines[7]
    assert "50000 户" in answer.lines[-1]  # for whom the targets are


def test_the_command_names_what_can_be_measured() -> None:
    assert tuple(MEASURES) == _NAMES


def test_an_unknown_benchmark_is_refused() -> None:
    with pytest.raises(UnknownBenchmark) as refusal:
        run_bench(["startup", "warp"], households=10, years=0, tell=lambda line: None)
    assert "warp" in str(refusal.value)
    assert "search" in str(refusal.value)


@pytest.fixture
def feedesk(capsys: pytest.CaptureFixture[str]) -> Feedesk:
    return command_line(capsys, NoWindow())


def test_the_command_writes_its_document_to_a_file(feedesk: Feedesk, tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    done = feedesk("bench", "search", "--households", "12", "--years", "2", "--json-out", file, "--json")
    assert done.document == {"names": ["search"], "households": 12, "years": 2}
    assert json.loads(file.read_text("utf-8")) == done.document
