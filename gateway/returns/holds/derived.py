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

CLEARED = "cleared: its cause is gone"


def derive_holds(return_: Return, credits_: Mapping[str, Decimal], policy: Policy, at: str) -> list[Hold]:
    """Open what has a cause, clear what has none any more. Returns the Holds that changed.

    `credits_` says for every line how much should be credited.
    """
    causes = _causes(return_, credits_, policy)
    if not causes and not return_.holds:
        return []
    changed: list[Hold] = []
    still_caused: set[str] = set()
    for cause in causes:
        still_caused.add(":".join(p for p in (cause.class_, return_.return_no, cause.line_no, cause.detail) if p))
        if hold := open_hold(return_, cause, at):
            changed.append(hold)
    for hold in return_.holds.values():
        if hold.state != "open":
            continue
        gone = hold.class_ == UNRENDERABLE and not _is_refused(return_, hold.posting_key)
        if gone or (hold.derived and hold.key not in still_caused):
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
    if return_.competing_versions:
        causes += _version_causes(return_)
    if return_.vendor_claims:
        causes += _vendor_causes(return_)
    for posting in return_.postings.values():
        if posting.state == "refused" and posting.error_code != UNRENDERABLE:
            error = f"{posting.error_code} {posting.error_text}"
            text = f"ERP refused {posting.kind} of {plain(posting.quantity)}: {error}".rstrip()
            owner = POSTING_KINDS[posting.kind].refusal_owner
            causes.append(
                HoldCause("erp_refused", posting.line_no, posting.key, posting.changed_at, text, owner, posting.key)
            )
    return causes


def _line_causes(
    causes: list[HoldCause], return_: Return, line: ReturnLine, final: bool, credit: Decimal, policy: Policy
) -> None:
    line_no = line.line_no
    tally = return_.tallies[line_no]
    if line.decision == "pending" and not return_.cancelled:
        class_ = "crosswalk_missing" if is_unknown(line) else "eligibility_review"
        causes.append(
            HoldCause(class_, line_no, "", line.decision_reason, line.decision_text, line.decision_owner, anew=True)
        )
    elif not tally.a and (tally.r or tally.x):
        text = f"{plain(tally.r or tally.x)} of {_named(line)} {'came' if tally.r else 'is on its way'}, not authorized"
        causes.append(HoldCause("unexpected_item", line_no, "", plain(tally.r or tally.x), text))
    elif tally.r > tally.a + policy.over_receipt_tolerance:
        surplus = tally.r - tally.a
        text = f"{plain(surplus)} more of {line.sku} came than the {plain(tally.a)} authorized"
        causes.append(HoldCause("over_received", line_no, "", plain(surplus), text))
    if final and line.instruction != "keep" and policy.short_receipt == "hold":
        missing = (tally.x or tally.a) - tally.r - tally.z
        if missing > 0 and not receipt_in_doubt(return_, line_no):
            text = f"{plain(missing)} of {line.sku} did not come although the receipt is final"
            causes.append(HoldCause("short_received", line_no, "", plain(missing), text))
    if tally.i and (undecided := tally.i - tally.dispositioned) > 0:
        text = f"{undecided} of {line.sku or 'an unnamed item'} inspected, and nobody has said what becomes of them"
        causes.append(HoldCause("disposition_missing", line_no, "", plain(undecided), text))
    if lacking := missing_so_far(return_, line, credit):
        phrases = (f"{stage} without {', '.join(absent)}".replace("_", " ") for stage, absent in lacking.items())
        extent = ";".join(f"{stage}:{','.join(absent)}" for stage, absent in lacking.items())
        text = f"{line.sku or f'line {line_no}'} is {'; '.join(phrases)}"
        causes.append(HoldCause("incomplete", line_no, "", extent, text, ASKED[next(iter(lacking))]))


_IN_DOUBT = frozenset({"held", "waiting"})


def _claim_causes(return_: Return, line_no: str, claims: list[Claim], final: bool) -> list[HoldCause]:
    causes: list[HoldCause] = []
    by_class: dict[str, list[Claim]] = {}
    line, tally = return_.lines[line_no], return_.tallies[line_no]
    sure = final and not receipt_in_doubt(return_, line_no)
    # Nobody asked for it and it did not come: only an inspection speaks of it. Of a cancelled request it does not
    # matter which version of it we have seen: the inspection waits for its receipt, and is asked about when it is old.
    stray = line.decision == "denied" and not (tally.a or tally.r or tally.x or return_.cancelled)
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
        held.sort(key=lambda claim: (claim.order, claim.source, claim.said))
        extent = "; ".join(f"{claim.source} {claim.said}".strip() for claim in held)
        text = "; ".join(
            claim.said or f"{plain(_claimed(claim))} in {claim.source.rsplit(':', 1)[-1]}" for claim in held
        )
        if class_ == "unknown_line":
            text = f"{_named(line)} was inspected ({text}), but {return_.return_no} has no such line"
        causes.append(HoldCause(class_, line_no, "", extent, text, document_id=held[0].document_id))
    return causes


def _named(line: ReturnLine) -> str:
    """What goods on a line that nobody asked for are called: their item, or the line that they name."""
    return line.sku or ", ".join(item_id.replace(":", " ") for item_id in line.ids) or "an unnamed item"


def _version_causes(return_: Return) -> list[HoldCause]:
    """A version of a document that came beside another one, and of which nobody has said which is right."""
    causes: list[HoldCause] = []
    for key, versions in return_.competing_versions.items():
        prior = return_.applied[key].document_id
        for version in versions:
            if version.state == "open":
                text = (
                    f"document {key.rsplit(':', 1)[-1]} came again with other content: document {version.document_id}"
                )
                text += f" differs from document {prior}, which stands"
                detail = f"{key}:{version.fingerprint[:8]}"
                cause = HoldCause(
                    "duplicate_differs", "", detail, version.fingerprint, text, document_id=version.document_id
                )
                causes.append(cause)
    return causes


def _vendor_causes(return_: Return) -> list[HoldCause]:
    """A supplier allows more or less to go back than we asked for."""
    causes: list[HoldCause] = []
    for claim, line_no, allowed, asked in differing(return_):
        rma = f" ({claim.rma})" if claim.rma else ""
        goods = return_.lines[line_no].sku or f"line {line_no}"
        text = f"{claim.supplier} takes back {plain(allowed)} of the {plain(asked)} of {goods} that {claim.number}"
        extent = f"{plain(allowed)}/{plain(asked)}"
        text += f" asks for{rma}: {claim.decision}"
        causes.append(HoldCause("vendor_differs", line_no, claim.supplier, extent, text, document_id=claim.document_id))
    return causes


def _claimed(claim: Claim) -> Decimal:
    return max((q for _, q, _, _ in claim.effects), default=ZERO)
