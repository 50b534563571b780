"""Holds that follow from the state of a return: opened when their cause appears, cleared when it is gone.

A Hold that a person resolved stays resolved while its cause goes no further than it did then (`extent`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.documents.ownership import ASKED, missing_so_far
from gateway.returns.items.unknown_names import is_unknown, receipt_in_doubt
from gateway.returns.model import UNRENDERABLE, ZERO, Claim, Hold, Return, ReturnLine, plain
from gateway.returns.outcome.vendor_returns import differing
from gateway.returns.policy import Policy

# Class → whose move it is, and what that move is.
CLASSES: dict[str, tuple[str, str]] = {
    "eligibility_review": ("customer_service", "approve or deny the line"),
    "crosswalk_missing": (
        "it",
        "say what it means (returns-gateway codes), or have the ERP export what is missing; what waited runs again",
    ),
    "unexpected_item": ("customer_service", "accept the item onto the return, say which line it is, or reject it"),
    "unknown_line": ("warehouse", "say which line it is, that nobody asked for it, or reject it"),
    "disposition_missing": ("warehouse", "say what becomes of the goods: each outcome with its quantity"),
    "over_received": ("customer_service", "accept the surplus, or reject it"),
    "short_received": ("customer_service", "close the line short, or ask the warehouse for a recount"),
    "inspection_exceeds_received": ("warehouse", "correct the receipt or the inspection: more was inspected than came"),
    "cancel_exceeds_authorized": ("customer_service", "ask the partner: more is cancelled than was authorized"),
    "vendor_differs": ("finance", "accept what the supplier takes back, or ask it again"),
    "incomplete": (
        "finance",
        "have the request sent again with what is missing, or complete the return in the ERP, then dismiss this",
    ),
    "inconsistent_quantity": ("warehouse", "correct the receipt: its exceptions exceed the quantity received"),
    "duplicate_differs": (
        "customer_service",
        "ask the sender which one is right, then keep the first or take the new one",
    ),
    "ownership_conflict": ("customer_service", "decide which of the two is right"),
    "erp_refused": ("finance", "correct the cause in the ERP, then retry or drop the posting"),
    "erp_conflict": ("it", "compare the ERP's two answers about this posting"),
    "erp_unknown_posting": ("it", "find out what the ERP posted: we never sent this key"),
    "parked_too_long": ("customer_service", "find the return this document belongs to, or discard it"),
}

# Promises about a return that are broken, and that the hour opens and closes: they say how late, not what is wrong.
CLEARED = "cleared: its cause is gone"
OVERDUE = frozenset({"answer_overdue", "receipt_overdue", "inspection_overdue", "credit_overdue"})


@dataclass(slots=True)
class Cause:
    """Why a derived Hold should be open."""

    class_: str
    line_no: str
    detail: str
    extent: str
    message: str
    owner: str = ""
    posting_key: str = ""
    document_id: int | None = None
    # Asked again even if it was answered before: the request was changed, and its line waits for a decision anew.
    anew: bool = False


def open_hold(return_: Return, cause: Cause, at: str, *, derived: bool = True) -> Hold | None:
    """Open the Hold of a cause, or reopen it if it goes further than when it was resolved; None if nothing changes."""
    owner, next_action = CLASSES[cause.class_]
    key = ":".join(p for p in (cause.class_, return_.return_no, cause.line_no, cause.detail) if p)
    hold = return_.holds.get(key)
    if hold is not None:
        if hold.extent == cause.extent and (hold.state == "open" or (hold.resolved_by and not cause.anew)):
            return None
        if hold.state == "resolved":
            hold.state, hold.resolution, hold.resolved_by, hold.resolved_at = "open", "", "", ""
            hold.opened_at = at
        hold.extent, hold.message = cause.extent, cause.message
        return hold
    hold = Hold(
        key=key,
        class_=cause.class_,
        owner=cause.owner or owner,
        line_no=cause.line_no,
        message=cause.message,
        next_action=next_action,
        opened_at=at,
        extent=cause.extent,
        derived=derived,
        document_id=cause.document_id,
        posting_key=cause.posting_key,
        partner=return_.partner,
    )
    return_.holds[key] = hold
    return hold


def derive_holds(return_: Return, credits_: Mapping[str, Decimal], policy: Policy, at: str) -> list[Hold]:
    """Open what has a cause, clear what has none any more. Returns the Holds that changed.

    `credits_` says for every line how much should be credited.
    """
    causes = _causes(return_, credits_, policy)
    if not causes and not return_.holds:
        return []
    changed: list[Hold] = []
    kept: set[str] = set()
    for cause in causes:
        kept.add(":".join(p for p in (cause.class_, return_.return_no, cause.line_no, cause.detail) if p))
        if hold := open_hold(return_, cause, at):
            changed.append(hold)
    for hold in return_.holds.values():
        if hold.state != "open":
            continue
        gone = hold.class_ == UNRENDERABLE and not _is_refused(return_, hold.posting_key)
        if gone or (hold.derived and hold.key not in kept):
            hold.state, hold.resolution, hold.resolved_at = "resolved", CLEARED, at
            changed.append(hold)
    return changed


def _is_refused(return_: Return, key: str) -> bool:
    """Files beside postings are held without a key: those are not for us to clear."""
    posting = return_.postings.get(key)
    return posting is None or posting.state == "refused"


def _causes(return_: Return, credits_: Mapping[str, Decimal], policy: Policy) -> list[Cause]:
    causes: list[Cause] = []
    final = bool(return_.finals) and all(return_.finals.values())
    for line in return_.lines.values():
        _line_causes(causes, return_, line, final, credits_[line.line_no], policy)
    for line_no, claims in return_.claims.items():
        for claim in claims:
            if claim.state in _IN_DOUBT:
                causes += _claim_causes(return_, line_no, claims, final)
                break
    if return_.rivals:
        causes += _rival_causes(return_)
    if return_.vendor_claims:
        causes += _vendor_causes(return_)
    for p in return_.postings.values():
        if p.state == "refused" and p.error_code != UNRENDERABLE:
            text = f"ERP refused {p.kind} of {plain(p.quantity)}: {p.error_code} {p.error_text}".rstrip()
            owner = "finance" if p.kind in {"credit_request", "replacement", "supplier_claim"} else "it"
            causes.append(Cause("erp_refused", p.line_no, p.key, p.changed_at, text, owner, p.key))
    return causes


def _line_causes(
    causes: list[Cause], return_: Return, line: ReturnLine, final: bool, credit: Decimal, policy: Policy
) -> None:
    no = line.line_no
    t = return_.tallies[no]
    if line.decision == "pending" and not return_.cancelled:
        class_ = "crosswalk_missing" if is_unknown(line) else "eligibility_review"
        causes.append(Cause(class_, no, "", line.decision_reason, line.decision_text, line.decision_owner, anew=True))
    elif not t.a and (t.r or t.x):
        text = f"{plain(t.r or t.x)} of {_named(line)} {'came' if t.r else 'is on its way'}, not authorized"
        causes.append(Cause("unexpected_item", no, "", plain(t.r or t.x), text))
    elif t.r > t.a + policy.over_receipt_tolerance:
        over = t.r - t.a
        text = f"{plain(over)} more of {line.sku} came than the {plain(t.a)} authorized"
        causes.append(Cause("over_received", no, "", plain(over), text))
    if final and line.instruction != "keep" and policy.short_receipt == "hold":
        missing = (t.x or t.a) - t.r - t.z
        if missing > 0 and not receipt_in_doubt(return_, no):
            text = f"{plain(missing)} of {line.sku} did not come although the receipt is final"
            causes.append(Cause("short_received", no, "", plain(missing), text))
    if t.i and (open_ := t.i - t.dispositioned) > 0:
        text = f"{open_} of {line.sku or 'an unnamed item'} inspected, and nobody has said what becomes of them"
        causes.append(Cause("disposition_missing", no, "", plain(open_), text))
    if lacking := missing_so_far(return_, line, credit):
        words = (f"{stage} without {', '.join(absent)}".replace("_", " ") for stage, absent in lacking.items())
        extent = ";".join(f"{stage}:{','.join(absent)}" for stage, absent in lacking.items())
        text = f"{line.sku or f'line {no}'} is {'; '.join(words)}"
        causes.append(Cause("incomplete", no, "", extent, text, ASKED[next(iter(lacking))]))


_IN_DOUBT = frozenset({"held", "waiting"})


def _claim_causes(return_: Return, line_no: str, claims: list[Claim], final: bool) -> list[Cause]:
    causes: list[Cause] = []
    by_class: dict[str, list[Claim]] = {}
    line, t = return_.lines[line_no], return_.tallies[line_no]
    sure = final and not receipt_in_doubt(return_, line_no)
    # Nobody asked for it and it did not come: only an inspection speaks of it. Of a cancelled request it does not
    # matter which version of it we have seen: the inspection waits for its receipt, and is asked about when it is old.
    stray = line.decision == "denied" and not (t.a or t.r or t.x or return_.cancelled)
    for claim in claims:
        if claim.state == "held":
            by_class.setdefault(claim.why, []).append(claim)
        elif claim.state == "waiting" and claim.kind == "cancel" and not return_.cancelled:
            by_class.setdefault("cancel_exceeds_authorized", []).append(claim)
        elif claim.state == "waiting" and claim.kind == "inspect" and stray:
            by_class.setdefault("unknown_line", []).append(claim)
        elif claim.state == "waiting" and (claim.kind == "dispose" or (claim.kind == "inspect" and sure)):
            by_class.setdefault("inspection_exceeds_received", []).append(claim)
    for class_, held in by_class.items():
        held.sort(key=lambda c: (c.order, c.source, c.said))
        extent = "; ".join(f"{c.source} {c.said}".strip() for c in held)
        text = "; ".join(c.said or f"{plain(_claimed(c))} in {c.source.rsplit(':', 1)[-1]}" for c in held)
        if class_ == "unknown_line":
            text = f"{_named(line)} was inspected ({text}), but {return_.return_no} has no such line"
        causes.append(Cause(class_, line_no, "", extent, text, document_id=held[0].document_id))
    return causes


def _named(line: ReturnLine) -> str:
    """What goods on a line that nobody asked for are called: their item, or the line that they name."""
    return line.sku or ", ".join(each.replace(":", " ") for each in line.ids) or "an unnamed item"


def _rival_causes(return_: Return) -> list[Cause]:
    """A version of a document that came beside another one, and of which nobody has said which is right."""
    causes: list[Cause] = []
    for key, rivals in return_.rivals.items():
        prior = return_.applied[key].document_id
        for rival in rivals:
            if rival.state == "open":
                text = f"document {key.rsplit(':', 1)[-1]} came again with other content: document {rival.document_id}"
                text += f" differs from document {prior}, which stands"
                detail = f"{key}:{rival.fingerprint[:8]}"
                found = Cause("duplicate_differs", "", detail, rival.fingerprint, text, document_id=rival.document_id)
                causes.append(found)
    return causes


def _vendor_causes(return_: Return) -> list[Cause]:
    """A supplier allows more or less to go back than we asked for."""
    causes: list[Cause] = []
    for claim, no, allowed, asked in differing(return_):
        said = f" ({claim.rma})" if claim.rma else ""
        what = return_.lines[no].sku or f"line {no}"
        text = f"{claim.supplier} takes back {plain(allowed)} of the {plain(asked)} of {what} that {claim.number}"
        extent = f"{plain(allowed)}/{plain(asked)}"
        text += f" asks for{said}: {claim.decision}"
        causes.append(Cause("vendor_differs", no, claim.supplier, extent, text, document_id=claim.document_id))
    return causes


def _claimed(claim: Claim) -> Decimal:
    return max((q for _, q, _, _ in claim.effects), default=ZERO)
