"""Holds about broken promises: a clock of this class was breached. Each closes when what was promised happens."""

from __future__ import annotations

from gateway.holds.answers import CLAIM_AGAIN, DISMISS, DONE, WAIT_FOR_CREDIT, WRITE_OFF
from gateway.holds.row import Answer, HoldClass

OF_FILES = (
    HoldClass(
        "acknowledgment_overdue",
        about="promise",
        origin="file",
        clock="acknowledgment",
        owner="partner",
        severity="business_day",
        happened="a partner has not acknowledged a file of ours in time",
        message="{partner} has not acknowledged {promised}, sent {since}; it was due {due}.",
        next_action="Ask {partner} whether the file came and was read. A late acknowledgment resolves this by itself.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="We have delivered the file and heard nothing, or only a TA1. Ask the partner whether it came; a file "
        "that was lost is sent again by hand.",
    ),
    HoldClass(
        "pickup_overdue",
        about="promise",
        origin="file",
        clock="pickup",
        owner="it",
        severity="business_day",
        happened="an ERP has not taken a batch out of its outbox folder in time",
        message="{partner} has not taken batch {promised} out of its outbox folder since {since}; it was due {due}.",
        next_action="Look whether the ERP's import job runs. Taking the file resolves this by itself.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="The import file still lies in the outbox folder. Look whether the ERP's import job runs and looks "
        "into this folder.",
    ),
    HoldClass(
        "partner_silent",
        about="promise",
        origin="file",
        clock="silence",
        owner="partner",
        severity="business_day",
        happened="no file came from a partner for longer than agreed",
        message="No file came from {partner} since {since}; one was due {due}.",
        next_action="Ask {partner} whether they sent any. The next file resolves this by itself.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="The partner's folder says how often files are to come, and none has. Ask the partner, and look "
        "whether the transport can still log in.",
    ),
    HoldClass(
        "erp_result_overdue",
        about="promise",
        origin="file",
        clock="erp_result",
        owner="it",
        severity="business_day",
        happened="an ERP has said nothing about a batch in time",
        message="{partner} has said nothing about batch {promised}, which it has since {since}; it was due {due}.",
        next_action="Look at the ERP's import log. A result file resolves this by itself.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="The ERP has the batch and has not answered for all of its postings. Look at its import log, and "
        "whether its results are exported.",
    ),
)

