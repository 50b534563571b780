"""The closed catalogue of findings: what can be wrong with a partner's file, each with a stable code.

A Finding is data, never an exception: it is the partner's problem, and an acknowledgment or a report tells them.
People search for the codes, so a code never changes its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, NotRequired, TypedDict, Unpack

Severity = Literal["error", "warning", "note"]
Level = Literal["file", "interchange", "group", "set", "segment", "element", "row"]


class FindingKind(NamedTuple):
    """One row of the catalogue. `ack_code` is the TA105, AK905, AK502, AK304 or AK403 code its level maps to."""

    code: str
    level: Level
    severity: Severity
    ack_code: str
    title: str


class FindingJson(TypedDict):
    """A finding as `translate` prints it and the store keeps it."""

    code: str
    severity: Severity
    segment: str
    position: int
    element: int
    component: int
    ack_code: str
    value: str
    message: str
    column: NotRequired[str]
    loop: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place.

    `position` counts segments from ST = 1 (X12) or rows from 1 (flat files); `element` and `component` count from 1,
    0 = the whole segment; `repeat` counts the occurrences of a repeated element. `trigger` is the element (in a
    composite, the component) whose presence asks for this one or excludes it. `column` names a flat file's column.
    `ack_code` is the AK3/AK4/AK5 (IK) code.
    """

    code: str
    severity: Severity
    message: str
    segment: str = ""
    position: int = 0
    element: int = 0
    component: int = 0
    repeat: int = 0
    trigger: int = 0
    ack_code: str = ""
    value: str = ""
    column: str = ""
    data_element: str = ""
    loop: str = ""

    def as_json(self) -> FindingJson:
        """The stable shape printed by `translate`; `column` and `loop` only where they say something."""
        shown: FindingJson = {
            "code": self.code,
            "severity": self.severity,
            "segment": self.segment,
            "position": self.position,
            "element": self.element,
            "component": self.component,
            "ack_code": self.ack_code,
            "value": self.value,
            "message": self.message,
        }
        if self.column:
            shown["column"] = self.column
        if self.loop:
            shown["loop"] = self.loop
        return shown


def _kinds(*rows: tuple[str, Level, Severity, str, str]) -> dict[str, FindingKind]:
    return {code: FindingKind(code, level, severity, ack, title) for code, level, severity, ack, title in rows}


