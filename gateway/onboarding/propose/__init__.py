"""`partner new`: sample files → a partner folder with every guess marked."""

from __future__ import annotations

from gateway.onboarding.propose.folder_text import files_of
from gateway.onboarding.propose.proposal import ROLES, CannotPropose, Proposal, propose
from gateway.onboarding.propose.report import REPORT, report_text

__all__ = ["REPORT", "ROLES", "CannotPropose", "Proposal", "files_of", "propose", "report_text"]
