"""Answers to files, as text, and what a strict receiver says of them."""

from __future__ import annotations

from typing import Any

from tests.translators.x12.files import only
from tests.translators.x12.strict_receiver import check_outbound
from translators.findings import Finding
from translators.profile import Profile
from translators.x12.acknowledge.files import ControlNumbers, acknowledge
from translators.x12.guide.maps import nearest_release
from translators.x12.read.file import read_interchanges

NUMBERS = ControlNumbers(interchange=41, group=7)


def answer(text: str, **settings_of_profile: Any) -> list[str]:
    """The acknowledgments of a file's only interchange, as text."""
    profile = Profile.model_validate(settings_of_profile)
    return [file.data.decode("latin-1") for file in acknowledge(only(text, **settings_of_profile), profile, NUMBERS)]


def faults(data: bytes) -> list[Finding]:
    """What a strict receiver finds in an answer; one in a release without a guide is read as the nearest that has."""
    (back,) = read_interchanges(data, Profile(), {}).interchanges
    for one in back.groups:
        nearest = nearest_release("997", one.version)
        if nearest is not None and not nearest.exact:
            element, end = chr(data[3]), chr(data[105])
            named, read_as = f"{element}{one.version}{end}", f"{element}{nearest.name}{end}"
            data = data.replace(named.encode(), read_as.encode())
    return check_outbound(data)


def segments(text: str) -> list[str]:
    """The segments of an answer, without their terminators."""
    return text.rstrip("~").split("~")
