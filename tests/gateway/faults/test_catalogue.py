"""The catalogue has every class of technical trouble, and every class says what it means and what to do."""

from __future__ import annotations

import re

import pytest

from gateway import faults
from gateway.faults import CLASSES, FAULTS, GatewayError, PartnerFolderWrong, fault_class

# Caught where they happen, or only there to be derived from.
NEVER_SHOWN = {faults.GatewayError, faults.StoreError, faults.StateMoved, faults.NameTaken}


def _descendants(kind: type[GatewayError]) -> set[type[GatewayError]]:
    return {kind}.union(*(_descendants(child) for child in kind.__subclasses__()))


def lacks(kind: type[GatewayError]) -> list[str]:
    """What a class lacks, each with its name."""
    sentences = len(re.findall(r"\.(?:\s|$)", kind.runbook))
    wrong = {"remedy": not kind.remedy, "runbook of 2 to 5 sentences": not 2 <= sentences <= 5}
    return [f"{kind.__name__} lacks {name}" for name, is_wrong in wrong.items() if is_wrong]


def test_every_error_of_this_room_stands_in_the_catalogue() -> None:
    """Errors of other rooms end a command; they are no Faults."""
    ours = {kind for kind in _descendants(GatewayError) if kind.__module__.startswith("gateway.faults.")}
    assert {kind.__name__ for kind in ours - NEVER_SHOWN} == {kind.__name__ for kind in CLASSES}
    assert len(FAULTS) == len(CLASSES)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_says_what_it_means_and_what_to_do(kind: type[GatewayError]) -> None:
    assert lacks(kind) == []


def test_a_class_that_lacks_something_is_named() -> None:
    assert lacks(faults.StateMoved) == ["StateMoved lacks remedy", "StateMoved lacks runbook of 2 to 5 sentences"]


def test_a_class_without_a_row_is_an_error() -> None:
    with pytest.raises(LookupError, match="no Fault class 'disk_ful'"):
        fault_class("disk_ful")


def test_a_remedy_takes_its_fields() -> None:
    error = faults.ImportProfileWrong("No header.", subject="atlas:credit_request", erp="atlas", profile="own")
    assert error.remedy == "Correct the profile (partners/atlas/layouts/own.toml); the next run writes them."
    assert PartnerFolderWrong(correction="Say a number.").remedy == "Say a number."
    with pytest.raises(KeyError, match="profile"):
        faults.ImportProfileWrong("No header.", erp="atlas")
