"""Names of the envelope's segments and elements, for people; the guides have those of the transaction sets."""

from __future__ import annotations

# Segment id → name, and per element (data element number, name).
ENVELOPE_NAMES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "ISA": (
        "Interchange header",
        (
            ("I01", "Authorization qualifier"),
            ("I02", "Authorization"),
            ("I03", "Security qualifier"),
            ("I04", "Security"),
            ("I05", "Sender id qualifier"),
            ("I06", "Sender id"),
            ("I05", "Receiver id qualifier"),
            ("I07", "Receiver id"),
            ("I08", "Date"),
            ("I09", "Time"),
            ("I65", "Standards id or repetition separator"),
            ("I11", "Control version"),
            ("I12", "Interchange control number"),
            ("I13", "Acknowledgment requested"),
            ("I14", "Usage"),
            ("I15", "Component separator"),
        ),
    ),
    "TA1": (
        "Interchange acknowledgment",
        (
            ("I12", "Interchange control number"),
            ("I08", "Interchange date"),
            ("I09", "Interchange time"),
            ("I17", "Acknowledgment code"),
            ("I18", "Note code"),
        ),
    ),
    "GS": (
        "Functional group header",
        (
            ("479", "Functional identifier"),
            ("142", "Application sender"),
            ("124", "Application receiver"),
            ("373", "Date"),
            ("337", "Time"),
            ("28", "Group control number"),
            ("455", "Responsible agency"),
            ("480", "Version"),
        ),
    ),
    "GE": ("Functional group trailer", (("97", "Number of sets"), ("28", "Group control number"))),
    "IEA": ("Interchange trailer", (("I16", "Number of groups"), ("I12", "Interchange control number"))),
    "ST": (
        "Transaction set header",
        (("143", "Transaction set id"), ("329", "Set control number"), ("1705", "Implementation convention")),
    ),
    "SE": ("Transaction set trailer", (("96", "Number of segments"), ("329", "Set control number"))),
}

# The names of sets (143) and functional groups (479) are the sets' own: `sets.table.code_names`.
ENVELOPE_CODES: dict[tuple[str, str], str] = {
    ("I01", "00"): "none",
    ("I03", "00"): "none",
    ("I03", "01"): "password",
    ("I05", "01"): "D-U-N-S number",
    ("I05", "02"): "carrier code",
    ("I05", "07"): "location number",
    ("I05", "08"): "communications id",
    ("I05", "12"): "telephone number",
    ("I05", "14"): "D-U-N-S number and suffix",
    ("I05", "16"): "D-U-N-S number and four characters",
    ("I05", "30"): "tax id",
    ("I05", "ZZ"): "mutually defined",
    ("I13", "0"): "no",
    ("I13", "1"): "yes",
    ("I14", "P"): "production",
    ("I14", "T"): "test",
    ("I14", "I"): "information",
    ("I17", "A"): "accepted",
    ("I17", "E"): "accepted, errors noted",
    ("I17", "R"): "rejected",
    ("455", "X"): "ASC X12",
    ("455", "T"): "TDCC",
}
