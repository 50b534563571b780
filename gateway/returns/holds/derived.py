"""Holds that follow from the state of a return: opened when their cause appears, cleared when it is gone.

A Hold that a person resolved stays resolved while its cause goes no further than it did then (`extent`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause, open_hold
from gateway.returns.items.required import ASKED, missing_so_far
from gateway.returns.items.unknown_names import is_unknown, receipt_in_doubt
from gateway.returns.model import POSTING_KINDS, UNRENDERABLE, ZERO, Claim, Hold, Return, ReturnLine, plain
from gateway.returns.policy import Policy
from gateway.returns.vendors.claims import differing

# Promises about a return that are broken, and that the hour opens and closes: they say how late, not what is wrong.
CLEARED = "cleared: its cause is gone"


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


def _causes(return_: Return, credits_: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    causes: list[HoldCause] = []
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
            owner = POSTING_KINDS[p.kind].refusal_owner
            causes.append(HoldCause("erp_refused", p.line_no, p.key, p.changed_at, text, owner, p.key))
    return causes


def _line_causes(
    causes: list[HoldCause], return_: Return, line: ReturnLine, final: bool, credit: Decimal, policy: Policy
) -> None:
    no = line.line_no
    t = return_.tallies[no]
    if line.decision == "pending" and not return_.cancelled:
        class_ = "crosswalk_missing" if is_unknown(line) else "eligibility_review"
        causes.append(
            HoldCause(class_, no, "", line.decision_reason, line.decision_text, line.decision_owner, anew=True)
        )
    elif not t.a and (t.r or t.x):
        text = f"{plain(t.r or t.x)} of {_named(line)} {'came' if t.r else 'is on its way'}, not authorized"
        causes.append(HoldCause("unexpected_item", no, "", plain(t.r or t.x), text))
    elif t.r > t.a + policy.over_receipt_tolerance:
        over = t.r - t.a
        text = f"{plain(over)} more of {line.sku} came than the {plain(t.a)} authorized"
        causes.append(HoldCause("over_received", no, "", plain(over), text))
    if final and line.instruction != "keep" and policy.short_receipt == "hold":
        missing = (t.x or t.a) - t.r - t.z
        if missing > 0 and not receipt_in_doubt(return_, no):
            text = f"{plain(missing)} of {line.sku} did not come although the receipt is final"
            causes.append(HoldCause("short_received", no, "", plain(missing), text))
    if t.i and (open_ := t.i - t.dispositioned) > 0:
        text = f"{open_} of {line.sku or 'an unnamed item'} inspected, and nobody has said what becomes of them"
        causes.append(HoldCause("disposition_missing", no, "", plain(open_), text))
    if lacking := missing_so_far(return_, line, credit):
        words = (f"{stage} without {', '.join(absent)}".replace("_", " ") for stage, absent in lacking.items())
        extent = ";".join(f"{stage}:{','.join(absent)}" for stage, absent in lacking.items())
        text = f"{line.sku or f'line {no}'} is {'; '.join(words)}"
        causes.append(HoldCause("incomplete", no, "", extent, text, ASKED[next(iter(lacking))]))


_IN_DOUBT = frozenset({"held", "waiting"})


def _claim_causes(return_: Return, line_no: str, claims: list[Claim], final: bool) -> list[HoldCause]:
    causes: list[HoldCause] = []
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
        causes.append(HoldCause(class_, line_no, "", extent, text, document_id=held[0].document_id))
    return causes


def _named(line: ReturnLine) -> str:
    """What goods on a line that nobody asked for are called: their item, or the line that they name."""
    return line.sku or ", ".join(each.replace(":", " ") for each in line.ids) or "an unnamed item"


def _rival_causes(return_: Return) -> list[HoldCause]:
    """A version of a document that came beside another one, and of which nobody has said which is right."""
    causes: list[HoldCause] = []
    for key, rivals in return_.rivals.items():
        prior = return_.applied[key].document_id
        for rival in rivals:
            if rival.state == "open":
                text = f"document {key.rsplit(':', 1)[-1]} came again with other content: document {rival.document_id}"
                text += f" differs from document {prior}, which stands"
                detail = f"{key}:{rival.fingerprint[:8]}"
                found = HoldCause(
                    "duplicate_differs", "", detail, rival.fingerprint, text, document_id=rival.document_id
                )
                causes.append(found)
    return causes


def _vendor_causes(return_: Return) -> list[HoldCause]:
    """A supplier allows more or less to go back than we asked for."""
    causes: list[HoldCause] = []
    for claim, no, allowed, asked in differing(return_):
        said = f" ({claim.rma})" if claim.rma else ""
        what = return_.lines[no].sku or f"line {no}"
        text = f"{claim.supplier} takes back {plain(allowed)} of the {plain(asked)} of {what} that {claim.number}"
        extent = f"{plain(allowed)}/{plain(asked)}"
        text += f" asks for{said}: {claim.decision}"
        causes.append(HoldCause("vendor_differs", no, claim.supplier, extent, text, document_id=claim.document_id))
    return causes


def _claimed(claim: Claim) -> Decimal:
    return max((q for _, q, _, _ in claim.effects), default=ZERO)
