"""What a person set on this machine, and where the program keeps its files.

Settings are a frozen `Config`, stored as JSON in the platform's folder; whatever belongs to the business (rates,
clauses, tenders) is data of the ledger, not a setting. With ``FEEDESK_HOME`` set, everything lies in that folder.
A damaged file is kept aside as ``settings.damaged.json`` and the defaults hold: a desk must always start.
"""

import contextlib
import json
import os
import typing
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any, TypeVar

from feedesk.texts import DEFAULT_LANGUAGE, LANGUAGES

_T = TypeVar("_T")


class ThemeChoice(StrEnum):
    """Light or dark, or whatever the system shows."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class TypeSize(StrEnum):
    """How large the texts are; ``large`` also makes the total readable from across the desk."""

    NORMAL = "normal"
    LARGE = "large"


class PrinterTransport(StrEnum):
    """How slips reach the printer; ``virtual`` is the built-in one, which needs nothing."""

    VIRTUAL = "virtual"
    NETWORK = "network"
    USB = "usb"
    SERIAL = "serial"
    FILE = "file"
    WIN32 = "win32"
    CUPS = "cups"


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """The facts of the receipt printer: where it is, how many columns, which characters it knows (DEVICES).

    ``address`` is ``host:port``, a device's path or a system printer's name, as the transport wants it.
    """

    transport: PrinterTransport = PrinterTransport.VIRTUAL
    address: str = ""
    columns: int = 48
    repertoire: str = "gbk"
    opens_drawer: bool = True
    cuts: bool = True


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where the window stood when it was last closed, in logical pixels; ``width`` 0 means: never opened."""

    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    maximised: bool = False


class CustomerDisplayMode(StrEnum):
    """Where the customer display (客显) stands: nowhere, over a whole second screen, or in a window."""

    OFF = "off"
    SECOND_SCREEN = "second_screen"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class CustomerDisplayProfile:
    """The customer display: where it stands, the ``screen`` it was on last, and picture files of the codes by which
    the company is paid (收款码); empty: none.
    """

    mode: CustomerDisplayMode = CustomerDisplayMode.OFF
    screen: str = ""
    wechat_code: str = ""
    alipay_code: str = ""
    place: WindowPlace = field(default_factory=WindowPlace)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one person on one machine. ``ledger`` is the database URL opened last, empty for the default;
    ``export_folder`` where day summaries go, empty for the folder of exports among the program's data;
    ``lock_after_minutes`` locks the window when nobody touched it for so long, 0 never.
    """

    language: str = DEFAULT_LANGUAGE
    theme: ThemeChoice = ThemeChoice.SYSTEM
    type_size: TypeSize = TypeSize.NORMAL
    ledger: str = ""
    staff: str = ""
    till: str = ""
    show_virtual_printer: bool = False
    export_folder: str = ""
    lock_after_minutes: int = 0
    printer: PrinterProfile = field(default_factory=PrinterProfile)
    window: WindowPlace = field(default_factory=WindowPlace)
    customer: CustomerDisplayProfile = field(default_factory=CustomerDisplayProfile)

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"no catalogue for {self.language!r}")


def config_folder() -> Path:
    """The folder of the settings file."""
    return _folder("config", "user_config_path")


def data_folder() -> Path:
    """The folder of ledgers, backups and exports."""
    return _folder("data", "user_data_path")


def log_folder() -> Path:
    """The folder of the rotating log."""
    return _folder("log", "user_log_path")


def default_database_url() -> str:
    """The SQLite ledger used unless another is named."""
    return f"sqlite:///{(data_folder() / 'ledger.sqlite').as_posix()}"


def _folder(name: str, platform_function: str) -> Path:
    home = os.environ.get("FEEDESK_HOME")
    if home:
        return Path(home) / name
    import platformdirs  # 15 ms that a command with FEEDESK_HOME or --database need not wait for

    found: Path = getattr(platformdirs, platform_function)("feedesk", appauthor=False)
    return found


def settings_path() -> Path:
    """The settings file, existing or not."""
    return config_folder() / "settings.json"


def load_config() -> Config:
    """The stored settings; the defaults where there are none, or where the file is damaged (it is kept aside)."""
    path = settings_path()
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except (OSError, UnicodeDecodeError):
        return _set_aside(path)
    try:
        return _revive(Config, json.loads(text))
    except (ValueError, TypeError):
        return _set_aside(path)


def save_config(config: Config) -> None:
    """Writes the settings atomically: a crash leaves the old file or the new one. Raises OSError where it may not."""
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(config), file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _set_aside(path: Path) -> Config:
    with contextlib.suppress(OSError):  # in a read-only folder the defaults hold all the same
        path.replace(path.with_name("settings.damaged.json"))
    return Config()


def _revive(kind: type[_T], stored: Any) -> _T:
    """A dataclass from plain JSON; unknown names (a newer version's) are ignored, wrong types raise TypeError."""
    if not isinstance(stored, dict):
        raise TypeError(f"{kind.__name__} is stored as an object")
    hints = typing.get_type_hints(kind)
    facts: dict[str, Any] = {}
    for each in fields(kind):  # type: ignore[arg-type]
        if each.name in stored:
            facts[each.name] = _revive_value(hints[each.name], stored[each.name])
    return kind(**facts)


def _revive_value(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        return _revive(typing.cast(type[Any], kind), value)
    if issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not of {kind.__name__}")
    return value
