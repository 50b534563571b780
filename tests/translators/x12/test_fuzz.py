"""Any bytes at all: reading, acknowledging and explaining never raise, and say the same in pieces as in one."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import FRESH, examples
from tests.translators.x12.files import good, group, interchange, isa, transaction
from tests.translators.x12.oracle import generate
from tests.translators.x12.strict_receiver import check_outbound
from translators.profile import Profile
from translators.registry import readers
from translators.x12.acknowledge.files import ControlNumbers, acknowledge
from translators.x12.explain.file import explain
from translators.x12.explain.terminal import explain_text
from translators.x12.guide.maps import load_plan
from translators.x12.read.file import InterchangeRead, read_interchanges, stream_groups

PROFILES = (
    Profile(),
    Profile(strict=True, tolerate=()),
    Profile.model_validate({"acknowledgments": {"ta1": "always", "send": "999"}, "charset": "utf-8"}),
)
SEEDS = [
    good("180"),
    good("856"),
    good("944").replace("~", "~\r\n"),
    good("180").replace("~", "\n"),
    interchange([group([transaction(), transaction("180", "0002")]), group([transaction("944")], "6", "RE")]),
    isa() + "TA1*000000001*250314*0931*A*000~IEA*0*000000905~",
    good("180").replace("004010", "005010").replace("*U*00401*", "*^*00501*"),
]
PIECES = [
    "~",
    "*",
    ">",
    "^",
    "\n",
    "\r",
    "\x00",
    "ISA*",
    "GS*",
    "ST*",
    "SE*",
    "GE*",
    "IEA*",
    "TA1*",
    " ",
    "\xff",
    "ISA",
]


def survives(data: bytes, random: Random) -> None:
    """Everything that may happen to a file, done to this one."""
    profile = random.choice(PROFILES)
    file = read_interchanges(data, profile, readers())
    assert file.interchanges or any(finding.severity == "error" for finding in file.findings)
    for found in file.interchanges:
        for answer in acknowledge(found, profile, ControlNumbers(1, 1)):
            assert check_outbound(answer.data) == []
        for one in found.groups:
            for transaction_set in one.sets:
                assert transaction_set.verdict != "rejected" or transaction_set.documents == []
                assert transaction_set.verdict != "rejected" or any(
                    finding.severity == "error" for finding in transaction_set.findings
                )
    size = random.randint(1, 300)
    events = stream_groups((data[at : at + size] for at in range(0, len(data), size)), profile, {})
    streamed = [event.interchange for event in events if isinstance(event, InterchangeRead)]
    assert [interchange.control_number for interchange in streamed] == [
        interchange.control_number for interchange in file.interchanges
    ]
    assert [interchange.verdict for interchange in streamed] == [
        interchange.verdict for interchange in file.interchanges
    ]
    explain_text(explain(data, profile), colour=False)


def bent(random: Random) -> bytes:
    """A seed file with some bytes changed, dropped, doubled or moved."""
    text = random.choice(SEEDS)
    if random.random() < 0.3:
        set_id, release = random.choice([("180", "004010"), ("856", "005010"), ("944", "004030"), ("824", "004010")])
        raw = generate.valid_set(load_plan(set_id, release), random, 0.1)
        functional = {"180": "AN", "856": "SH", "944": "RE", "824": "AG"}[set_id]
        text = interchange(
            [group(["".join(f"{segment}~" for segment in raw)], functional_id=functional, version=release)]
        )
    for _ in range(random.randint(0, 6)):
        at = random.randrange(len(text) + 1)
        to = min(len(text), at + random.choice([1, 1, 2, 10, 120]))
        action = random.randrange(5)
        if action == 0:
            text = text[:at] + text[to:]
        elif action == 1:
            text = text[:at] + random.choice(PIECES) * random.choice([1, 1, 2, 40]) + text[at:]
        elif action == 2:
            text = text[:to] + text[at:]
        elif action == 3:
            text = text[:at] + random.choice(PIECES) + text[to:]
        else:
            text = text + random.choice(SEEDS)[at:]
    data = text.encode("latin-1", "replace")
    if random.random() < 0.05:
        data = text.encode(random.choice(["utf-16", "utf-16-be", "utf-8-sig", "cp037"]), "replace")
    return data


@given(st.integers(0, 2**48))
@settings(max_examples=examples(50), deadline=None, suppress_health_check=list(HealthCheck))
def test_bent_files_never_raise(seed: int) -> None:
    random = Random(seed)
    survives(bent(random), random)


@given(st.binary(max_size=400), st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_any_bytes_never_raise(data: bytes, seed: int) -> None:
    survives(data, Random(seed))
    survives(isa().encode() + data, Random(seed))


@pytest.mark.long
def test_bent_files_never_raise_for_two_minutes() -> None:
    started = time.monotonic()
    seed = int(time.time()) if FRESH else 1_795_405_000
    while time.monotonic() - started < 120:
        random = Random(seed)
        data = bent(random)
        try:
            survives(data, random)
        except Exception as broken:
            raise AssertionError(f"seed {seed}: {data!r}") from broken
        seed += 1
