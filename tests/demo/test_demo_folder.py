"""The demo's folder: its own results are replaced, nobody else's files are touched."""

from pathlib import Path

import pytest

from feedesk.demo.papers import DemoFolder, NotADemoFolder


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "a" / "b")
    folder.make_anew()
    assert folder.slips.is_dir()
    assert folder.screenshots.is_dir()


def test_former_results_go_and_other_files_stay(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path)
    folder.make_anew()
    own = [
        folder.slips / "000001-SJ-2026-1-000001.escpos",
        folder.slips / "000001-SJ-2026-1-000001.png",
        folder.receipts / "SJ-2026-1-000001.pdf",
        folder.screenshots / "01-desk.png",
        tmp_path / "收费日报 2026-11-23.xlsx",
        tmp_path / "ledger.sqlite",
        tmp_path / "ledger.sqlite-wal",
    ]
    others = [tmp_path / "notes.txt", folder.receipts / "mine.pdf", folder.slips / "photo.png"]
    for file in (*own, *others):
        file.write_text("x")
    folder.make_anew()
    assert [file for file in own if file.exists()] == []
    assert [file for file in others if not file.exists()] == []


def test_a_folder_of_somebody_elses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("real")
    with pytest.raises(NotADemoFolder) as refusal:
        DemoFolder(tmp_path).make_anew()
    assert str(tmp_path) in str(refusal.value)
    assert (tmp_path / "ledger.sqlite").read_text() == "real"


@pytest.mark.parametrize("mark", ["", "[]", "{}", '{"made_by": "somebody"}', "\x00"])
def test_a_mark_that_is_none_of_ours_is_no_mark(tmp_path: Path, mark: str) -> None:
    (tmp_path / "demo.json").write_text(mark)
    with pytest.raises(NotADemoFolder):
        DemoFolder(tmp_path).make_anew()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(NotADemoFolder):
        DemoFolder(tmp_path / "out").make_anew()