# Codes and notes: X12 997 (DE 715-723), TA1 (DE I18). One row per finding; the X12 engine and the flat readers
# construct findings only from here, through `new_finding`.
CATALOGUE: dict[str, FindingKind] = _kinds(
    # the file
    ("empty_file", "file", "error", "", "The file has no bytes"),
    ("not_recognised", "file", "error", "", "Neither X12 nor a flat layout of this partner"),
    (
        "no_interchange",
        "file",
        "error",
        "",
        "There is no ISA segment: transaction sets need an interchange around them",
    ),
    ("too_large", "file", "error", "", "The file is larger than the limit"),
    ("charset", "file", "error", "", "The bytes are not text in the declared character set"),
    ("byte_order_mark", "file", "note", "", "A byte order mark stands before the data"),
    ("trailing_data", "file", "warning", "", "There is text after the end of the interchange"),
    ("unknown_partner", "file", "error", "", "No partner folder claims this sender"),
    ("no_layout", "file", "error", "", "No layout of this partner fits the file's name and header"),
    ("ambiguous_layout", "file", "error", "", "More than one layout fits the file"),
    ("leading_data", "file", "warning", "", "There is text before the first interchange"),
    ("transcoded", "file", "note", "", "The file is not in a single-byte ASCII encoding; it was converted"),
    ("unreadable_header", "file", "error", "", "There is an ISA, but its parts cannot be told apart"),
    (
        "too_many_interchanges",
        "file",
        "error",
        "",
        "The file has more interchanges than the limit; the rest is not read",
    ),
    ("too_many_sets", "file", "error", "", "The file has more transaction sets than the limit; the rest is not read"),
    # the interchange: ack_code is the TA105 note; a warning makes TA104 E, an error R
    (
        "isa_length",
        "interchange",
        "error",
        "022",
        "The ISA is not 106 characters: elements are not of their fixed width",
    ),
    ("isa_component_separator_missing", "interchange", "error", "027", "ISA16, the component separator, is missing"),
    ("isa_terminator", "interchange", "error", "004", "The segment terminator is not usable"),
    ("isa_element_separator", "interchange", "error", "026", "The element separator is not usable"),
    ("isa_component_separator", "interchange", "error", "027", "The component separator is not usable"),
    ("isa_wrapped", "interchange", "error", "022", "Lines are broken where no segment ends"),
    ("isa_authorization_qualifier", "interchange", "error", "010", "ISA01 is not a known authorization qualifier"),
    ("isa_security_qualifier", "interchange", "error", "012", "ISA03 is not a known security qualifier"),
    ("isa_sender_qualifier", "interchange", "error", "005", "ISA05 is not a known id qualifier"),
    ("isa_sender_id", "interchange", "error", "006", "ISA06, the sender id, is empty"),
    ("isa_receiver_qualifier", "interchange", "error", "007", "ISA07 is not a known id qualifier"),
    ("isa_receiver_id", "interchange", "error", "008", "ISA08, the receiver id, is empty"),
    ("isa_sender_unknown", "interchange", "warning", "006", "The sender is not this partner"),
    ("isa_receiver_unknown", "interchange", "warning", "009", "The receiver is not us"),
    ("isa_date", "interchange", "error", "014", "ISA09 is not a date YYMMDD"),
    ("isa_time", "interchange", "error", "015", "ISA10 is not a time HHMM"),
    ("isa_standards_id", "interchange", "error", "016", "ISA11 is neither U nor a repetition separator"),
    ("isa_repetition_off", "interchange", "note", "", "ISA11 cannot be a repetition separator: repetition is off"),
    ("isa_version", "interchange", "error", "017", "ISA12 is not a control version"),
    ("isa_control_number", "interchange", "error", "018", "ISA13 is not a control number of nine digits"),
    ("isa_ack_requested", "interchange", "warning", "019", "ISA14 is not 0 or 1"),
    ("isa_usage", "interchange", "warning", "020", "ISA15 is not P, T or I"),
    ("iea_missing", "interchange", "error", "023", "The interchange ends without its IEA"),
    ("iea_control_number", "interchange", "warning", "001", "IEA02 is not the control number of the ISA"),
    ("iea_group_count", "interchange", "warning", "021", "IEA01 is not the number of groups"),
    ("interchange_duplicate", "interchange", "error", "025", "The control number was used in another interchange"),
    ("no_group", "interchange", "error", "024", "There is no functional group in the interchange"),
    ("set_outside_group", "interchange", "error", "024", "A transaction set stands outside of any functional group"),
    ("stray_segment", "interchange", "error", "022", "Segments stand where only envelope segments may"),
    ("control_number_padding", "interchange", "note", "", "Header and trailer numbers differ in their zeros only"),
    ("ta1_unreadable", "interchange", "warning", "024", "A TA1 segment does not have its five elements"),
    # the functional group: ack_code is the AK905 code; an error rejects the group
    ("group_functional_id", "group", "error", "1", "The functional group (GS01) is not one that we process"),
    ("group_version", "group", "error", "2", "The version (GS08) is not one that we process"),
    ("group_version_nearest", "group", "note", "", "The version (GS08) is read with the nearest guide we have"),
    ("group_header", "group", "warning", "", "An element of the GS is not as the standard has it"),
    ("ge_missing", "group", "error", "3", "The group ends without its GE"),
    ("ge_control_number", "group", "error", "4", "GE02 is not the control number of the GS"),
    ("ge_set_count", "group", "error", "5", "GE01 is not the number of transaction sets"),
    ("group_control_number", "group", "error", "6", "GS06 is not a control number of one to nine digits"),
    ("group_number_padding", "group", "note", "", "GS06 and GE02 differ in their zeros only"),
    ("group_duplicate", "group", "error", "19", "GS06 is used twice in the interchange"),
    ("group_stray_segment", "group", "error", "", "Segments stand between transaction sets"),
    # the transaction set: ack_code is the AK502 code
    ("set_unknown", "set", "error", "1", "The transaction set is not one that we process"),
    ("set_id", "set", "error", "6", "The transaction set id (ST01) is missing or not valid"),
    ("set_control_number", "set", "error", "7", "The set control number (ST02) is missing or not valid"),
    ("set_not_in_group", "set", "error", "6", "The transaction set does not belong into this functional group"),
    ("se_missing", "set", "error", "2", "The transaction set ends without its SE"),
    ("se_control_number", "set", "error", "3", "SE02 is not the control number of the ST"),
    ("se_segment_count", "set", "error", "4", "SE01 is not the number of segments"),
    ("set_number_padding", "set", "note", "", "A control number or count differs in its zeros only"),
    ("set_duplicate", "set", "error", "23", "ST02 is used twice in the group"),
    ("set_too_long", "set", "error", "5", "The transaction set is longer than the limit"),
    ("segment_too_long", "set", "error", "5", "A segment is longer than the limit"),
    ("too_many_findings", "set", "note", "", "The set has more findings than are listed"),
    ("group_rejected", "set", "error", "", "Its functional group was rejected as a whole"),
    ("interchange_rejected", "set", "error", "", "Its interchange was rejected as a whole"),
    ("segment_untidy", "set", "note", "", "Blanks, line breaks or empty segments between segments were passed over"),
    ("segment_id_case", "set", "note", "", "Segment ids are in lower case; read as upper case"),
    ("other_shape", "set", "note", "", "The set has the shape of another release (lines in or out of LX loops)"),
    # segments of a set: ack_code is the AK304 code
    ("segment_unknown", "segment", "error", "1", "There is no such segment in X12"),
    ("segment_unexpected", "segment", "error", "2", "The segment belongs into a loop that is not open here"),
    ("segment_forbidden", "segment", "error", "2", "The partner's guide does not use this segment"),
    ("segment_missing", "segment", "error", "3", "A mandatory segment is missing"),
    ("loop_too_many", "segment", "error", "4", "The loop occurs too often"),
    ("segment_too_many", "segment", "error", "5", "The segment occurs too often"),
    ("segment_not_in_set", "segment", "error", "6", "This transaction set does not have the segment"),
    ("segment_out_of_sequence", "segment", "error", "7", "The segment is not in its place"),
    # elements: ack_code is the AK403 code
    ("element_missing", "element", "error", "1", "A mandatory element is missing"),
    ("element_condition", "element", "error", "2", "An element is missing that others here ask for"),
    ("too_many_elements", "element", "error", "3", "The segment has more elements than its definition"),
    ("element_too_short", "element", "error", "4", "The value is too short"),
    ("element_too_long", "element", "error", "5", "The value is too long"),
    ("bad_character", "element", "error", "6", "The value has a character that its type does not allow"),
    ("bad_code", "element", "error", "7", "The value is not one of the element's codes"),
    ("invalid_date", "element", "error", "8", "The value is not a date"),
    ("invalid_time", "element", "error", "9", "The value is not a time"),
    ("element_excluded", "element", "error", "10", "The element may not be there together with another"),
    ("element_forbidden", "element", "error", "10", "The partner's guide does not use this element"),
    ("too_many_repetitions", "element", "error", "12", "The element is repeated more often than it may be"),
    ("too_many_components", "element", "error", "13", "The composite has more components than its definition"),
    # deviations inside a set that a partner who is not strict may be forgiven: without that, errors
    ("trailing_separators", "element", "error", "3", "Separators stand behind the last value"),
    ("trailing_blanks", "element", "error", "6", "Blanks stand behind the value"),
    ("blank_element", "element", "error", "6", "The element holds blanks only; read as empty"),
    ("decimal_point_in_n2", "element", "error", "6", "A decimal point stands in a number with implied decimals"),
    ("short_date", "element", "error", "4", "The date has a year of two digits"),
    ("national_character", "element", "error", "6", "The value has a letter outside of the X12 character set"),
    # flat rows
    ("missing_column", "file", "error", "", "A column that the layout needs is missing"),
    ("unknown_column", "file", "warning", "", "The file has a column that the layout does not know"),
    ("duplicate_column", "file", "error", "", "A column that the layout needs is there twice"),
    ("bad_quoting", "row", "error", "", "Quotation marks in the row do not pair up"),
    ("inconsistent_rows", "row", "error", "", "Rows of one document say different things about it"),
    ("unknown_record", "row", "error", "", "No record type of the layout fits this row"),
    ("row_length", "row", "error", "", "The row has another length than the layout says"),
    ("missing_value", "row", "error", "", "A value that must be there is empty"),
    ("bad_number", "row", "error", "", "Not a number as the layout writes numbers"),
    ("bad_date", "row", "error", "", "Not a date as the layout writes dates"),
    ("bad_quantity", "row", "error", "", "A quantity must be more than nothing"),
    ("bad_value", "row", "error", "", "A value that the layout does not allow"),
    ("unknown_field", "row", "error", "", "A field that the document does not have"),
    ("trailer_count", "file", "error", "", "The trailer's count is not the number of rows"),
    ("trailer_total", "file", "error", "", "The trailer's total is not the sum of the rows"),
    ("bad_xml", "file", "error", "", "The file is not well-formed XML, or uses what is forbidden"),
    ("bad_json", "file", "error", "", "The file is not well-formed JSON"),
)


class FindingFields(TypedDict, total=False):
    """Where a finding is, and what differs from the catalogue's row: keywords of `Finding`."""

    severity: Severity
    segment: str
    position: int
    element: int
    component: int
    repeat: int
    trigger: int
    ack_code: str
    value: str
    column: str
    data_element: str
    loop: str


def new_finding(code: str, message: str = "", **fields: Unpack[FindingFields]) -> Finding:
    """A Finding of the catalogue's kind `code`: its title unless `message` says more. KeyError for an unknown code."""
    kind = CATALOGUE[code]
    fields.setdefault("ack_code", kind.ack_code)
    fields.setdefault("severity", kind.severity)
    return Finding(code=code, message=message or kind.title, **fields)
