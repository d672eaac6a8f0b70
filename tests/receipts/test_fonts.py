from pathlib import Path

import pytest

from feedesk.receipts import fonts
from feedesk.receipts.fonts import Face, FontMissing, characters_of, face_for, spelled, unprintable

UNKNOWN = "\U0003fffd"
"""In a plane without characters: no font has it."""


def test_the_bundled_fonts_have_ascii_and_the_han_characters_of_gbk() -> None:
    for bold in (False, True):
        bundled = characters_of(fonts.bundled_faces(bold=bold)[0])
        assert bundled >= {*range(0x20, 0x7F), *range(0x4E00, 0x9FA6)}
        assert bundled >= {ord(character) for character in "￥㎡①〇×÷→·—−┌─┐└┘【】《》（），。：、"}


@pytest.mark.parametrize(
    ("character", "bold", "file"),
    [
        ("样", False, "NotoSansSC-Regular.ttf"),
        ("样", True, "NotoSansSC-Bold.ttf"),
        ("㛃", False, "NotoSansSC-Regular.ttf"),
        ("𬀩", True, "NotoSansSC-Bold.ttf"),
        ("𠮷", False, "RareHan-Regular.ttf"),
        ("𠮷", True, "RareHan-Regular.ttf"),
    ],
)
def test_order_of_fallback(character: str, bold: bool, file: str) -> None:
    face = face_for(character, bold=bold)
    assert face is not None
    assert face.path.name == file


def test_a_character_without_a_font_is_named_and_spelled() -> None:
    assert unprintable(f"样{UNKNOWN}𠮷{UNKNOWN}¥") == [UNKNOWN]
    assert spelled(f"样{UNKNOWN}") == "样[U+3FFFD]"


def test_characters_of_a_format_four_table_and_of_a_collection(tmp_path: Path) -> None:
    segments = bytes.fromhex(
        "0004 0028 0000 0006 0000 0000 0000"  # format, length, language, 3 segments doubled, search fields
        "0042 4e01 ffff 0000 0041 4e00 ffff"  # ends, pad, starts
        "ffc0 0000 0001 0000 0004 0000"  # deltas, offsets into the glyph array
        "0003 0000".replace(" ", "")
    )
    cmap = bytes.fromhex("0000 0001 0003 0001 0000000c".replace(" ", "")) + segments
    header = bytes.fromhex("00010000 0001 0000 0000 0000".replace(" ", ""))
    font_at = 16
    record = b"cmap" + bytes(4) + (font_at + 12 + 16).to_bytes(4, "big") + len(cmap).to_bytes(4, "big")
    collection = b"ttcf" + bytes([0, 1, 0, 0, 0, 0, 0, 1]) + font_at.to_bytes(4, "big")
    file = tmp_path / "two.ttc"
    file.write_bytes(collection + header + record + cmap)
    assert characters_of(Face(file)) == {0x41, 0x42, 0x4E00}
    assert not fonts.has_truetype_outlines(Face(file))


@pytest.mark.parametrize("content", [b"", b"not a font", b"ttcf", b"\0\1\0\0\0\x09" + bytes(40)])
def test_what_is_no_font_has_no_characters(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.ttf"
    file.write_bytes(content)
    assert characters_of(Face(file)) == frozenset()


def test_a_font_of_the_system_is_the_last_resort(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    system = Face(tmp_path / "system.otf")
    monkeypatch.setattr(fonts, "system_faces", lambda: (system,))
    real = fonts.characters_of
    monkeypatch.setattr(fonts, "characters_of", lambda face: {ord(UNKNOWN)} if face == system else real(face))
    face_for.cache_clear()
    try:
        assert face_for(UNKNOWN) == system
        assert face_for(UNKNOWN, embeddable=True) is None, "PostScript outlines cannot be embedded"
    finally:
        face_for.cache_clear()


def test_fonts_of_the_system_are_found_and_sorted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("b.ttf", "HanaMinB.ttf", "readme.txt", "a.ttc"):
        (tmp_path / name).write_bytes(b"\0\1\0\0" + bytes(20))
    monkeypatch.setattr(fonts, "_system_folders", lambda: [tmp_path, tmp_path / "absent"])
    fonts.system_faces.cache_clear()
    try:
        assert [face.path.name for face in fonts.system_faces()] == ["HanaMinB.ttf", "a.ttc", "b.ttf"]
    finally:
        fonts.system_faces.cache_clear()


def test_a_missing_bundled_font_is_the_machines_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "resource_path", lambda relative: tmp_path / relative)
    face_for.cache_clear()
    try:
        with pytest.raises(FontMissing, match=r"NotoSansSC-Regular\.ttf"):
            face_for("𠮷")
    finally:
        face_for.cache_clear()
