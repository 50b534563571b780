"""The Hold to open: its class, what it is about, and its texts, filled in from the row of its class."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from gateway.holds.catalogue import hold_class


@dataclass(frozen=True, slots=True)
class HoldSubject:
    """What a Hold is about, as far as it has a name: "" or None where it has none."""

    partner: str = ""
    return_no: str = ""
    line_no: str = ""
    intake_id: int | None = None
    document_id: int | None = None
    posting_key: str = ""


@dataclass(frozen=True, slots=True)
class NewHold:
    """A Hold as it is stored when it opens. `key` makes it one of a kind: a second opening is the same Hold."""

    class_: str
    key: str
    owner: str
    message: str
    next_action: str
    subject: HoldSubject = HoldSubject()


def new_hold(class_: str, key: str, subject: HoldSubject, *, case: str = "", **fields: object) -> NewHold:
    """A Hold with owner, message and next action of its row, whose templates take `fields` and the subject's values.

    `case` names the case of the row, where it has several. Raises LookupError for an unknown class or case, and for a
    template's name that neither the subject nor `fields` has.
    """
    row = hold_class(class_)
    texts = row.cases[case] if case else row
    values = asdict(subject) | fields
    return NewHold(
        class_=class_,
        key=key,
        owner=row.owner,
        message=texts.message.format_map(values),
        next_action=texts.next_action.format_map(values),
        subject=subject,
    )
