"""The house rules that a machine can check."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
VAGUE = re.compile(r"(^|_)(utils?|helpers?|misc|common|managers?|controllers?|services?)$")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def _sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def _pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def _shipped(folder: str) -> set[str]:
    found = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def test_files_stay_readable_in_one_go() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _sources("src")}
    assert not {path.name: lines for path, lines in lengths.items() if lines > 500}


def test_modules_are_named_after_what_they_are() -> None:
    parts = {part for path in _sources("src", "tests", "migrations") for part in path.relative_to(ROOT).parts}
    assert not {part for part in parts if VAGUE.search(part.removesuffix(".py"))}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "//" not in text
    assert not re.search(r"^--", text, re.MULTILINE), "an option, for instance --index-url"
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(_pins(lock))
    assert not [block for block in blocks if "--hash=sha256:" not in block]


def test_locks_agree_with_each_other() -> None:
    program, development = map(_pins, LOCKS)
    assert program.items() <= development.items()


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    program = (
        project["project"]["dependencies"] + project["project"]["optional-dependencies"]["postgres"] + groups["build"]
    )
    development = [requirement for requirement in groups["dev"] if isinstance(requirement, str)]

    def names(requirements: list[str]) -> set[str]:
        matches = [re.match(r"[\w.-]+", requirement) for requirement in requirements]
        return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in matches if match}

    assert names(program) <= _pins("requirements.lock").keys()
    assert names(development) <= _pins("requirements-dev.lock").keys()


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution, built from this checkout without the network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return folder


@pytest.mark.slow
def test_wheel_carries_resources_and_migrations(distributions: Path, tmp_path: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path)
    for folder in ("resources", "migrations"):
        shipped = {f"feedesk/_{name}" for name in _shipped(folder)}
        assert shipped, folder
        assert shipped <= names
    assert {path.relative_to(ROOT / "src").as_posix() for path in _sources("src")} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)

    # Unpacked into an otherwise empty folder it finds its own files, not those of the checkout.
    program = (
        "from feedesk.resources import migrations_path, resource_path; from feedesk.texts import in_language;"
        "print(migrations_path()); print(resource_path('fonts')); print(in_language('zh_CN', 'Something went wrong.'))"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    installed = tmp_path / "feedesk"
    assert run.stdout.splitlines() == [
        str(installed / "_migrations"),
        str(installed / "_resources" / "fonts"),
        "出了点问题。",
    ]


@pytest.mark.slow
def test_source_distribution_can_be_built_from(distributions: Path, tmp_path: Path) -> None:
    (source,) = distributions.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        if sys.version_info >= (3, 12):
            archive.extractall(tmp_path, filter="data")
        else:
            archive.extractall(tmp_path)
    (unpacked,) = tmp_path.iterdir()
    expected = _shipped("src") | _shipped("resources") | _shipped("migrations") | {"LICENSE", "NOTICE", "README.md"}
    assert {name for name in expected if not name.endswith((".pyc", ".pyo"))} <= {
        path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*")
    }
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=unpacked, check=True, capture_output=True
    )
    assert list((unpacked / "dist").glob("feedesk-*.whl"))
