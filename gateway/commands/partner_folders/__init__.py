"""Commands about partner folders: check them, propose one, write its guide, give its codes a meaning."""

from __future__ import annotations
