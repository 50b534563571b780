"""One module a page: PAGE says where the page is, a function reads what it shows as plain typed data."""

from __future__ import annotations
