"""How interchanges and intakes end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from gateway.process.received_file import FileStep
from gateway.store.files import intakes
from gateway.store.files.intakes import NewState
from translators.findings import Finding
from translators.translation import InterchangeResult, SetResult

# What became of an interchange or a set, in the words of an intake's states.
Outcome = Literal["processed", "partial", "rejected", "held"]


def outcome_of(result: InterchangeResult) -> Outcome:
    """An interchange's verdicts → processed, partial or rejected."""
    sets = [set_ for group in result.groups for set_ in group.sets]
    rejected = [set_ for set_ in sets if set_.verdict == "rejected"]
    if result.verdict == "rejected" or (sets and len(rejected) == len(sets)):
        return "rejected"
    groups_rejected = any(group.verdict == "rejected" for group in result.groups)
    return "partial" if rejected or groups_rejected else "processed"


def end_intake(
    step: FileStep,
    format_: str,
    outcomes: Mapping[Outcome, int],
    findings: Sequence[Finding],
    sets: Iterable[SetResult],
) -> None:
    """Move the intake to its terminal state, or to `held`.

    `outcomes` are those of its interchanges or sets: how many of each. All alike, or partial; `held` wins, because a
    person must act. The reason is the first error of the file, or of its sets.
    """
    errors = [finding for finding in findings if finding.severity == "error"]
    kinds = set(outcomes)
    state: Outcome
    if "held" in kinds:
        state = "held"
    elif kinds == {"rejected"}:
        state = "rejected"
    else:
        state = "partial" if kinds - {"processed"} or errors else "processed"
    first = errors[0] if errors else _first_error(sets)
    end = NewState(
        state,
        message=", ".join(f"{number} {outcome}" for outcome, number in outcomes.items()),
        reason=first.code if first else "",
        detail=first.message if first else "",
        format=format_,
    )
    intakes.move(step.tx, step.intake.id, "received", end, at=step.at)


def _first_error(sets: Iterable[SetResult]) -> Finding | None:
    errors = (finding for set_ in sets for finding in set_.findings if finding.severity == "error")
    return next(errors, None)


def end_moved_file(step: FileStep, text: str) -> None:
    """End the intake of an import file that an ERP moved; `text` says what its folder told."""
    intakes.move(step.tx, step.intake.id, "received", NewState("processed", text, format="moved"), at=step.at)
