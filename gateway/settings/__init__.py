"""What every settings file of a home is made of: closed sections, and references to secrets."""

from __future__ import annotations

from gateway.settings.secret import SecretRef
from gateway.settings.section import Section

__all__ = ["SecretRef", "Section"]
