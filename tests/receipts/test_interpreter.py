"""The reader must be honest: it shows what a printer would make of wrong bytes, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.receipts.commands import CommandReader, tokens_of
from feedesk.receipts.escpos import escpos
from feedesk.receipts.interpreter import Code, Feed, Raster, Row, Run, draw, interpret
from feedesk.receipts.repertoire import Repertoire
from feedesk.rules.receipt_document import SAMPLE
from tests.receipts.samples import RARE

START = b"\x1b@\x1c&"


@pytest.mark.parametrize(
    ("job", "text", "problem"),
    [
        (b"\x1b@" + "样例".encode("gbk") + b"\n", None, "Chinese text outside Chinese mode"),
        (START + "金额".encode("gbk")[:-1] + b"\n", "金\ufffd\n", "bytes outside the repertoire"),
        (START + "¥12".encode("gb18030") + b"\n", None, "bytes outside the repertoire"),
        (START + b"A" * 49 + b"\n", "A" * 48 + "\nA\n", "line longer than the paper"),
        (START + b"\x1d!\x11" + b"A" * 25 + b"\n", "A" * 24 + "\nA\n", "line longer than the paper"),
        (START + b"\x1bz\n", "\n", "unknown command 1b 7a"),
        (START + b"\x07\n", "\n", "unknown control 07"),
        (START + b"\x1dv0\x00\x02\x00\x02\x00\xff", "", "picture wider than the paper, or torn"),
        (START + b"\x1d(k\x03\x001B\x00", "", "unknown symbol 31 42"),
    ],
)
def test_what_is_wrong_is_shown_and_noted(job: bytes, text: str | None, problem: str) -> None:
    paper = interpret(job)
    assert problem in paper.problems
    if text is not None:
        assert paper.text() == text


def test_gb2312_firmware_does_not_know_the_rest_of_gbk() -> None:
    job = START + "98㎡".encode("gbk") + b"\n"
    assert interpret(job).text() == "98㎡\n"
    assert interpret(job, repertoire=Repertoire.GB2312).problems == ("bytes outside the repertoire",)


def test_size_weight_and_place() -> None:
    job = START + b"\x1ba\x01\x1bE\x01\x1d!\x11" + "实".encode("gbk") + b"\x1d!\x00\x1bE\x00 1\n"
    (row,) = interpret(job).elements
    assert row == Row((Run("实", bold=True, wide=2, tall=2), Run(" 1")), "centre")
    assert row.columns == 6


def test_feeds_codes_cut_and_drawer() -> None:
    job = (
        START
        + b"\x1bp\x00\x19\xfa\x1bJ\x08\x1d(k\x05\x001P0ab\x1d(k\x03\x001C\x05\x1d(k\x03\x001Q0\n\x1bd\x02\x1dV\x00"
    )
    paper = interpret(job)
    assert paper.elements == (Feed(8), Code("ab", 5, "l"), Row(()), Feed(68))
    assert paper.cut
    assert paper.drawer_opened


def test_a_reset_forgets_all() -> None:
    paper = interpret(START + b"\x1bE\x01\x1d!\x11\x1ba\x02\x1b@\x1c&A\n")
    assert paper.rows == (Row((Run("A"),)),)


@given(st.lists(st.integers(1, 400), max_size=40))
def test_a_stream_reads_the_same_in_whatever_pieces(sizes: list[int]) -> None:
    job = escpos(RARE)
    reader, tokens, at = CommandReader(), list[bytes](), 0
    for size in sizes:
        tokens += reader.feed(job[at : at + size])
        at += size
    tokens += reader.feed(job[at:])
    assert reader.rest() == b""
    assert b"".join(tokens) == job
    commands = [token for token in tokens if token[0] < 0x20]
    assert commands == [token for token in tokens_of(job) if token[0] < 0x20]


def test_a_status_request_inside_a_picture_is_none() -> None:
    picture = b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01"
    assert tokens_of(picture + b"\x10\x04\x02") == [picture, b"\x10\x04\x02"]
    assert interpret(picture).elements == (Raster(3, b"\x10\x04\x01"),)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_failing(job: bytes) -> None:
    paper = interpret(job)
    assert all(row.columns <= 48 for row in paper.rows)


def test_the_picture_shows_what_was_sent() -> None:
    paper = draw(interpret(escpos(SAMPLE)))
    assert paper.width == 688
    ink = sum(paper.histogram()[:128])
    blank = draw(interpret(START + b"\n" * 30))
    assert ink > 20_000
    assert sum(blank.histogram()[:128]) == 0
