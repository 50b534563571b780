from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.collect.completeness import is_ignored, x12_end
from tests.gateway.files import interchange

WHOLE = interchange()


def _end(data: bytes) -> bool | None:
    return x12_end(data[:131], data[-4096:])


@pytest.mark.parametrize("padding", [b"", b"\r\n", b"\n\n", b"   ", b"\x1a", b"\0" * 20, b"\r\n\x1a\0"], ids=repr)
def test_padding_after_the_last_segment_is_nothing(padding: bytes) -> None:
    assert _end(WHOLE + padding) is True


@given(st.integers(4, len(WHOLE) - 2))
def test_every_cut_is_seen(length: int) -> None:
    cut = WHOLE[:length]
    assert _end(cut) is False


def test_an_iea_with_all_nine_digits_needs_no_terminator() -> None:
    assert _end(WHOLE[:-1]) is True


def test_an_isa_of_another_length_does_not_hide_the_end() -> None:
    eaten = WHOLE.replace(b" " * 10, b"")
    assert eaten != WHOLE
    assert _end(eaten) is True
    assert _end(eaten + b"\r\n") is True
    assert _end(eaten[:-12]) is False


@pytest.mark.parametrize("terminator", [b"\n", b"\r", b"'", b"\x1c", b"!", b"\x85"])
def test_any_segment_terminator(terminator: bytes) -> None:
    whole = WHOLE.replace(b"~", terminator)
    assert _end(whole) is True
    assert _end(whole[:-12]) is False


def test_segments_on_lines_and_a_byte_order_mark() -> None:
    lines = WHOLE.replace(b"~", b"~\r\n")
    assert _end(lines) is True
    assert _end(b"\xef\xbb\xbf" + lines) is True
    assert _end(b"\r\n" + lines) is True


def test_the_number_in_the_iea_is_not_our_business() -> None:
    assert _end(WHOLE.replace(b"IEA*1*000000001~", b"IEA*7*12~")) is True


def test_two_interchanges_end_with_the_second() -> None:
    assert _end(WHOLE + WHOLE) is True
    assert _end(WHOLE + WHOLE[:-30]) is False


@pytest.mark.parametrize("data", [b"", b"rma;sku;quantity\n1;A;2\n", b"ISABELLA;1;2\n", b"\0\1\2", b"<ISA/>"])
def test_other_files_do_not_show_their_end(data: bytes) -> None:
    assert _end(data) is None


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert _end(data) in (True, False, None)
    assert _end(b"ISA*" + data) in (True, False)


@pytest.mark.parametrize(
    "name", [".gitkeep", "a.tmp", "A.PART", "x.filepart", "README", "README.md", "readme.txt", "~$a.xlsx", "@eaDir"]
)
def test_what_is_never_taken(name: str) -> None:
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["a.edi", "tmp", "readmes.csv", "a.part.edi", "x~", "PART"])
def test_what_may_be_taken(name: str) -> None:
    assert not is_ignored(name)
