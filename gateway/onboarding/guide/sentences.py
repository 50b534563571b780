"""What a partner's settings mean for its EDI team, in sentences."""

from __future__ import annotations

from gateway.partners import Partner
from translators.findings import CATALOGUE

_MEANING_180 = {
    "request": "asks us for a return: we answer every line",
    "authorization": "authorizes a return",
    "notice": "announces a return: no answer is expected",
}
_TA1 = {
    "never": "We send no TA1.",
    "on_request": "We send a TA1 when ISA14 is 1.",
    "on_error": "We send a TA1 when an interchange has errors in its envelope, and when ISA14 is 1.",
    "always": "We send a TA1 for every interchange.",
}


def envelope_rows(partner: Partner) -> list[tuple[str, str, str]]:
    """Element, what you write to us, what we write to you."""
    envelope = partner.profile.envelope
    marks = envelope.delimiters
    theirs = [str(isa_id).split("/", 1) for isa_id in partner.identity.isa_ids()]
    sender = " or ".join(f"{qualifier} / {id_}" for qualifier, id_ in theirs) or "—"
    ours = f"{envelope.our_qualifier} / {envelope.our_id}"
    groups = " or ".join(partner.identity.gs) or envelope.gs_theirs
    usage = "T" if partner.stage == "test" else "P"
    shown = "  ".join(
        f"{kind} {_visible(mark)}"
        for kind, mark in (
            ("element", marks.element),
            ("component", marks.component),
            ("repetition", marks.repetition),
            ("segment", marks.segment + marks.newline),
        )
        if mark
    )
    return [
        ("ISA05/06 sender", sender, ours),
        ("ISA07/08 receiver", ours, f"{envelope.their_qualifier} / {envelope.their_id}"),
        ("ISA13 control number", "unique for you and us; a used one with other content is held", "unique, ascending"),
        ("ISA14 asks for a TA1", "as you like", envelope.ack_requested),
        ("ISA15 usage", f"{usage}: stage {partner.stage}", envelope.usage),
        ("GS02 sender", groups, envelope.gs_ours),
        ("GS03 receiver", envelope.gs_ours, envelope.gs_theirs),
        ("GS08 release", "yours; read by the nearest guide we have", envelope.version),
        ("Separators", "any; read from your ISA", shown),
        ("Character set", partner.x12.charset, partner.x12.charset),
    ]


def _visible(mark: str) -> str:
    return (
        mark.replace("\r", "CR").replace("\n", " LF") if mark.isprintable() or "\n" in mark else f"0x{ord(mark[0]):02X}"
    )


def acknowledgment_words(partner: Partner) -> list[str]:
    """What we acknowledge, and what we expect to be acknowledged."""
    policy = partner.acknowledge
    if policy.send == "none":
        words = ["We send no functional acknowledgments."]
    else:
        listed = "every set" if policy.accepted_sets else "every set that has errors (accepted ones are only counted)"
        release = "the release of your group" if policy.version == "echo" else f"release {policy.version}"
        words = [
            f"Every functional group is answered by one {policy.send}, in {release}; "
            f"it lists {listed} with its errors.",
            "A set is accepted, accepted with errors, or rejected. Accepted sets of a group go on when others of it "
            "are rejected; correct and send again only what was rejected.",
        ]
    words.append(_TA1[policy.ta1])
    hours = partner.clocks.acknowledgment_hours
    if hours and any(
        str(getattr(partner.receives, kind)).startswith("x12:")
        for kind in ("return_answer", "expected_receipt", "vendor_request")
    ):
        words.append(f"We expect a 997 or 999 for every group of ours within {hours:g} hours.")
    if "180" in partner.sends.sets:
        words.append(
            f"A 180 that does not say whether it asks, answers or announces {_MEANING_180[partner.x12.meaning_180]}."
        )
    if "944" in partner.sends.sets:
        includes = "includes" if partner.x12.w07_includes_exceptions else "does not include"
        words.append(f"The quantity received of a 944 line (W0701) {includes} the quantities of its W13 segments.")
    return words


def tolerated_words(partner: Partner) -> list[str]:
    """Deviations that do not reject a set."""
    codes = () if partner.x12.strict else partner.profile.tolerate
    return [CATALOGUE[code].title for code in codes if code in CATALOGUE]


def duplicate_words(partner: Partner) -> list[str]:
    """What happens to the same file twice."""
    again = {
        "acknowledge_again": "gets the same acknowledgment again and has no second effect",
        "skip": "is noted and has no effect",
        "hold": "is held until somebody has asked you",
    }
    words = []
    if partner.identity.isa:
        words.append(f"The same X12 file again {again[partner.duplicates.same_bytes]}.")
        words.append("Another content under an interchange control number that was used before is held.")
    if partner.sends.layouts:
        words.append(f"The same flat file again {again[partner.duplicates.same_flat_bytes]}.")
    return words


def delivery_words(partner: Partner) -> list[tuple[str, str]]:
    """How files travel, each way. Accounts are named, never secrets."""
    return [
        ("You to us", partner.transport.inbound.sentence(partner.collect.marker)),
        ("We to you", partner.transport.outbound.sentence()),
        ("While writing", f"names like {', '.join(partner.collect.ignore)} are not taken"),
        ("Times", f"are in {partner.time_zone} where a file does not say"),
    ]
