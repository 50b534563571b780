"""Holds about the goods of a return: on their way, here, inspected, or not what was expected."""

from __future__ import annotations

from gateway.holds.answers import (
    ASSIGN,
    DISMISS,
    IDENTIFY,
    KEEP,
    REJECT_GOODS,
    SEND_BACK,
)
from gateway.holds.row import Answer, HoldClass

ROWS = (
    HoldClass(
        "unexpected_item",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="goods came, or are on their way, on a line with nothing authorized, or came as another item than the "
        "line's",
        next_action="accept the item onto the return, say which line or item it is, or reject it",
        answers=(
            Answer("accept_unexpected", "authorize_what_came", "What came is authorized, and credited in its turn."),
            ASSIGN,
            IDENTIFY,
            SEND_BACK,
            KEEP,
            REJECT_GOODS,
            DISMISS,
        ),
        unlisted=(Answer("accept", "authorize_what_came", "What came is authorized, and credited in its turn."),),
        runbook="The warehouse or a shipping notice names goods that the return does not authorize. Compare the item "
        "with the lines of the request: a substitute or a wrong label is often a line under another name. Nothing is "
        "credited or booked until somebody says what the goods are; goods that came as another item than the line's "
        "have no item until `identify` names it.",
    ),
    HoldClass(
        "carrier_exception",
        about="return",
        origin="return",
        stage="shipment",
        owner="customer_service",
        severity="business_day",
        happened="a carrier reports that a parcel is not delivered as planned: damaged, refused, late, not found",
        next_action="ask the carrier; say `lost` if the goods will not come",
        answers=(
            Answer("lost", "close_parcel_short", "What is in the parcel and has not come is closed short."),
            DISMISS,
        ),
        runbook="The carrier's last word on the parcel is an exception; the message has carrier, tracking number, "
        "place and reason. Ask the carrier what becomes of it and tell the partner. A later event of the parcel or the "
        "receipt of the goods closes the Hold.",
    ),
    HoldClass(
        "unassigned_goods",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="goods came without a word of which return they are",
        next_action="make a return of them, say of which return they are, or refuse them",
        answers=(
            Answer(
                "create_return",
                "create_return",
                "The goods are a return of this partner, judged by its policy as if it had asked for them.",
                needs="partner=NAME [order=NUMBER]",
            ),
            Answer(
                "assign",
                "assign_goods",
                "The receipt is decided again as one of this return.",
                needs="return=NUMBER",
            ),
            Answer("refuse", "refuse_goods", "The goods go back to their sender; the ledger does not have them."),
        ),
        runbook="The warehouse booked in goods whose receipt names no return of ours: no RMA, no request, no shipment. "
        "The message says what came and which numbers the receipt has. Ask the sender or look for the order by "
        "purchase order, item or serial number. Nothing is credited before somebody says what the goods are; a request "
        "that comes meanwhile for the same purchase order and item takes them by itself.",
    ),
    HoldClass(
        "cancelled_after_receipt",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="goods came that the partner has cancelled; what has not come is cancelled without a question",
        next_action="say whether the return stands for what came, or the goods go back",
        answers=(
            Answer(
                "keep_return", "keep_cancelled_goods", "The return stands for what came: it is credited in its turn."
            ),
            Answer(
                "send_back",
                "send_cancelled_goods_back",
                "What came goes back to its sender; what was credited and booked of it is taken back.",
            ),
            Answer(
                "keep_without_credit",
                "keep_cancelled_without_credit",
                "What came stays in stock; a credit of it is taken back.",
            ),
        ),
        runbook="The partner took its request back, or a part of it, and the goods stand in the building: they came "
        "before the cancellation, or in spite of it. Nothing that the ERP has posted is undone before somebody says "
        "what happens. Ask the partner: most often the return stands. It is answered when this is decided.",
    ),
    HoldClass(
        "unknown_line",
        about="return",
        origin="return",
        stage="inspection",
        owner="warehouse",
        severity="business_day",
        happened="an inspection names an item or line that the return does not have",
        next_action="say which line it is, that nobody asked for it, or reject it",
        answers=(
            ASSIGN,
            Answer("unexpected", "nothing", "Nobody asked for it: the inspection waits for its receipt."),
            REJECT_GOODS,
            DISMISS,
        ),
        runbook="An inspection report speaks of an item that was neither asked for nor received on this return. Look "
        "at the report's reference: it may belong to another return, or name a line by another number.",
    ),
    HoldClass(
        "disposition_missing",
        about="return",
        origin="return",
        stage="disposition",
        owner="warehouse",
        severity="business_day",
        happened="goods are inspected, and nobody has said what becomes of them",
        next_action="say what becomes of the goods: each outcome with its quantity",
        answers=(
            Answer(
                "dispose",
                "dispose_goods",
                "The inspected units get their outcomes, and the postings follow.",
                needs="OUTCOME=QUANTITY ...",
            ),
            DISMISS,
        ),
        runbook="Units are inspected, but neither the inspection nor the policy says what becomes of them. Read the "
        "condition in the inspection and decide, for example `restock=8 scrap=2`. A later inspection that says it "
        "closes the Hold by itself.",
    ),
    HoldClass(
        "over_received",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="more came than was authorized; the surplus is not booked until somebody decides",
        next_action="accept the surplus, send it back, keep it without credit, or reject it",
        answers=(
            Answer("accept", "authorize_what_came", "The surplus is authorized, booked and credited in turn."),
            SEND_BACK,
            KEEP,
            Answer(
                "reject",
                "withdraw_surplus",
                "What documents said of the surplus, its inspection too, is withdrawn: it is not ours.",
            ),
            DISMISS,
        ),
        unlisted=(
            Answer("accept_over", "authorize_what_came", "The surplus is authorized, booked and credited in turn."),
        ),
        runbook="The receipts count more units than the return authorizes, beyond the policy's tolerance: often the "
        "same goods under a second number. Ask the warehouse whether the count is right, and the partner whether the "
        "surplus was meant. Only what was authorized is booked and credited; the units that came last wait.",
    ),
    HoldClass(
        "wrong_site",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="goods came, or were inspected, at another site than the one they were sent to, or at one that nobody "
        "knows; they are not booked until somebody says where they are",
        next_action="say whether the goods stay there, go on to where they were sent, or never were there",
        answers=(
            Answer("accept", "settle_site", "The goods are booked at the site that the document names."),
            Answer(
                "transfer",
                "settle_site",
                "They are booked there, and moved from there to the site that they were sent to.",
            ),
            Answer("dismiss", "settle_site", "The site named is wrong: they are booked where they were sent."),
        ),
        runbook="The warehouse's document names a site, and the partner was told to send the goods to another one. Ask "
        "the warehouse where the goods are. The answer holds for all goods of the line at that site; `wrong_site = "
        '"accept"` in a policy books goods wherever they come without asking.',
    ),
    HoldClass(
        "not_taken_in",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="goods came, and the warehouse did not take them in: rejected, sent back, or not processed",
        next_action="agree with the warehouse and the partner on what becomes of the goods, then dismiss this",
        answers=(DISMISS,),
        runbook="The warehouse's receipt says that it rejected units, sent them back, or could not process them. They "
        "are no receipt, and the line still waits for its goods. A corrected or further receipt books what is taken in "
        "after all; what never comes is closed short.",
    ),
    HoldClass(
        "short_received",
        about="return",
        origin="return",
        stage="receipt",
        owner="customer_service",
        severity="business_day",
        happened="the receipt is final, and less came than was shipped (or authorized, without a notice)",
        next_action="close the line short, or ask the warehouse for a recount",
        answers=(
            Answer(
                "close_short",
                "close_line_short",
                "The missing units are not waited for, and not credited; those credited in advance are charged back.",
            ),
            DISMISS,
        ),
        runbook="The warehouse says that the receipt is complete, and units are missing. Ask for a recount, or look at "
        "the carrier's proof of delivery. A corrected receipt closes the Hold by itself.",
    ),
    HoldClass(
        "inspection_exceeds_received",
        about="return",
        origin="return",
        stage="inspection",
        owner="warehouse",
        severity="business_day",
        happened="more was inspected than came, under whatever numbers",
        next_action="correct the receipt or the inspection: more was inspected than came",
        answers=(DISMISS,),
        runbook="An inspection or an outcome claims more units than the receipts: often the same units inspected again "
        "under another number. One of the documents is wrong: have the warehouse send it again with the right "
        "count, or cancel it. What does not fit has no effect until then; a further receipt sets it free.",
    ),
    HoldClass(
        "outcome_cannot_follow",
        about="return",
        origin="return",
        stage="disposition",
        owner="warehouse",
        severity="business_day",
        happened="goods are said to leave an outcome that they do not have, or for one that may not follow it",
        next_action="have the inspection corrected, or withdraw what it says of these goods",
        answers=(
            Answer("withdraw", "withdraw_outcome", "What was said here has no effect, now or later."),
            DISMISS,
        ),
        runbook="A later inspection, or a person, moves goods on from an outcome, as out of quarantine. Either not so "
        "many of the line stand there, or the policy does not let the new outcome follow (`then` of the disposition). "
        "Nothing of it is booked. Have the warehouse send it again as it should be, or change the policy.",
    ),
)
