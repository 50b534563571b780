"""The compiled plan: patterns say what the definitions say, and the automaton what the structure says."""

from __future__ import annotations

import datetime as dt
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.translators.x12.oracle.generate import damaged, element, valid_set
from tests.translators.x12.oracle.generate import segment as valid_segment
from translators.profile import Delimiters
from translators.x12.guide import plan as plan_module
from translators.x12.guide.maps import load_plan
from translators.x12.guide.nodes import SegmentDef
from translators.x12.guide.pattern import DATE_6, DATE_8, TIME, Marks, matcher, number, one_of, real
from translators.x12.sets.table import SETS, releases_of
from translators.x12.validate.diagnose import diagnose

PAIRS = [(set_id, release) for set_id in SETS for release in releases_of(set_id)]
D = Delimiters()
MARKS = Marks("*", ">", "", "~", extended_5=False)


def definitions() -> list[SegmentDef]:
    found: dict[SegmentDef, None] = {}
    for set_id, release in PAIRS:
        if release != "005010":
            found.update(dict.fromkeys(node.definition for node in load_plan(set_id, release).root.segments()))
    return list(found)


def test_dates_are_the_days_of_the_calendar() -> None:
    eight, six = re.compile(DATE_8), re.compile(DATE_6)
    for year in (1800, 1899, 1900, 1996, 2000, 2023, 2024, 2025, 2100, 2400, 9999):
        days = set()
        day = dt.date(year, 1, 1)
        while day.year == year:
            days.add(f"{day:%Y%m%d}")
            if day == dt.date.max:
                break
            day += dt.timedelta(days=1)
        for month in range(14):
            for number_ in range(34):
                text = f"{year:04d}{month:02d}{number_:02d}"
                assert bool(eight.fullmatch(text)) == (text in days), text
                if 1950 <= year < 2050:
                    assert bool(six.fullmatch(text[2:])) == (text in days), text
    assert not eight.fullmatch("17991231")
    assert not eight.fullmatch("2025031")


def test_times_are_the_times_of_the_day() -> None:
    form = re.compile(TIME)
    good = ["0000", "2359", "235959", "2359599", "23595999", "00000000"]
    bad = ["2400", "2360", "235960", "123", "12345", "123456789", "12 0", "1260", "-100"]
    assert all(form.fullmatch(text) for text in good)
    assert not any(form.fullmatch(text) for text in bad)


@given(st.from_regex(r"-?[0-9]{0,20}(\.[0-9]{0,8})?", fullmatch=True), st.integers(1, 4), st.integers(4, 18))
def test_reals_count_digits_only(text: str, low: int, high: int) -> None:
    digits = len(text.replace("-", "").replace(".", ""))
    wanted = low <= digits <= high and not text.endswith(".") and text not in ("", "-")
    assert bool(re.compile(real(low, high)).fullmatch(text)) == wanted


@given(st.from_regex(r"-?[0-9]{0,20}", fullmatch=True), st.integers(1, 6), st.integers(6, 18))
def test_whole_numbers_count_digits_only(text: str, low: int, high: int) -> None:
    assert bool(re.compile(number(low, high)).fullmatch(text)) == (low <= len(text.replace("-", "")) <= high)


@given(
    st.sets(st.from_regex(r"[A-C1.]{1,3}", fullmatch=True), min_size=1), st.from_regex(r"[A-C1.]{1,4}", fullmatch=True)
)
def test_code_lists_take_their_codes_only(codes: set[str], text: str) -> None:
    form = re.compile(one_of(codes) + "(?![A-C1.])")
    assert bool(form.fullmatch(text)) == (text in codes)


@pytest.mark.parametrize("definition", definitions(), ids=lambda definition: definition.id)
def test_a_segments_pattern_is_its_definition(definition: SegmentDef) -> None:
    """Any choice of elements matches exactly when all required ones are there and every syntax note is kept."""
    random = Random(definition.id)
    match = matcher(definition, MARKS)
    elements = definition.elements
    required = {i for i, e in enumerate(elements, 1) if e.usage == "R"}
    both = [0, 0]
    for _ in range(400):
        reach, share = random.randint(1, len(elements)), random.choice((0.2, 0.5, 0.8))
        present = frozenset(i for i in range(1, reach + 1) if random.random() < share)
        if random.random() < 0.7:
            present |= required
        values = [element(e, random) if i in present else "" for i, e in enumerate(elements, 1)]
        raw = "*".join([definition.id, *values]).rstrip("*")
        wanted = required <= present and all(note.holds(present) for note in definition.notes)
        assert bool(match(raw)) == wanted, raw
        both[wanted] += 1
        assert not match(f"X{raw}")
        if wanted:
            assert not match(raw + "*" * (len(elements) + 1 - raw.count("*")) + "X"), "an element too many"
            assert not match(raw + "~")
    assert both[1]
    assert both[0] or not (required or definition.notes)


