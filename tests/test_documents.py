"""The documents tell the truth as far as a machine can see: links, names, commands, words of the glossary, keys."""

import importlib
import pkgutil
import re
from enum import Enum
from pathlib import Path

import pytest

import feedesk
from feedesk.cli.commands import COMMANDS
from feedesk.models import Base
from feedesk.ops.permissions import PERMISSION_NAMES, PERMISSIONS, Permission, Role
from feedesk.texts import in_language

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PACKAGE = Path(feedesk.__file__).parent
PARTS = frozenset(module.name for module in pkgutil.iter_modules([str(PACKAGE)]) if module.name != "__main__")

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
REFERENCE = re.compile(r"[a-z_]+(\.\w+)+")
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\bfeedesk (?:--\S+ )*([a-z][a-z-]*)(?: (open|close))?")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _in_code(text: str) -> list[str]:
    """Everything set as code: words between backticks, indented lines and fenced blocks."""
    without_blocks = BLOCK.sub("", text)
    indented = re.findall(r"^ {4}(\S.*)$", without_blocks, re.MULTILINE)
    return [*CODE.findall(without_blocks), *indented, *(body for _kind, body in BLOCK.findall(text))]


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        path, _hash, anchor = target.partition("#")
        if "://" in target:
            continue
        file = document.parent / path if path else document
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(target)
    assert not broken


@each_document
def test_names_in_the_code_exist(document: Path) -> None:
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    names = {name.removeprefix("feedesk.") for name in CODE.findall(text)}
    named = sorted(name for name in names if REFERENCE.fullmatch(name) and name.partition(".")[0] in PARTS)
    files = (".py", ".sqlite")
    assert [name for name in named if not name.endswith(files) and not _exists(name)] == []


def _exists(name: str) -> bool:
    """Whether ``models.Unit.code`` leads to a module of ours, and then from attribute to attribute."""
    parts = name.split(".")
    found: object = feedesk
    for place, part in enumerate(parts):
        if not hasattr(found, part):
            try:
                found = importlib.import_module(".".join(("feedesk", *parts[: place + 1])))
            except ModuleNotFoundError:
                return part in getattr(found, "__annotations__", {})
        else:
            found = getattr(found, part)
    return True


@each_document
def test_files_named_exist(document: Path) -> None:
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    named = {
        name.rstrip("/")
        for name in CODE.findall(text)
        if re.fullmatch(r"(src|docs|tests|migrations|resources|\.ci)/[\w./-]*|\w+\.(md|toml|lock)", name)
    }
    written_later = {"migrations/versions/NNNN_what_changed.py"}  # a pattern
    assert not {name for name in named - written_later if not (ROOT / name).exists()}


@each_document
def test_commands_named_exist(document: Path) -> None:
    code = "\n".join(_in_code(document.read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", code)) <= targets
    commands = {" ".join(filter(None, words)) for words in COMMAND.findall(code)}
    assert not {name for name in commands if name not in COMMANDS and name.partition(" ")[0] not in COMMANDS}


def test_the_map_names_every_part() -> None:
    chart = BLOCK.search(_text("docs/ARCHITECTURE.md"))
    assert chart is not None
    assert not {part for part in PARTS if not re.search(rf"\b{part}[./]", chart[2])}


def test_every_layer_is_told_as_it_is_checked() -> None:
    layers = re.findall(r'^ {4}"([^"]+)",$', _text("pyproject.toml").partition("exhaustive = true")[2], re.MULTILINE)
    checked = [re.sub(r"[()]", "", layer) for layer in reversed(layers[: layers.index("resources") + 1])]
    told = re.findall(r"^ {4}(.*<.*)\n {4,}(< .*)$", _text("docs/ARCHITECTURE.md"), re.MULTILINE)
    assert [{*layer.split(" | ")} for layer in checked] == [
        {*layer.strip().split(" | ")} for layer in " ".join(told[0]).split("<")
    ]


def _glossary_code() -> set[str]:
    return set(CODE.findall(_text("docs/glossary.md")))


def test_architecture_and_glossary_know_every_table() -> None:
    listed = set(CODE.findall(_text("docs/ARCHITECTURE.md")))
    assert not Base.metadata.tables.keys() - listed
    models = {f"models.{mapper.class_.__name__}" for mapper in Base.registry.mappers}
    assert not {name for name in models if not any(code.startswith(name) for code in _glossary_code())}


def test_glossary_has_every_role_permission_and_operation() -> None:
    rows = re.findall(r"^\| `(ops\.[\w.]+)` .* \| (.+?) \|$", _text("docs/glossary.md"), re.MULTILINE)
    told = {name: permission.strip("`") for name, permission in rows}
    operations = {}
    for module in pkgutil.iter_modules([str(PACKAGE / "ops")], "feedesk.ops."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if hasattr(value, "permission") and value.__module__ == module.name:
                operations[f"{module.name.removeprefix('feedesk.')}.{name}"] = value.permission.value
    assert operations.items() <= told.items()
    assert {*Role, *Permission} <= _glossary_code()
    named = {one: in_language("zh_CN", message) for one, message in PERMISSION_NAMES.items()}
    assert not {name for one, name in named.items() if f"`{one.value}` {name}" not in _text("docs/glossary.md")}
    assert set(PERMISSIONS) == set(Role)


def _enumerations() -> dict[str, type[Enum]]:
    """Every enumeration outside the window's code, by its path inside the package."""
    found = {}
    for module in pkgutil.walk_packages([str(PACKAGE)], "feedesk."):
        part = module.name.split(".")[1]
        if part in ("ui", "demo", "bench", "app", "__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.name:
                found[f"{module.name.removeprefix('feedesk.')}.{name}"] = value
    return found


def test_glossary_has_every_value_of_every_enumeration() -> None:
    rows = [line for line in _text("docs/glossary.md").splitlines() if line.startswith("|")]
    missing = []
    for path, enumeration in _enumerations().items():
        words = {word for row in rows if f"`{path}`" in row for word in CODE.findall(row)}
        missing += [f"{path}: {one.value}" for one in enumeration if str(one.value) not in words]
    assert not missing


# One word for one thing: what the glossary calls it, never these.
OTHER_WORDS = {
    "账套": "账本",
    "营业日": "业务日期",
    "流水号": "交易单号",
    "参考号": "交易单号",
    "抽屉": "钱箱",
    "滞纳金": "违约金",
    "收银": "收款",
    "核算期": "所属期",
}


def test_one_chinese_word_for_one_thing() -> None:
    glossary = _text("docs/glossary.md")
    assert not {word for word in OTHER_WORDS.values() if word not in glossary}
    texts = _text("resources/locale/zh_CN/LC_MESSAGES/feedesk.po") + _text("docs/handbook.zh-CN.md")
    said = re.sub(r"^msgid .*\n(?:\".*\n)*", "", texts, flags=re.MULTILINE)
    assert not {word: better for word, better in OTHER_WORDS.items() if word in said}
