"""Holds about files that we send: not delivered, or not taken by the partner; and what a pilot keeps back."""

from __future__ import annotations

from gateway.holds.answers import DISMISS, DONE, REPLAY, SEND_AGAIN, VOID_FILE
from gateway.holds.row import Answer, Case, HoldClass

_RELEASE = Answer("release", "release_pilot", "What was prepared goes out.")
_VOID_PILOT = Answer("void", "void_pilot", "What was prepared is never sent; postings that need it are void with it.")

ROWS = (
    HoldClass(
        "out_conflict",
        about="dispatch",
        origin="file",
        owner="it",
        severity="urgent",
        happened="another file with our name is where a file of ours should go",
        message="{name} for {partner} cannot be delivered: {trouble}",
        next_action="{remedy}",
        answers=(SEND_AGAIN, VOID_FILE),
        unlisted=(DONE, DISMISS, REPLAY),
        runbook="Files are never overwritten. Look at the file that is there: if it is ours from before, void this "
        "one; if it is somebody else's, move it away and send again. Files behind this one go on.",
    ),
    HoldClass(
        "dispatch_failed",
        about="dispatch",
        origin="file",
        owner="it",
        severity="urgent",
        happened="a file of ours cannot leave: its name is unsafe, or its archived bytes are gone or damaged",
        message="{name} for {partner} cannot be delivered: {trouble}",
        next_action="{remedy}",
        answers=(SEND_AGAIN, VOID_FILE),
        unlisted=(DONE, DISMISS, REPLAY),
        runbook="The file will not go by itself, however often it is tried. Do what the next action says, then send it "
        "again. Files behind this one go on.",
    ),
    HoldClass(
        "partner_rejected",
        about="dispatch",
        origin="file",
        owner="it",
        severity="business_day",
        happened="a partner's acknowledgment (997, 999, 824, TA1) rejects a file of ours",
        message="{partner} rejected {name}: {verdict}",
        next_action="Correct what they name (guide overlay, crosswalk or data) and send the document again.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The partner could not take what we sent; the message has their words, set by set. Look at the file's "
        "page for the bytes. Correct the cause, have the document sent again, then resolve with `done`.",
    ),
    HoldClass(
        "ack_unmatched",
        about="dispatch",
        origin="file",
        owner="it",
        severity="business_day",
        happened="a partner acknowledges something that we did not send them",
        message="{partner} acknowledges {acknowledged}, which we did not send them: {verdict}",
        next_action="Compare with the partner which of our files they mean, then resolve.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="No file of ours to this partner has the control number that the acknowledgment names. A wrong "
        "mailbox, or a number that their translator cut, is the usual cause. The file that they mean goes on waiting.",
    ),
    HoldClass(
        "pilot_release",
        about="pilot",
        origin="file",
        owner="it",
        severity="business_day",
        happened="what a partner in stage pilot causes is prepared and waits: a file, or the postings of a return",
        message="{what} for {receiver} ({name}) waits: {partner} is in stage pilot",
        next_action="Look at the file; resolve with `release` to send it, or `void` to never send it.",
        answers=(_RELEASE, _VOID_PILOT),
        cases={
            "postings": Case(
                about="pilot",
                message="Postings for {destination} are ready and wait: {pilot} is in stage pilot",
                next_action="Look at the postings; resolve with `release` to let those that are ready go, or `void` to "
                "never send them: what needs them is void, too.",
                answers=(_RELEASE, _VOID_PILOT),
            )
        },
        runbook="Stage pilot means that documents are real and a person looks at what they cause before it goes out. "
        "Compare the file or the postings with what the partner expects. When the pilot ends, what still waits flows.",
    ),
)
