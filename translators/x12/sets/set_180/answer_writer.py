"""Our answer to a return request → the segments of a 180 response (X12 004010 to 005010).

BGN*11 with our number, and theirs in BGN06 and N9*OD; the decision in RDR01 of the header and of every line, the
reason of a refusal in RDR03. BGN*06 confirms that the partner has cancelled its request; nothing may come any more, so
RDR01 is RD then (none of its codes says cancelled), with the words in RDR04. What the partner asked for comes back
under the partner's own ids and line numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from translators.canonical import AnswerLine, Reference, ReturnAnswer
from translators.profile import Profile
from translators.x12.sets.code_meanings import RESPONSE_CODES
from translators.x12.sets.compose import Composer, MissingValue, item_ids, number, partners_unit
from translators.x12.sets.set_180.limits import LIMITS

RESPONSE, CONFIRMATION = "11", "06"
EXPIRES = "036"
NOTE = "ADD"
# RDR01 (DE 1292) of a line that we accept, by what is to happen to the goods; "return" needs our number or not.
INSTRUCTIONS: Mapping[str, str] = {
    "keep": "KA",
    "repair": "RF",
    "destroy": "DI",
    "dispose": "DI",
    "scrap": "DI",
    "donate": "SC",
    "third_party": "RT",
    "warranty": "MW",
}
AUTHORIZED_WITH_NUMBER, AUTHORIZED, PARTLY, DENIED, PENDING = "RA", "RN", "PA", "RD", "RP"
ROLES = ("return_to", "store", "ship_from", "buyer", "vendor")
ITEM_FIELDS = ("gtin", "buyer_sku", "vendor_sku", "other", "sku")
ITEM_PAIRS = 4
N9_USES = 20
# To a buyer our SKU is the vendor's item number.
OUR_ITEM = "VN"


def write_180_response(answer: ReturnAnswer, profile: Profile) -> list[list[str]]:
    """A decision → split segments without ST and SE, each `[id, element, …]`.

    A line's BLI03 is what we authorize, 0 when refused; while we are undecided, what was asked for. References that
    the partner sent are given back as far as the ten N9 of the standard reach, after ours: RMA, request, order,
    correlation id; serials and lots of a line as far as its twenty do. Canonical reasons become DE 1294 through the
    crosswalk `response_reason`, else through our table; one that has no code
    stands as text in RDR04. Raises ValueTooLong, ValueTooShort and MissingValue.
    """
    out = Composer(profile, LIMITS)
    out.add(
        "BGN",
        CONFIRMATION if answer.decision == "cancelled" else RESPONSE,
        answer.number,
        answer.issued_on.strftime("%Y%m%d"),
        answer.issued_time,
        "",
        answer.request_number,
    )
    _disposition(out, _header_code(answer), answer.reason if answer.decision != "partial" else "", "", profile)
    if answer.expires_on:
        out.add("DTM", EXPIRES, answer.expires_on.strftime("%Y%m%d"))
    ours = (
        ("rma", answer.rma),
        ("request", answer.request_number),
        ("purchase_order", answer.purchase_order),
        ("order", answer.order_number),
        ("correlation", answer.correlation_id),
    )
    echoed = [ref for ref in answer.references if ref.kind not in {"rma", "request", "correlation", "line"}]
    out.references([*(Reference(kind=kind, value=value) for kind, value in ours), *echoed])
    out.parties(answer.parties, ROLES)
    for line in answer.lines:
        _line(out, line, answer, profile)
    return out.segments


def _header_code(answer: ReturnAnswer) -> str:
    if answer.decision in {"denied", "cancelled"}:
        return DENIED
    if answer.decision == "pending":
        return PENDING
    if answer.decision == "partial":
        return PARTLY
    codes = {_line_code(line, answer) for line in answer.lines}
    return codes.pop() if len(codes) == 1 else _returned(answer)


def _returned(answer: ReturnAnswer) -> str:
    return AUTHORIZED_WITH_NUMBER if answer.rma else AUTHORIZED


def _line_code(line: AnswerLine, answer: ReturnAnswer) -> str:
    """A line granted in part is granted for the quantity it shows: "partly" is a word for the whole set."""
    if line.decision in {"denied", "cancelled"}:
        return DENIED
    if line.decision == "pending":
        return PENDING
    return INSTRUCTIONS.get(line.instruction) or _returned(answer)


def _line(out: Composer, line: AnswerLine, answer: ReturnAnswer, profile: Profile) -> None:
    pairs = list(item_ids(line.item, profile, ITEM_FIELDS, ours=OUR_ITEM))[:ITEM_PAIRS]
    if not pairs:
        raise MissingValue("BLI", 2, f"an item id of line {line.line_no}")
    (qualifier, value), *more = pairs
    quantity = line.requested if line.decision == "pending" else line.authorized
    further = [element for pair in more for element in pair]
    out.add("BLI", qualifier, value, number(quantity), partners_unit(line.unit, profile), "", "", "", *further)
    if line.line_no:
        out.add("N9", "FJ", line.line_no)
    out.units(line.serials, line.lots, room=N9_USES - bool(line.line_no))
    _disposition(out, _line_code(line, answer), line.reason, line.text, profile)


def _disposition(out: Composer, code: str, reason: str, text: str, profile: Profile) -> None:
    """RDR: what we decided, why (RDR03), in words (RDR04; a text too long for it stands in NTE)."""
    theirs = (profile.crosswalk("response_reason").theirs(reason) or RESPONSE_CODES.get(reason, "")) if reason else ""
    if reason and not theirs and not text:
        text = reason.replace("_", " ")
    lines = out.lines_of(text, ("RDR", 4))
    if len(lines) <= 1:
        out.add("RDR", code, "", theirs, *lines)
        return
    out.add("RDR", code, "", theirs)
    for line in lines:
        out.add("NTE", NOTE, line)
