"""What every class of technical trouble has."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

Severity = Literal["page", "urgent", "business_day", "info"]

EXIT_FAILED = 1
EXIT_FATAL = 70  # EX_SOFTWARE: only a restart is safe
EXIT_IN_USE = 75  # EX_TEMPFAIL: try again later


class GatewayError(Exception):
    """Something outside the gateway failed.

    The first sentence of a class's docstring is its message when none is given. `retry` says whether the same attempt
    may succeed later without a person; `severity` how loudly the status page says it; `remedy` what that person does,
    a template that takes `fields`; `runbook` what it means and what to look at. `renews`: another message is another
    trouble, which begins now. `subject` is what the trouble is about: a path, a channel, a partner.
    """

    retry: ClassVar[bool] = False
    severity: ClassVar[Severity] = "urgent"
    remedy: str = ""
    runbook: ClassVar[str] = ""
    exit_code: ClassVar[int] = EXIT_FAILED
    renews: ClassVar[bool] = False

    def __init__(self, message: str = "", *, subject: str = "", **fields: str) -> None:
        self.message = message or default_message(type(self))
        self.subject = subject
        if fields:
            self.remedy = type(self).remedy.format_map(fields)
        super().__init__(f"{subject}: {self.message}" if subject else self.message)

    @property
    def code(self) -> str:
        """The class as it stands in the store: "disk_full"."""
        return code_of(type(self))


def default_message(kind: type[GatewayError]) -> str:
    """The first sentence of the class's docstring."""
    return (kind.__doc__ or kind.__name__).strip().split("\n", 1)[0]


def code_of(kind: type[GatewayError]) -> str:
    """DiskFull → "disk_full": the class of the Fault row."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()
