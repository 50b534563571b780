"""Holds about received files: not readable, not theirs, not meant, or not told."""

from __future__ import annotations

from gateway.holds.answers import DISMISS, DONE, REPLAY
from gateway.holds.row import Answer, HoldClass

# Findings that a file may begin with of which nothing can be read: the Hold of the quarantined file has its class.
UNREADABLE = (
    "empty_file",
    "not_recognised",
    "no_interchange",
    "too_large",
    "charset",
    "byte_order_mark",
    "trailing_data",
    "no_layout",
    "ambiguous_layout",
    "leading_data",
    "transcoded",
    "unreadable_header",
    "too_many_interchanges",
    "too_many_sets",
    "missing_column",
    "unknown_column",
    "duplicate_column",
    "bad_quoting",
    "inconsistent_rows",
    "unknown_record",
    "row_length",
    "missing_value",
    "bad_number",
    "bad_date",
    "bad_quantity",
    "bad_value",
    "unknown_field",
    "trailer_count",
    "trailer_total",
    "bad_xml",
    "bad_json",
)


_TELL = (
    "Tell {partner} what is wrong with {name} and have it sent again; then resolve with `done`. `[acknowledge] ta1` "
    "decides when a TA1 says it for us."
)


def _wrong_usage(name: str, happened: str) -> HoldClass:
    return HoldClass(
        name,
        about="file",
        origin="file",
        owner="partner",
        severity="business_day",
        happened=happened,
        message="ISA15 is {usage}, but {partner} is in stage {stage}.",
        next_action="Test traffic never reaches the ERP. Agree the stage with the partner, correct partner.toml or "
        "have the file sent again, then replay the intake.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="ISA15 says test or live, and `stage` in partner.toml says the other. Nothing of the file had an "
        "effect. Agree with the partner which of the two is meant.",
    )


def _unreadable(finding: str) -> HoldClass:
    return HoldClass(
        finding,
        about="file",
        origin="file",
        owner="partner",
        severity="business_day",
        happened="nothing in a file can be read, or no one layout fits it; the class is the finding that says why",
        message="{name} from {partner} cannot be read: {finding}.",
        next_action="Look at the bytes (they are kept). Ask the partner for a right file, or correct the partner's "
        "layouts and run `returns-gateway replay {intake_id}`.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The file is quarantined: its bytes are kept and nothing of it had an effect. Run `returns-gateway "
        "explain` on it to see how far it can be read. If the partner is wrong, ask for a right file; if our layout "
        "is, correct it and replay.",
    )


# Interchanges that are not processed: nothing of them had an effect, and a replay judges them anew.
REFUSED_INTERCHANGES = (
    HoldClass(
        "sender_mismatch",
        about="file",
        origin="file",
        owner="it",
        severity="urgent",
        happened="an interchange in a partner's inbox names another sender; it gets no answer",
        message="The interchange in {partner}'s inbox names the sender {sender}, which is not {partner}.",
        next_action="Ask {partner} by another way. If the id is theirs, add it to [identity] in partners/{partner}/"
        "partner.toml and replay the intake; nothing was acknowledged.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="ISA05 and ISA06 are not among the ids of this partner: a file in the wrong folder, a new id, or a "
        "forged sender. Do not answer the file. Ask the partner by telephone or a known address.",
    ),
    HoldClass(
        "wrong_receiver",
        about="file",
        origin="file",
        owner="partner",
        severity="business_day",
        happened="an interchange is addressed to somebody else",
        message="The interchange is addressed to {receiver}, which is not us.",
        next_action="Tell {partner}. If the address is ours, add it to [identity] in partners/_house/partner.toml and "
        "replay.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="ISA07 and ISA08 are none of our ids. The partner has sent us a file that is meant for another party, "
        "or uses an id of ours that the house does not list.",
    ),
    _wrong_usage("test_in_live", "test traffic came from a partner whose documents are live"),
    _wrong_usage("live_in_test", "live traffic came from a partner whose documents are in test"),
    HoldClass(
        "control_number_reused",
        about="file",
        origin="file",
        owner="partner",
        severity="business_day",
        happened="an interchange control number came twice with different bytes",
        message="Interchange control number {control_number} was used before, in intake {earlier}.",
        next_action="Ask {partner} which of the two is meant; have the right one sent under a new control number.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="Two interchanges between the same parties have one control number. The first one had its effect; the "
        "second one has none. A TA1 with note 025 says so where the partner asks for a TA1.",
    ),
)

OTHERS = (
    HoldClass(
        "unknown_partner",
        about="file",
        origin="file",
        owner="it",
        severity="business_day",
        happened="a file lies in the inbox of a partner that has no usable folder",
        message="There is no usable partner folder partners/{partner}.",
        next_action="Add or correct the folder, then run `returns-gateway replay {intake_id}`.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The partner's folder is gone or wrong, so that nobody can say how its files are read. "
        "`returns-gateway check` names what is wrong with it. The bytes are kept; replay them when it is right.",
    ),
    HoldClass(
        "intake_failed",
        about="file",
        origin="file",
        owner="it",
        severity="urgent",
        happened="we could not process a file: ours, and nothing was sent for it",
        message="{name} from {partner} could not be processed: {trouble}",
        next_action="Find the cause, then run `returns-gateway replay {intake_id}`.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The file is more than the parser's limits take, or met an error of ours. Look at the gateway's log at "
        "the time of the intake. Nothing of the file had an effect, so a replay after the repair does all of it.",
    ),
    HoldClass(
        "meant_twice",
        about="file",
        origin="file",
        owner="customer_service",
        severity="business_day",
        happened="the same bytes of a flat file came again",
        message="{name} has the same bytes as intake {earlier} of {earlier_at}: was it meant twice?",
        next_action="Ask the partner. Resolve with `process` to take it as new, or `ignore` to leave it a duplicate.",
        answers=(
            Answer("process", "take_as_new", "The file is processed as a new one."),
            Answer("ignore", "leave_duplicate", "The file stays a duplicate without an effect."),
        ),
        runbook="A flat file has no control number that would say whether it is the same file again or new business "
        "with equal content. Ask the partner. A batch id in the file would answer this in future.",
    ),
    HoldClass(
        "rejected_unanswered",
        about="file",
        origin="file",
        owner="partner",
        severity="business_day",
        happened="a rejected interchange gets no acknowledgment that would tell the partner",
        message="Interchange {control_number} is rejected ({findings}), and no acknowledgment tells them.",
        next_action=_TELL,
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The envelope is wrong and asks for no TA1, so X12 has no word for the partner. Somebody must tell "
        "them what is wrong with the file.",
    ),
    HoldClass(
        "acknowledgment_unreadable",
        about="file",
        origin="file",
        owner="partner",
        severity="business_day",
        happened="a partner's acknowledgment cannot be read; acknowledgments are never acknowledged",
        message="Their acknowledgment cannot be read: {sets}.",
        next_action=_TELL,
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The partner answers what we sent with a 997, 999 or 824 that is itself wrong. What it acknowledges "
        "goes on waiting. Tell the partner, since no acknowledgment of an acknowledgment exists.",
    ),
)

ROWS = (*OTHERS, *REFUSED_INTERCHANGES, *(_unreadable(finding) for finding in UNREADABLE))
