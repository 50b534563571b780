"""What a reader of one transaction set knows about where the set came from. Pure data, built by `x12.read`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from translators.profile import Delimiters, Profile

if TYPE_CHECKING:
    from translators.canonical import Inbound


class SetContext(NamedTuple):
    """The envelope around one set and the partner's profile.

    `release` is the release of the guide the set was validated with ("004010"), `version` is GS08 as received.
    Ids are as received, outer blanks removed. `interchange_date` and `interchange_time` are ISA09/ISA10,
    `group_date` and `group_time` GS04/GS05, all as written. `from_us_to_them` is True only when a set that we
    ourselves wrote is read back.
    """

    profile: Profile = Profile()
    delimiters: Delimiters = Delimiters()
    set_id: str = ""
    set_control_number: str = ""
    release: str = ""
    version: str = ""
    functional_id: str = ""
    group_control_number: str = ""
    group_sender: str = ""
    group_receiver: str = ""
    group_date: str = ""
    group_time: str = ""
    interchange_control_number: str = ""
    sender_qualifier: str = ""
    sender: str = ""
    receiver_qualifier: str = ""
    receiver: str = ""
    interchange_date: str = ""
    interchange_time: str = ""
    usage: str = "P"
    from_us_to_them: bool = False

    def text(self, value: str) -> str:
        """One element in the partner's character set.

        Files are framed as latin-1, so every byte is one character and nothing is lost; this gives the characters
        the partner meant. Bytes that are not of that character set stay as latin-1 shows them.
        """
        if value.isascii() or self.profile.charset == "latin-1":
            return value
        try:
            return value.encode("latin-1").decode(self.profile.charset)
        except (UnicodeDecodeError, UnicodeEncodeError):
            return value

    def components(self, value: str) -> list[str]:
        """The components of one composite element."""
        return value.split(self.delimiters.component)

    def repeats(self, value: str) -> list[str]:
        """The occurrences of one repeated element; one where the release has no repetition separator."""
        mark = self.delimiters.repetition
        return value.split(mark) if mark else [value]


Reader = Callable[[list[list[str]], SetContext], "list[Inbound]"]
