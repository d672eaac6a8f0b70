"""What holds for every test: no display, a home of its own, and no log record that nobody expected."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

# In CI the same examples each time, so that a red run can be run again; elsewhere new ones, which find more.
# Both without a deadline: the machine may be busy, and no test measures time.
settings.register_profile("desk", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, max_examples=100)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything of feedesk is imported: no window on the screen, and nobody's own ledger within reach."""
    home = tempfile.TemporaryDirectory(prefix="feedesk-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ["FEEDESK_HOME"] = home.name
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("FEEDESK_DATABASE", "FEEDESK_ACTOR", "FEEDESK_PASSWORD", "FEEDESK_APPROVER_PASSWORD"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A record of level WARNING or above fails the test, unless it is marked ``logs_expected``."""
    yield
    if request.node.get_closest_marker("logs_expected"):
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    loud = [f"{record.name}: {record.getMessage()}" for record in records if record.levelno >= logging.WARNING]
    assert not loud, f"unexpected log records: {loud}"


@pytest.fixture
def program() -> Callable[[str], str]:
    """``program("pdftotext")`` is its path; where it is not installed the test is skipped, but in CI it fails."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None and os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return find
