"""Settings survive a round trip, and a damaged file never keeps the desk from starting."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from feedesk import config
from feedesk.config import Config, PrinterProfile, PrinterTransport, ThemeChoice, TypeSize, WindowPlace

CHANGED = Config(
    language="en",
    theme=ThemeChoice.DARK,
    type_size=TypeSize.LARGE,
    ledger="sqlite:////tmp/账本.sqlite",
    staff="样例收费员",
    printer=PrinterProfile(PrinterTransport.NETWORK, "192.168.1.50:9100", columns=32, cuts=False),
    window=WindowPlace(10, 20, 1366, 768, maximised=True),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path))
    return tmp_path


def test_without_a_file_the_defaults_hold() -> None:
    assert config.load_config() == Config()


def test_settings_come_back_as_they_were() -> None:
    config.save_config(CHANGED)
    assert config.load_config() == CHANGED
    assert [path.name for path in config.config_folder().iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[]",
        '"en"',
        '{"language": "fr"}',
        '{"language": 7}',
        '{"theme": "pink"}',
        '{"printer": []}',
        '{"printer": {"columns": "48"}}',
        '{"printer": {"columns": true}}',
        '{"window": {"x": 1.5}}',
    ],
)
def test_a_damaged_file_is_kept_aside(home: Path, damaged: str) -> None:
    config.settings_path().parent.mkdir(parents=True)
    config.settings_path().write_text(damaged, encoding="utf-8")
    assert config.load_config() == Config()
    assert not config.settings_path().exists()
    assert (home / "config" / "settings.damaged.json").read_text(encoding="utf-8") == damaged


def test_a_file_that_is_not_text_is_kept_aside(home: Path) -> None:
    config.settings_path().parent.mkdir(parents=True)
    config.settings_path().write_bytes(b"\xff\xfe\x00")
    assert config.load_config() == Config()
    assert (home / "config" / "settings.damaged.json").exists()


def test_what_a_newer_version_wrote_beside_is_ignored() -> None:
    config.save_config(CHANGED)
    stored = json.loads(config.settings_path().read_text(encoding="utf-8"))
    stored["colour_of_the_sky"] = "blue"
    stored["printer"]["smell"] = 7
    config.settings_path().write_text(json.dumps(stored), encoding="utf-8")
    assert config.load_config() == CHANGED


def test_a_crash_while_writing_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    config.save_config(CHANGED)

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        config.save_config(replace(CHANGED, language="zh_CN"))
    assert config.load_config() == CHANGED


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="no catalogue"):
        Config(language="fr")


def test_everything_lies_in_the_home_that_is_set(home: Path) -> None:
    assert {config.config_folder(), config.data_folder(), config.log_folder()} == {
        home / "config",
        home / "data",
        home / "log",
    }
    assert config.default_database_url() == f"sqlite:///{(home / 'data' / 'ledger.sqlite').as_posix()}"


def test_without_a_home_the_platform_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FEEDESK_HOME")
    for folder in (config.config_folder(), config.data_folder(), config.log_folder()):
        assert folder.is_absolute()
        assert "feedesk" in folder.as_posix()
