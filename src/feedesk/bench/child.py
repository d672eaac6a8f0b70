"""One measurement in a process of its own, so that the memory of one does not hide another's.

``python -m feedesk.bench.child NAME FOLDER FILE`` measures on the site in FOLDER and writes the figures to FILE.
"""

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from feedesk.bench.ledgers import Site
from feedesk.bench.measuring import Figure, run_and_measure
from feedesk.cli.garbage import collected_rarely

MEASURES: Final = {
    "startup": "feedesk.bench.startup:measure_startup",
    "search": "feedesk.bench.search:measure_search",
    "statement": "feedesk.bench.statement:measure_statement",
    "ageing": "feedesk.bench.ageing:measure_ageing",
    "billing": "feedesk.bench.billing:measure_billing",
    "payment": "feedesk.bench.payment:measure_payment",
    "dayclose": "feedesk.bench.day_close:measure_day_close",
}
"""What can be measured, in this order: first what only reads."""
_PATIENCE: Final = 3600.0


def measure(name: str, site: Site) -> list[Figure]:
    """Measures in this process."""
    module, function = MEASURES[name].split(":")
    found: Callable[[Site], list[Figure]] = getattr(importlib.import_module(module), function)
    return found(site)


def measure_apart(name: str, site: Site) -> list[Figure]:
    """Measures in a process of its own. Raises CalledProcessError with what it wrote when it fails."""
    with tempfile.TemporaryDirectory(prefix="feedesk-bench-") as folder:
        answer = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "feedesk.bench.child", name, str(site.folder), str(answer)]
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        run_and_measure(command, environment, Path(folder) / "written", _PATIENCE)
        return [Figure(**figure) for figure in json.loads(answer.read_text(encoding="utf-8"))]


def main(name: str, folder: str, answer: str) -> None:
    """Measures and writes the figures as JSON."""
    with collected_rarely():  # as any command does
        figures = measure(name, Site.at(Path(folder)))
    Path(answer).write_text(json.dumps([asdict(figure) for figure in figures]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
