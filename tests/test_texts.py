"""Both languages are complete: what the sources say, and nothing else, is in the catalogues, compiled ones included."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import catalogues
import pytest
from babel.messages.catalog import Message
from catalogues import MessageId

from feedesk import texts

UI = catalogues.SOURCES / "feedesk" / "ui"
HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PLACE = re.compile(r"{[^{}]*}")

# Chinese in the window's code that is data, not wording: file → literals. Everything else goes through gettext.
DATA_IN_UI: dict[str, set[str]] = {
    "widgets/amount_edit.py": {"。"},  # what the . key gives while an input method is on
    "widgets/chip.py": {"字"},  # a full-width character, to measure with
    "widgets/day_line.py": {"日", "[./年月]"},  # how a day is typed
}


# On a slip of 32 columns every one counts.
NARROW = {"金额(元)", "收款单位(章):", "(估读)"}


@pytest.fixture(scope="module")
def in_sources() -> dict[MessageId, str]:
    return catalogues.texts_in_sources()


@pytest.fixture(scope="module", params=catalogues.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def entries(language: str) -> dict[MessageId, Message]:
    found: dict[MessageId, Message] = {}
    for message in catalogues.read_catalogue(language):
        if message.id:
            found[message.id if isinstance(message.id, str) else tuple(message.id)] = message
    return found


def _forms(text: MessageId | list[str] | None) -> tuple[str, ...]:
    if text is None:
        return ("",)
    return (text,) if isinstance(text, str) else tuple(text)


def test_languages_are_those_of_the_program() -> None:
    assert sorted(catalogues.LANGUAGES) == sorted(texts.LANGUAGES)


def test_every_text_is_translated(
    language: str, in_sources: dict[MessageId, str], entries: dict[MessageId, Message]
) -> None:
    missing = []
    for text, file in in_sources.items():
        if text not in entries or not all(_forms(entries[text].string)):
            missing.append(f"{file}: {text}")
    if missing:
        pytest.fail(f"{len(missing)} texts are not translated to {language}:\n" + "\n".join(missing), pytrace=False)


def test_no_translation_is_left_over(
    language: str, in_sources: dict[MessageId, str], entries: dict[MessageId, Message]
) -> None:
    stale = [str(text) for text in entries.keys() - in_sources.keys()]
    if stale:
        pytest.fail(f"{len(stale)} texts of {language} are in no source:\n" + "\n".join(stale), pytrace=False)


def test_nothing_is_fuzzy_or_obsolete(language: str, entries: dict[MessageId, Message]) -> None:
    assert not [text for text, message in entries.items() if message.fuzzy]
    assert not catalogues.read_catalogue(language).obsolete


def test_places_for_facts_agree(entries: dict[MessageId, Message]) -> None:
    differing = []
    for text, message in entries.items():
        allowed = [sorted(PLACE.findall(form)) for form in _forms(text)]
        for form in _forms(message.string):
            # The singular may leave out its number ("one receipt"), a translation of the plural may not.
            if form and sorted(PLACE.findall(form)) not in allowed:
                differing.append((text, form))
    assert not differing


def test_compiled_catalogue_is_the_edited_one(language: str) -> None:
    path = catalogues.catalogue_path(language)
    assert path.with_suffix(".mo").read_bytes() == catalogues.compiled(catalogues.read_catalogue(language))


def test_chinese_is_chinese() -> None:
    """A translation without one Chinese character was probably forgotten; codes and file names excepted."""
    english = [
        message.id
        for message in catalogues.read_catalogue("zh_CN")
        if message.id and message.string == message.id and re.search(r"[a-z]{3,} [a-z]{3,}", str(message.id))
    ]
    assert not english


def test_chinese_has_full_width_signs() -> None:
    """Brackets around Chinese or around a fact, and what follows a Chinese character."""
    half = re.compile(r"\([^()]*[\u4e00-\u9fff{][^()]*\)|[\u4e00-\u9fff）”][,:?!]")
    forms = [form for message in catalogues.read_catalogue("zh_CN") for form in _forms(message.string) if message.id]
    assert [form for form in forms if half.search(form) and form not in NARROW] == []


def _docstrings(tree: ast.Module) -> set[ast.expr]:
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, nodes)]
    return {body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)}


def _chinese_literals(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = _docstrings(tree)
    for node in ast.walk(tree):
        if node in docstrings or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str) and HAN.search(node.value):
            yield node.value


def test_no_chinese_wording_in_the_windows_code() -> None:
    found = {}
    for path in sorted(UI.rglob("*.py")):
        name = path.relative_to(UI).as_posix()
        literals = set(_chinese_literals(path)) - DATA_IN_UI.get(name, set())
        if literals:
            found[name] = literals
    assert not found, f"texts belong into gettext, data into DATA_IN_UI: {found}"
