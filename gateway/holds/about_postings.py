"""Holds about postings: what an ERP says of them, and what its import files cannot carry."""

from __future__ import annotations

from gateway.holds.answers import DISMISS, DONE, REPLAY
from gateway.holds.row import Answer, Case, HoldClass

OF_RETURNS = (
    HoldClass(
        "reversal_undecided",
        about="posting",
        origin="return",
        stage="erp",
        owner="finance",
        severity="business_day",
        happened="the ERP has posted a credit, replacement or goods receipt of which less is right by now; undoing it "
        "needs a word, beyond what [the policy](partners/README.md#rules-of-the-house) allows",
        next_action="decide whether the ERP is to undo what it has posted",
        answers=(
            Answer("reverse", "reverse_posted", "The reversal goes to the ERP: what it posted too much is taken back."),
            Answer(
                "keep",
                "keep_posted",
                "What the ERP has posted stays; the difference is settled outside, and reconciliation says so.",
            ),
        ),
        runbook="A correction came after the ERP had posted: a recount, another outcome, a changed request. The "
        "difference waits and is not sent. Look at what the partner was told and paid: a credit may have been used "
        "already, a replacement shipped. The policy's `reverse_posted_up_to` says up to which value nobody is asked.",
    ),
    HoldClass(
        "erp_refused",
        about="posting",
        origin="return",
        stage="erp",
        owner="finance",
        severity="business_day",
        happened="the ERP refused a posting; dropped, it is void, and what needs it with it: "
        "[settled outside the files](partners/README.md#6-agree-write-the-expectations-go-live)",
        next_action="correct the cause in the ERP, then retry or drop the posting",
        answers=(
            Answer("retry_posting", "retry_posting", "The posting goes out again in the next import file."),
            Answer("drop_posting", "drop_posting", "The posting is void, and so is what needs it."),
            DISMISS,
        ),
        runbook="The ERP's result file refuses the posting; the message has its code and text. Money goes to finance, "
        "stock to IT. Correct the cause in the ERP first: the same posting with the same key is sent again.",
    ),
    HoldClass(
        "erp_amount_differs",
        about="posting",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="the ERP says that it booked other money, or another currency, than a posting asks for",
        next_action="have the ERP corrected, or accept what it booked",
        answers=(
            Answer(
                "accept_erp",
                "nothing",
                "What the ERP booked stands; the difference is explained. It is asked again if the ERP says otherwise.",
            ),
        ),
        runbook="A result or a row of the credit register names an amount that is not the posting's. Look at the ERP's "
        "document: a price of its own, a tax, a rounding, a wrong currency. If the ERP corrects it, its next register "
        "closes the Hold by itself.",
    ),
    HoldClass(
        "erp_conflict",
        about="posting",
        origin="return",
        stage="erp",
        owner="it",
        severity="urgent",
        happened="the ERP says two things about one posting",
        next_action="compare the ERP's two answers about this posting",
        answers=(DISMISS,),
        runbook="One result says that the ERP posted it, another one says something else. Look the posting's key up in "
        "the ERP and see what is there. What the first result said stands here.",
    ),
    HoldClass(
        "erp_unknown_posting",
        about="posting",
        origin="return",
        stage="erp",
        owner="it",
        severity="urgent",
        happened="the ERP reports a posting that we never sent",
        next_action="find out what the ERP posted: we never sent this key",
        answers=(DISMISS,),
        unlisted=(DONE, REPLAY),
        runbook="A result row names a key that no posting of ours has, or one of another ERP. Look in the ERP who "
        "entered the document. A truncated or edited key in the ERP's export is the usual cause.",
    ),
)

OF_FILES = (
    HoldClass(
        "unrenderable",
        about="dispatch",
        origin="file",
        owner="it",
        severity="business_day",
        happened="a value does not fit the format of a file or of an ERP's import row; it is never cut",
        message="The {kind} for {partner} cannot be written in its format: {trouble}",
        next_action="Correct the value or the partner's layout, then send it by hand or replay the intake.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        cases={
            "posting": Case(
                about="posting",
                message="Posting {posting_key} cannot be written for {partner}: {trouble}",
                next_action="Correct the value or the import profile, then resolve with `retry`; or `void` if it is "
                "settled outside the ERP's import files.",
                answers=(
                    Answer("retry", "write_posting_again", "The posting is written again into the next import file."),
                    Answer("void", "void_posting", "The posting is never sent, and what needs it is void with it."),
                    DONE,
                ),
            )
        },
        runbook="A value is too long for its column, or has a character that the format cannot carry; the message "
        "names the field. Correct the data or the layout. `retry` and `void` answer a posting; a file that could not "
        "be written is made again by a replay.",
    ),
    HoldClass(
        "erp_result_unclear",
        about="posting",
        origin="file",
        owner="it",
        severity="urgent",
        happened="an ERP's result folders contradict one another about a batch",
        message="{verdict}: {partner} contradicts itself about batch {batch}, whose postings are neither posted nor "
        "refused by it.",
        next_action="Look in {partner} whether batch {batch} is there. Put a result file (generic-result) into "
        "inbox/{partner} that says so, then resolve with `done`.",
        answers=(REPLAY, DONE),
        unlisted=(DISMISS,),
        runbook="The ERP moved the import file to one folder and says the opposite by a marker or a status file. The "
        "postings stay delivered until a result file says what happened. Look in the ERP whether the batch is there.",
    ),
)
