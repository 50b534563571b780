"""What a 180 is: does it ask for (or announce) a return, or answer one, and what does the answer say?

The set travels both ways under the same codes, and partners fill BGN01 with 00 whatever they mean, so everything the
set says about itself is weighed: RDR codes (DE 1292 to 1294), BGN08 (DE 306), BGN01 (DE 353), who sent it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from translators.canonical import Purpose
from translators.x12.sets.context import SetContext

Side = Literal["asks", "answers"]
Decision = Literal["authorized", "partial", "denied", "pending"]

# RDR01: what only the one who answers can say, and what either side may write.
ANSWERER_ONLY = frozenset({"RD", "PA"})
EITHER_SIDE = frozenset({"RA", "RN", "RP", "RF", "RT", "KA", "KR", "DI", "SC", "SD", "MW"})
CONSUMER_RETURN = "CR"

DECISIONS: Mapping[str, Decision] = {
    **dict.fromkeys(EITHER_SIDE, "authorized"),
    "RP": "pending",
    "RD": "denied",
    "PA": "partial",
}
# BGN08 and BGN01 where they decide by themselves.
ACTION_REQUEST, ACTION_DELETE = "7", "3"
ACTION_DECISIONS: Mapping[str, Decision] = {"11": "authorized", "21": "denied"}
PURPOSE_DECISIONS: Mapping[str, Decision] = {"36": "authorized", "54": "authorized", "37": "denied", "44": "denied"}


class Evidence(NamedTuple):
    """What a 180 says about which side wrote it."""

    purpose: Purpose = "original"
    action: str = ""
    dispositions: frozenset[str] = frozenset()
    request_reason: bool = False
    response_reason: bool = False
    points_back: bool = False
    sender: Side | None = None


def sender_side(context: SetContext) -> Side | None:
    """Retailers ask us, suppliers answer us, what we sent goes the other way; other partners do either."""
    sides: Mapping[str, tuple[Side, Side]] = {"retailer": ("asks", "answers"), "supplier": ("answers", "asks")}
    both = sides.get(context.profile.role)
    return both[context.from_us_to_them] if both else None


def side_of(evidence: Evidence, meaning: str) -> Side:
    """Weigh the evidence; `meaning` is the partner's `meaning_180`.

    Codes that only one side writes weigh 3 (RDR03, RDR01 refused or in part; RDR01 = CR), direction and BGN08 weigh 2,
    codes that fit one side better weigh 1; BGN01 weighs 2, but only beside other evidence. Where nothing else speaks,
    or both sides weigh the same, `meaning` decides.
    """
    answers = (
        3 * (evidence.response_reason or bool(evidence.dispositions & ANSWERER_ONLY))
        + 2 * (evidence.action in ACTION_DECISIONS)
        + 2 * (evidence.sender == "answers")
        + bool(evidence.dispositions & EITHER_SIDE)
        + evidence.points_back
    )
    asks = (
        3 * (CONSUMER_RETURN in evidence.dispositions)
        + 2 * (evidence.action == ACTION_REQUEST)
        + 2 * (evidence.sender == "asks")
        + evidence.request_reason
    )
    if answers or asks:
        answers += 2 * (evidence.purpose == "response")
        asks += 2 * (evidence.purpose in {"request", "notice"})
    if answers == asks:
        return "answers" if meaning == "authorization" else "asks"
    return "answers" if answers > asks else "asks"


def decision_of(header: str, lines: Sequence[str], action: str, purpose_code: str) -> Decision:
    """RDR01 of the header and of the lines, BGN08 and BGN01 → the decision.

    The header's word holds unless lines say otherwise, which makes it partial; lines that agree make the decision
    where the header is silent. Without any RDR01, BGN08 or BGN01 may still say; otherwise it is pending.
    """
    overall = DECISIONS.get(header)
    decided = {DECISIONS[code] for code in lines if code in DECISIONS}
    if overall == "partial" or len(decided) > 1:
        return "partial"
    if decided:
        (one,) = decided
        return one if overall in {None, one} else "partial"
    return overall or ACTION_DECISIONS.get(action) or PURPOSE_DECISIONS.get(purpose_code) or "pending"
