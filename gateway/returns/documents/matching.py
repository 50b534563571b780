"""Which return a document belongs to: keys in a declared order of trust, never a guess.

A key is scoped text: `request:northgate:RTV100`. A return is stored under every key it is known by; a document looks
for its own keys from the most to the least trusted. The first key that any return answers to decides: one return
(of the document's own partner, where a partner's own numbers are meant) is the match, several are ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.returns.model import Arrival, Return, ReturnLine


@dataclass(slots=True)
class Match:
    """`found` is the one return; if there is none, `why` says no_match or ambiguous."""

    found: Return | None
    why: str = ""


def find(keys: Iterable[str], candidates: Iterable[Return], received: Arrival) -> Match:
    """The one return that the most trusted answered key names.

    A key that several returns answer to is narrowed to those still open, then to those of the sender; if several are
    left the match is ambiguous, and less trusted keys are not asked to break the tie.
    """
    returns = list(candidates)
    for key in keys:
        answering = [return_ for return_ in returns if key in return_.keys]
        if not answering:
            continue
        if len(answering) > 1:
            answering = _narrow(answering, received)
        if len(answering) == 1:
            return Match(answering[0])
        return Match(None, "ambiguous")
    return Match(None, "no_match")


def _narrow(answering: list[Return], received: Arrival) -> list[Return]:
    senders = [return_ for return_ in answering if return_.partner == received.partner] or answering
    return [
        return_
        for return_ in senders
        if not return_.cancelled and any(line.decision != "denied" for line in return_.lines.values())
    ] or senders


def is_called(line: ReturnLine, name: str) -> bool:
    """Is this the line's number, ours or the partner's? A part is called as the line that it is a part of, too."""
    return name in {line.line_no, line.partner_line} or (name == line.part_of and bool(name))


def find_line(return_: Return, ids: Sequence[str], line_no: str = "") -> list[str]:
    """Line numbers that have this item; the one that also has the line number, if there is one, comes alone."""
    having_item: list[str] = []
    for no, line in return_.lines.items():
        for item_id in ids:
            if item_id in line.ids:
                having_item.append(no)
                break
    if len(having_item) > 1 and line_no:
        named = [no for no in having_item if is_called(return_.lines[no], line_no)]
        return named or having_item
    return having_item