def test_delimiters_may_be_anything() -> None:
    plan = load_plan("180", "004010")
    random = Random(7)
    for element_mark, component, end in (("|", "^", "\n"), ("\x1d", "\x1f", "\x1e"), ("~", "\\", "*"), ("_", ":", "'")):
        other = Delimiters(element=element_mark, component=component, segment=end)
        for _ in range(10):
            segments = valid_set(plan, random)
            if any(mark in raw for raw in segments for mark in (element_mark, component, end)):
                continue
            translated = [raw.replace("*", element_mark).replace(">", component) for raw in segments]
            assert plan.check(translated, other)
            assert not plan.check(segments, other)


def exhausted(set_id: str, release: str, monkeypatch: pytest.MonkeyPatch) -> plan_module.Plan:
    """A plan of its own that compiles its whole-set expression at once."""
    from translators.x12.guide.maps import compile_tree, guide_tree

    monkeypatch.setattr(plan_module, "WARM_UP", 1)
    return compile_tree(set_id, release, guide_tree(set_id, release))


@pytest.mark.parametrize(("set_id", "release"), PAIRS)
def test_both_ways_of_checking_agree(set_id: str, release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one, and with the expression over the whole set that grows as places are met."""
    quick = exhausted(set_id, release, monkeypatch)
    slow = load_plan(set_id, release)
    random = Random(set_id + release)
    for _ in range(8):
        good = valid_set(slow, random)
        assert quick.check(good, D)
        assert quick.check(good, D)
        bad = damaged(slow, good, random)
        assert quick.check(bad, D) == (not diagnose(slow, bad, D, strict=True))


def test_the_set_must_be_whole() -> None:
    plan = load_plan("180", "004010")
    good = ["ST*180*0001", "BGN*00*1*20250314", "SE*3*0001"]
    assert plan.check(good, D)
    for bad in ([], good[:-1], good[1:], [*good, "SE*3*0001"], ["BGN", *good[1:]], ["ST*181*0001", *good[1:]]):
        assert not plan.check(bad, D)
    assert not plan.check([good[0], f"{good[1]}~{good[1]}", good[2]], D), "a terminator inside a segment"


@pytest.mark.parametrize("quickly", [False, True])
def test_maxima_hold_at_their_edge(monkeypatch: pytest.MonkeyPatch, *, quickly: bool) -> None:
    plan = exhausted("944", "004010", monkeypatch) if quickly else load_plan("944", "004010")

    def receipt(lines: int, exceptions: int, notes: int) -> list[str]:
        line = ["W07*1*EA**UP*0123", *["W13*1*EA*01"] * exceptions]
        body = ["W17*F*20250314*WR1", "N1*WH*DC", *["N9*RZ*1"] * notes, *line * lines, "W14*1"]
        return ["ST*944*0001", *body, "SE*9*0001"]

    for _ in range(3):
        assert plan.check(receipt(9999, 0, 10), D)
        assert plan.check(receipt(2, 50, 10), D)
        assert not plan.check(receipt(10000, 0, 0), D)
        assert not plan.check(receipt(2, 51, 0), D)
        assert not plan.check(receipt(1, 0, 11), D)


def test_unusual_sets_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "MAX_STATES", 20)
    from translators.x12.guide.maps import compile_tree, guide_tree

    plan = compile_tree("180", "004010", guide_tree("180", "004010"))
    random = Random(3)
    for _ in range(40):
        assert plan.check(valid_set(plan, random, 0.4), D)
    assert len(plan.machine(D)._states) <= 20


def test_every_definition_can_be_generated() -> None:
    random = Random(1)
    for definition in definitions():
        assert matcher(definition, MARKS)(valid_segment(definition, random)), definition.id
