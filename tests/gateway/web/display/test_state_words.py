"""The words on the pages are the words of the store and of the domain: none is missing, none is made up."""

from __future__ import annotations

from typing import get_args

from gateway.faults import CLASSES
from gateway.holds import CATALOGUE, Stage
from gateway.returns import STATUSES
from gateway.store.files import intakes
from gateway.store.read.overview import STAGES
from gateway.web.display.state_words import (
    INTAKE,
    NOUNS,
    OWNER,
    RETURN,
    SEVERITY,
    STAGE,
    VOCABULARY,
    plain,
    state_of,
    word,
)
from tests.readme import section, table_rows


def test_every_status_of_a_return_has_a_word() -> None:
    assert set(RETURN) == set(STATUSES)


def test_every_state_of_a_received_file_has_a_word() -> None:
    assert set(INTAKE) == set(intakes.STATES)


def test_whoever_has_the_move_and_however_soon_has_a_word() -> None:
    assert {row.owner for row in CATALOGUE.values()} <= set(OWNER)
    assert {row.severity for row in CATALOGUE.values()} | {kind.severity for kind in CLASSES} <= set(SEVERITY)


def test_the_stages_are_shown_in_their_order() -> None:
    assert tuple(STAGE) == STAGES == get_args(Stage)


def test_five_things_have_five_words() -> None:
    shown = {
        "set": word("verdict", "rejected").text,
        "request": word("return", "rejected").text,
        "posting": word("posting", "refused").text,
        "line": word("hold", "held").text,
        "file": word("intake", "failed").text,
    }
    assert shown == {"set": "rejected", "request": "denied", "posting": "refused", "line": "held", "file": "failed"}
    assert state_of("return:R000001", "rejected") == "denied"
    assert state_of("intake:1", "rejected") == "rejected"
    assert state_of("elsewhere:1", "some_thing") == "some thing"


def test_what_has_a_tone_has_a_meaning() -> None:
    for name, vocabulary in VOCABULARY.items():
        for code, word_ in vocabulary.items():
            assert word_.meaning or not word_.tone, (name, code)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert word("return", "brand_new").text == "brand new"
    assert plain("credit_request") == "credit request"
    assert plain("erp_result_overdue") == "ERP result overdue"


def test_the_nouns_of_the_pages_are_words_of_the_readme() -> None:
    glossary = [cells[0] for cells in table_rows(section("README.md", "## Words"))]
    assert [noun for noun, _ in NOUNS if noun not in glossary] == []
