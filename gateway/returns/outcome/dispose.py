"""What becomes of goods, said by a person: an audited decision that writes movements, never an edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.claims.acceptance import accept, add_claim
from gateway.returns.decision import CannotResolve, Decision, PostingCause
from gateway.returns.model import ZERO, Claim, LedgerEffect, Return, ends_of, plain, step_code

# Source of every claim made here; the documents' claims have business keys of another form.
BY_HAND = "hand"


def outcomes_said_by_hand(return_: Return, line_no: str, left: str = "") -> list[Claim]:
    """What people said of a line by hand and have not taken back: of goods that `left` an outcome, or had none."""
    claims = return_.claims.get(line_no, ())
    said = [claim for claim in claims if claim.source.startswith(f"{BY_HAND}:") and claim.state != "superseded"]
    return [claim for claim in said if ends_of(claim.effects[-1][2])[0] == left]


@dataclass(slots=True, frozen=True)
class WithoutOutcome:
    """Units of a line (in its unit) of which nobody has said what becomes of them."""

    inspected: Decimal
    received: Decimal

    @property
    def all(self) -> Decimal:
        """Inspected or not."""
        return self.inspected + self.received


def without_outcome(return_: Return, line_no: str) -> WithoutOutcome:
    """Units that are inspected without an outcome, and units that are received and not inspected."""
    tally = return_.tally(line_no)
    return WithoutOutcome(tally.i - tally.dispositioned, tally.r - tally.i)


def dispose(
    decision: Decision,
    return_: Return,
    line_no: str,
    chosen: Mapping[str, str],
    actor: str,
    *,
    available: Decimal,
    replaced_claims: Sequence[Claim] = (),
) -> None:
    """Write what a person chose as claims of its own: at most `available` units, and those of `replaced_claims`.

    `chosen`: outcome → quantity as text. Units that are inspected come first; for the others this decision is their
    inspection. Raises CannotResolve, and has done nothing then.
    """
    quantities = _quantities(decision, return_, chosen)
    total = sum(quantities.values(), ZERO)
    available += sum((_disposed(claim) for claim in replaced_claims if claim.seqs), ZERO)
    if total > available:
        text = " ".join(f"{code}={plain(quantity)}" for code, quantity in quantities.items())
        words = f"{text} is {plain(total)}, but {plain(available)} of line {line_no} have no outcome yet"
        raise CannotResolve(words + _may_go_on(decision, return_, line_no))
    for claim in replaced_claims:
        claim.state = "superseded"
    accept(return_, [line_no], decision.at, decision.policy(return_).follow_ons.unsaid)
    text = ", ".join(f"{plain(quantity)} {code}" for code, quantity in quantities.items())
    of_inspected, of_received = _effects(quantities, without_outcome(return_, line_no).inspected)
    said = [("dispose", tuple(of_inspected)), ("inspect", tuple(of_received))]
    _write(decision, return_, line_no, text, actor, said)


def move_on(
    decision: Decision,
    return_: Return,
    line_no: str,
    left: str,
    chosen: Mapping[str, str],
    actor: str,
    *,
    replaced_claims: Sequence[Claim] = (),
    at_most: Decimal | None = None,
) -> None:
    """Write that goods of a line leave one outcome for those that a person chose, as a claim of its own.

    `chosen`: outcome → quantity as text; `at_most` so many units, if it is said. Raises CannotResolve, and has done
    nothing then, if an outcome may not follow, or not so many have the one that they leave.
    """
    quantities = _quantities(decision, return_, chosen)
    policy = decision.policy(return_)
    for code in quantities:
        if not policy.follow_ons.allows(left, code):
            may_follow = ", ".join(sorted(policy.follow_ons.steps.get(left, ()))) or "nothing"
            raise CannotResolve(f"{code} cannot follow {left} here; what may follow it: {may_follow}")
    total = sum(quantities.values(), ZERO)
    said_before = sum((q for claim in replaced_claims if claim.seqs for _, q, _, _ in claim.effects), ZERO)
    there_are = return_.tally(line_no).d.get(left, ZERO) + said_before
    text = ", ".join(f"{plain(quantity)} from {left} to {code}" for code, quantity in quantities.items())
    if total > there_are:
        raise CannotResolve(f"{text}: but {plain(there_are)} of line {line_no} have the outcome {left}")
    if at_most is not None and total > at_most:
        raise CannotResolve(f"{text}: but this is about {plain(at_most)} of line {line_no}")
    for claim in replaced_claims:
        claim.state = "superseded"
    effects: tuple[LedgerEffect, ...] = tuple(
        ("redisposition", quantity, step_code(left, code), "0") for code, quantity in quantities.items()
    )
    _write(decision, return_, line_no, text, actor, [("follow", effects)])


def _write(
    decision: Decision,
    return_: Return,
    line_no: str,
    text: str,
    actor: str,
    said: Sequence[tuple[str, tuple[LedgerEffect, ...]]],
) -> None:
    """Add what a person said as claims, each of a kind with its effects, and let the ledger follow."""
    number = 1 + sum(claim.source.startswith(f"{BY_HAND}:") for claim in return_.claims.get(line_no, ()))
    source = f"{BY_HAND}:{return_.return_no}:{line_no}:{number}"
    # No order: what a person has said stands before what documents say of the same units later.
    for kind, effects in said:
        if effects:
            words = f"{text} as {actor} said"
            add_claim(return_, Claim(source, 0, kind, line_no, effects, said=words, at=decision.at))
    decision.note(return_, f"{actor} said what becomes of line {line_no}: {text}")
    settle_ledger(decision, return_, [line_no], PostingCause(decision.at, document_ref=f"HAND-{number}"))


def _disposed(claim: Claim) -> Decimal:
    """Of how many units a claim says what becomes of them."""
    return sum((quantity for kind, quantity, _, _ in claim.effects if kind == "disposition"), ZERO)


def _effects(quantities: Mapping[str, Decimal], inspected: Decimal) -> tuple[list[LedgerEffect], list[LedgerEffect]]:
    """Outcome → quantity as effects on units that are `inspected`, and on units that are only received."""
    of_inspected: list[LedgerEffect] = []
    of_received: list[LedgerEffect] = []
    for code, quantity in quantities.items():
        from_inspected = min(quantity, inspected)
        inspected -= from_inspected
        if from_inspected:
            of_inspected.append(("disposition", from_inspected, code, "0"))
        if rest := quantity - from_inspected:
            of_received += [("inspect", rest, "", "0"), ("disposition", rest, code, "0")]
    return of_inspected, of_received


def _may_go_on(decision: Decision, return_: Return, line_no: str) -> str:
    """Where else goods of the line stand that may get another outcome, in words."""
    steps = decision.policy(return_).follow_ons.steps
    there_are = {code: quantity for code, quantity in return_.tally(line_no).d.items() if quantity and code in steps}
    places = " and ".join(f"{plain(quantity)} {code}" for code, quantity in there_are.items())
    return f"; {places} may go on to another one: say which they leave (from)" if places else ""


def _quantities(decision: Decision, return_: Return, chosen: Mapping[str, str]) -> dict[str, Decimal]:
    outcomes = decision.policy(return_).dispositions
    quantities: dict[str, Decimal] = {}
    for code, text in chosen.items():
        if code not in outcomes:
            raise CannotResolve(f"{code} is no outcome here; these are: {', '.join(sorted(outcomes))}")
        quantity = _quantity(text)
        if quantity is None or quantity <= 0:
            raise CannotResolve(f"{code}={text}: a quantity is a number above 0")
        quantities[code] = quantity
    if not quantities:
        raise CannotResolve("say at least one outcome with its quantity, as restock=8")
    return quantities


def _quantity(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
