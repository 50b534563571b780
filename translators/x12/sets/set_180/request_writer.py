"""Our request that a supplier takes goods back → the segments of a 180 request (X12 004010 to 005010).

BGN02 is the number of the request and stays the same when it changes; the supplier's answer names it in N9*OD or
BGN06. The line numbers (N9*FJ) come back too.
"""

from __future__ import annotations

from collections.abc import Mapping

from translators.canonical import Reference, VendorRequest, VendorRequestLine
from translators.profile import Profile
from translators.x12.sets.code_meanings import REASONS
from translators.x12.sets.compose import Composer, MissingValue, item_ids, number, partners_unit
from translators.x12.sets.set_180.limits import LIMITS

# BGN01 (DE 353): ask, say it anew, take it back.
PURPOSES: Mapping[str, str] = {"original": "13", "change": "05", "cancel": "01"}
ROLES = ("vendor", "buyer", "ship_from")
ITEM_FIELDS = ("vendor_sku", "gtin", "other", "sku", "buyer_sku")
ITEM_PAIRS = 4
# To a supplier our SKU is the buyer's item number.
OUR_ITEM = "IN"
# RDR02 (DE 1293) for the reasons that several codes mean: the plainest of them.
REASON_CODES: Mapping[str, str] = {word: code for code, word in reversed(tuple(REASONS.items()))}


def write_180_request(request: VendorRequest, profile: Profile) -> list[list[str]]:
    """A request to a supplier → split segments without ST and SE, each `[id, element, …]`.

    Canonical reasons become DE 1293 through the crosswalk `reason`, else through our table; one without a code stands
    as text in RDR04. Raises ValueTooLong, ValueTooShort and MissingValue (a line without an item id).
    """
    out = Composer(profile, LIMITS)
    issued = request.issued_on.strftime("%Y%m%d")
    out.add("BGN", PURPOSES[request.purpose], request.number, issued, request.issued_time)
    ours = (Reference(kind="rma", value=request.rma), Reference(kind="correlation", value=request.correlation_id))
    out.references([*ours, *request.references])
    out.parties(request.parties, ROLES)
    for line in request.lines:
        _line(out, line, profile)
    return out.segments


def _line(out: Composer, line: VendorRequestLine, profile: Profile) -> None:
    pairs = list(item_ids(line.item, profile, ITEM_FIELDS, ours=OUR_ITEM))[:ITEM_PAIRS]
    if not pairs:
        raise MissingValue("BLI", 2, f"an item id of line {line.line_no}")
    (qualifier, value), *more = pairs
    further = [element for pair in more for element in pair]
    quantity, unit = number(line.quantity), partners_unit(line.unit, profile)
    out.add("BLI", qualifier, value, quantity, unit, "", "", "", *further)
    out.add("N9", "FJ", line.line_no)
    code = (profile.crosswalk("reason").theirs(line.reason) or REASON_CODES.get(line.reason, "")) if line.reason else ""
    text = line.text or ("" if code else line.reason.replace("_", " "))
    first_line = out.lines_of(text, ("RDR", 4))[:1]
    if code or first_line:
        out.add("RDR", "", code, "", *first_line)
