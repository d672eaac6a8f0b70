"""The benchmark measures what it says on the smallest ledger; how long things take is no matter of tests."""

import json
from pathlib import Path

import pytest

from feedesk.bench.ledgers import sample_ledger
from feedesk.bench.measuring import Figure, own_peak_mib, quantile
from feedesk.bench.run import UnknownBenchmark, run_bench
from feedesk.bench.startup import measure_startup
from tests.command_line import Feedesk, NoWindow, command_line


def test_quantiles_of_times() -> None:
    times = [float(n) for n in range(100)]
    assert quantile(times, 0.5) == 50
    assert quantile(times, 0.99) == 99
    assert quantile([3.0], 0.99) == 3.0


def test_a_ratio_is_to_the_plain_program() -> None:
    assert Figure("x", 0.3, 0.2).ratio == pytest.approx(1.5)
    assert Figure("x", 0.3).ratio is None


@pytest.mark.slow
def test_search_is_measured() -> None:
    told: list[str] = []
    answer = run_bench(["search"], households=10, years=0, tell=told.append)
    assert isinstance(answer.document, dict)
    times = answer.document["search"]
    assert times["accounts"] >= 10
    assert times["searches"] > 100
    assert all(times[name] > 0 for name in ("build", "search_p50", "like_p50", "key_p50"))
    assert times["search_p50"] <= times["search_p99"]
    assert len(told) == 2
    assert len(answer.lines) == 1 + len(answer.document["figures"]) + 1


@pytest.mark.slow
def test_the_start_is_measured() -> None:
    with sample_ledger(households=10, years=0, tell=lambda line: None) as workplace:
        times = measure_startup(str(workplace.database.url), runs=1)
    assert times.empty_window > 0
    assert times.first_frame < times.ready
    assert own_peak_mib() >= 0


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
    done = feedesk("bench", "search", "--households", "12", "--years", "0", "--json-out", file, "--json")
    assert done.document == {"names": ["search"], "households": 12, "years": 0}
    assert json.loads(file.read_text("utf-8")) == done.document
