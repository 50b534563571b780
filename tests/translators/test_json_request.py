from __future__ import annotations

import json
from typing import Any

from translators.canonical import ReturnRequest
from translators.json_request import looks_like_json, read_json_request
from translators.profile import Crosswalk, CrosswalkRow, Profile
from translators.registry import translate

PROFILE = Profile(
    partner="cedar",
    crosswalks={
        "reason": Crosswalk(name="reason", rows=(CrosswalkRow(theirs="DEF", ours="defective"),)),
        "sku": Crosswalk(name="sku", rows=(CrosswalkRow(theirs="400101001003", ours="MS-1001"),)),
        "unit": Crosswalk(name="unit", rows=(CrosswalkRow(theirs="piece", ours="EA"),)),
    },
)


def _bytes(**changes: Any) -> bytes:
    line = {"line_no": "1", "item": {"gtin": "400101001003"}, "quantity": "1.5", "unit": "piece"}
    return json.dumps({"number": "W1", "lines": [line | changes]}).encode()


def test_codes_of_the_partner_become_ours() -> None:
    request, troubles = read_json_request(_bytes(reason={"raw": "DEF", "canonical": "no_matter"}), PROFILE)
    assert request is not None and troubles == []
    line = request.lines[0]
    assert (line.item.sku, line.unit, line.reason.canonical, str(line.quantity)) == (
        "MS-1001",
        "EA",
        "defective",
        "1.5",
    )


def test_an_unknown_code_stays_unknown_whatever_is_claimed_for_it() -> None:
    request, _ = read_json_request(_bytes(reason={"raw": "ODD", "canonical": "defective"}), PROFILE)
    assert request is not None and request.lines[0].reason.canonical == ""


def test_a_request_that_names_no_account_is_on_the_partners_own() -> None:
    own = PROFILE.model_copy(update={"customer": "C-7"})
    request, _ = read_json_request(_bytes(), own)
    assert request is not None and request.customer == "C-7"
    named = json.dumps({**json.loads(_bytes()), "customer": "C-8"}).encode()
    request, _ = read_json_request(named, own)
    assert request is not None and request.customer == "C-8"


def test_who_speaks_our_language_needs_no_crosswalk() -> None:
    request, _ = read_json_request(_bytes(reason={"canonical": "defective"}), PROFILE)
    assert request is not None and request.lines[0].reason.canonical == "defective"


def test_a_json_file_is_one_set_with_its_document_or_its_findings() -> None:
    good = translate(_bytes(), "return-1.json", PROFILE)
    assert (good.format, [result.verdict for result in good.sets]) == ("json", ["accepted"])
    assert isinstance(next(good.documents()), ReturnRequest)
    wrong = translate(_bytes(colour="red"), "return-1.json", PROFILE)
    assert [result.verdict for result in wrong.sets] == ["rejected"]
    finding = wrong.sets[0].findings[0]
    assert (finding.code, finding.column) == ("unknown_field", "lines.0.colour")


def test_only_a_json_file_is_taken_for_one() -> None:
    assert looks_like_json(b'\xef\xbb\xbf {"a": 1}', "A.JSON")
    assert not looks_like_json(b'{"a": 1}', "a.csv")
    assert not looks_like_json(b"a,b\n", "a.json")
