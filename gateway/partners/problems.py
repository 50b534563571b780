"""What is wrong with partner configuration: one Problem per place, all of them reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.faults import GatewayError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a partner folder.

    `file` is relative to the partners folder ("northgate/partner.toml"), `key` the dotted path of the setting or the
    column, `line` counts from 1 (0: the whole file). `partner` is the folder that is left out because of it.
    """

    file: str
    key: str
    line: int
    message: str
    remedy: str

    @property
    def partner(self) -> str:
        """The folder that the file is in."""
        return self.file.split("/", 1)[0]

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = f" {self.key}:" if self.key else ""
        return f"{place}:{subject} {self.message}\n    remedy: {self.remedy}"


class PartnersError(GatewayError):
    """Partner configuration is wrong."""

    severity = "business_day"
    remedy = "Correct the files named; the partners that are right go on meanwhile."

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(render_problems(self.problems))


class UnknownPartner(GatewayError):
    """There is no partner folder of this name."""

    severity = "info"
    remedy = "Name one of the folders in partners/, or make one: copy partners/_template."


def render_problems(problems: Iterable[Problem]) -> str:
    """Problems as text for a person: one paragraph each, in the order of files and lines."""
    listed = sorted(problems, key=lambda p: (p.file, p.line, p.key))
    count = "1 problem" if len(listed) == 1 else f"{len(listed)} problems"
    return "\n".join([f"{count} in the partner folders", *(str(p) for p in listed)])
