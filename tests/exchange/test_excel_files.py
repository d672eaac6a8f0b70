"""Files that are no workbook, or not one that can be read: one clear sentence each."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from feedesk.errors import UserError
from feedesk.exchange import excel_files
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.workbook_template import write_template

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    return path


def _text(path: Path, _template: Path) -> None:
    path.write_text("房屋编号,建筑面积\n3-1-502,98.60\n", encoding="utf-8")


def _empty(path: Path, _template: Path) -> None:
    path.touch()


def _old(path: Path, _template: Path) -> None:
    path.write_bytes(_OLE + "Workbook".encode("utf-16-le"))


def _encrypted(path: Path, _template: Path) -> None:
    path.write_bytes(_OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100))


def _other_archive(path: Path, _template: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")


def _binary_workbook(path: Path, _template: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", "")


def _cut_off(path: Path, template: Path) -> None:
    whole = template.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _rewritten(path: Path, template: Path, part: str, change: Callable[[bytes], bytes | None]) -> None:
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content: bytes | None = source.read(name)
            if name == part:
                content = change(source.read(name))
            if content is not None:
                target.writestr(name, content)


def _broken_sheet(path: Path, template: Path) -> None:
    _rewritten(path, template, "xl/worksheets/sheet2.xml", lambda content: content[: len(content) // 2])


def _missing_sheet(path: Path, template: Path) -> None:
    _rewritten(path, template, "xl/worksheets/sheet2.xml", lambda _content: None)


def _no_workbook_part(path: Path, template: Path) -> None:
    _rewritten(path, template, "xl/workbook.xml", lambda _content: b"<workbook")


def _flipped_bytes(path: Path, template: Path) -> None:
    content = bytearray(template.read_bytes())
    middle = content.index(b"xl/worksheets/sheet3.xml") + 40
    content[middle : middle + 60] = bytes(60)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (_text, excel_files.NotAWorkbook),
        (_empty, excel_files.NotAWorkbook),
        (_old, excel_files.OldWorkbook),
        (_encrypted, excel_files.EncryptedWorkbook),
        (_other_archive, excel_files.NotAWorkbook),
        (_binary_workbook, excel_files.NotAWorkbook),
        (_cut_off, excel_files.DamagedWorkbook),
        (_broken_sheet, excel_files.DamagedWorkbook),
        (_missing_sheet, excel_files.DamagedWorkbook),
        (_no_workbook_part, excel_files.DamagedWorkbook),
        (_flipped_bytes, excel_files.DamagedWorkbook),
    ],
)
def test_each_kind_of_bad_file_has_its_sentence(
    tmp_path: Path, template: Path, make: Callable[[Path, Path], None], error: type[UserError]
) -> None:
    path = tmp_path / "小区资料.xlsx"
    make(path, template)
    with pytest.raises(error) as refusal:
        read_community_workbook(path)
    assert "小区资料.xlsx" in str(refusal.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(excel_files.WorkbookMissing):
        read_community_workbook(tmp_path / "nothing.xlsx")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(excel_files.WorkbookUnreadable):
        read_community_workbook(tmp_path)


def test_a_file_that_excel_keeps_locked(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.xlsx"
    shutil.copyfile(template, path)

    def refuse(*_arguments: object, **_keywords: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(excel_files.WorkbookUnreadable) as refusal:
        read_community_workbook(path)
    assert "Excel" in str(refusal.value)


def test_an_archive_that_would_fill_the_memory(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_files, "_BIGGEST", 1000)
    with pytest.raises(excel_files.WorkbookTooLarge):
        read_community_workbook(template)