OF_RETURNS = (
    HoldClass(
        "answer_overdue",
        about="promise",
        origin="return",
        clock="answer",
        owner="customer_service",
        severity="business_day",
        happened="a request waits for our answer longer than promised",
        message="{promised} of {partner} waits for our answer since {since}; it was due {due}.",
        next_action="Decide the lines that are on hold.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="Lines of the request wait for a decision of ours, each with a Hold of its own. Decide those; this "
        "Hold closes with the answer.",
    ),
    HoldClass(
        "receipt_overdue",
        about="promise",
        origin="return",
        clock="receipt",
        owner="warehouse",
        severity="business_day",
        happened="goods are on their way longer than promised",
        message="{promised} of {partner} is on its way since {since}; its receipt was due {due}.",
        next_action="Ask the carrier where the goods are, and the warehouse whether they came.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="A shipping notice says that goods are under way, and no receipt has come. Ask the carrier and the "
        "warehouse; a final receipt closes the Hold.",
    ),
    HoldClass(
        "delivered_not_received",
        about="promise",
        origin="return",
        clock="delivered",
        owner="warehouse",
        severity="business_day",
        happened="a carrier delivered a parcel, and no receipt of it came in time",
        message="{promised} of {partner} was delivered, known since {since}; its receipt was due {due}.",
        next_action="Ask the warehouse for the parcel, with the carrier's proof of delivery.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="The carrier says that the parcel was delivered, and the warehouse has not booked it in. Ask the "
        "carrier for the proof of delivery and the warehouse to look for the parcel. A receipt closes the Hold.",
    ),
    HoldClass(
        "carrier_exception_overdue",
        about="promise",
        origin="return",
        clock="exception",
        owner="customer_service",
        severity="urgent",
        happened="a carrier's exception is neither cleared nor answered in time",
        message="{promised} of {partner} has had an exception since {since}; it was due to be cleared {due}.",
        next_action="Settle it with the carrier, or say that the goods are lost (carrier_exception).",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="The parcel is still not moving. Claim it from the carrier, and answer the Hold carrier_exception with "
        "`lost` if the goods will not come. A later event of the parcel or a receipt closes the Hold.",
    ),
    HoldClass(
        "inspection_overdue",
        about="promise",
        origin="return",
        clock="inspection",
        owner="warehouse",
        severity="business_day",
        happened="received goods are not inspected in time",
        message="{promised} of {partner} is received and not inspected since {since}; it was due {due}.",
        next_action="Ask the warehouse for the inspection.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="Goods are received, and the inspection is late. Ask the warehouse; the inspection report closes the "
        "Hold.",
    ),
    HoldClass(
        "next_outcome_overdue",
        about="promise",
        origin="return",
        stage="disposition",
        clock="next_outcome",
        owner="warehouse",
        severity="business_day",
        happened="goods stand in an outcome where they may not stay (quarantine, repair) longer than promised",
        message="{promised} of {partner} has goods in {outcome} since {since}; their next outcome was due {due}.",
        next_action="Say what becomes of the goods: each outcome with its quantity.",
        answers=(
            Answer(
                "dispose",
                "move_goods_on",
                "The goods leave the outcome that they stand in, and the postings follow.",
                needs="OUTCOME=QUANTITY ...",
            ),
            DONE,
        ),
        unlisted=(DISMISS,),
        runbook="Goods were put into quarantine, refurbishment or repair, and nothing has been said since. Find out "
        "how they are, then decide, for example `restock=2`; with several lines say which, as `line=2`. A later "
        "inspection that moves them on closes the Hold.",
    ),
    HoldClass(
        "credit_overdue",
        about="promise",
        origin="return",
        clock="credit",
        owner="finance",
        severity="business_day",
        happened="a line is not credited in time",
        message="{promised} of {partner} is to be credited since {since}; it was due {due}.",
        next_action="Look at the return's credit posting and at what it waits for.",
        answers=(DONE,),
        unlisted=(DISMISS,),
        runbook="The line is due to be credited, and the ERP has not posted the credit. Look at the posting: it may "
        "wait for another posting, a window, or the ERP's result.",
    ),
    HoldClass(
        "vendor_credit_overdue",
        about="promise",
        origin="return",
        clock="vendor_credit",
        owner="finance",
        severity="business_day",
        happened="a supplier that takes goods back has not credited them in time",
        message="A supplier owes money for {promised} of {partner} since {since}; it was due {due}.",
        next_action="Claim the money again, wait for it longer, or write it off.",
        answers=(CLAIM_AGAIN, WAIT_FOR_CREDIT, WRITE_OFF),
        unlisted=(DONE, DISMISS),
        runbook="The supplier allowed the goods to go back, and what we claim for them is not credited. The return's "
        "page says how much of which claim is open. A credit note closes the Hold; the money that is written off "
        "stays in the reconciliation as such.",
    ),
    HoldClass(
        "advance_not_returned",
        about="return",
        origin="return",
        clock="advance",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="goods that were credited or replaced in advance have not come back in time",
        message="{promised} of {partner} was credited or replaced in advance {since}, and its goods have not all come "
        "back; they were due {due}.",
        next_action="charge the partner for what did not come, give it more time, or write it off",
        answers=(
            Answer("charge_back", "charge_back", "What has not come is not waited for, and the partner is charged."),
            Answer("extend", "extend", "The goods are waited for until the end of that day.", needs="date=YYYY-MM-DD"),
            Answer("write_off", "write_off", "What has not come is not waited for, and nobody is charged."),
        ),
        runbook="The partner has its money or its new goods, and we have nothing: the page of the return says how "
        "much is at stake. Ask the partner where the goods are. Goods that come after they were charged back take the "
        "charge back by themselves; a receipt of all of them closes the Hold.",
    ),
)
