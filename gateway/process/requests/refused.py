"""Why a request is not carried out."""

from __future__ import annotations


class Refused(Exception):
    """The request makes no sense as it stands; the message says why, and stays as the request's outcome."""
