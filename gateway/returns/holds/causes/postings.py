"""Postings that the ERP refused, and posted ones that nobody has decided to undo."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.erp.undo import undecided
from gateway.returns.model import POSTING_KINDS, UNRENDERABLE, ZERO, Return, plain
from gateway.returns.money.currency import rounded
from gateway.returns.policy import Policy


def refusal_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """Every posting that the ERP refused and nobody has settled since."""
    causes: list[HoldCause] = []
    for posting in return_.postings.values():
        if posting.state == "refused" and posting.error_code != UNRENDERABLE:
            error = f"{posting.error_code} {posting.error_text}"
            text = f"ERP refused {posting.kind} of {plain(posting.quantity)}: {error}".rstrip()
            owner = POSTING_KINDS[posting.kind].refusal_owner
            causes.append(
                HoldCause("erp_refused", posting.line_no, posting.key, posting.changed_at, text, owner, posting.key)
            )
    return causes


def reversal_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """Every slot of a line of which the ERP has posted more than is right by now, while a person is to decide."""
    causes: list[HoldCause] = []
    for (line_no, (kind, split)), reversals in undecided(return_, policy).items():
        quantity = sum((posting.quantity for posting in reversals), ZERO)
        undoes = [posting.undoes for posting in reversals if posting.undoes is not None]
        value = f" ({rounded(sum(undoes, ZERO), return_.currency):f} {return_.currency})" if undoes else ""
        text = f"the ERP has posted {plain(quantity)} of {return_.lines[line_no].sku or f'line {line_no}'} too much"
        text += f" as {kind.replace('_', ' ')}{value}"
        detail = kind if split == "0" else f"{kind}-{split}"
        owner, first = POSTING_KINDS[kind].undo_owner, reversals[0].key
        extent = f"{plain(quantity)}{value}"
        causes.append(HoldCause("reversal_undecided", line_no, detail, extent, text, owner, first, anew=True))
    return causes
