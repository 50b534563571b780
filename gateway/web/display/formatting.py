"""Values as people read them: ages, instants, quantities, sizes, and text that cannot play tricks."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import quote, unquote, urlencode

from markupsafe import Markup

from gateway.clock import parse_instant

SAFE_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def moment(text: str) -> datetime | None:
    """The store's instant, or a day (its midnight) → aware UTC; None for "" and for text that is neither."""
    try:
        return (
            datetime.fromisoformat(text).replace(tzinfo=UTC) if len(text) == len("2025-03-14") else parse_instant(text)
        )
    except ValueError:
        return None


def when(text: str) -> str:
    """ "2025-03-14T09:30:05.000000Z" → "2025-03-14 09:30" (UTC, as the page's head says); other text as it is."""
    at = moment(text) if len(text) > len("2025-03-14") else None
    return at.strftime("%Y-%m-%d %H:%M") if at else visible(text)


def to_the_second(text: str) -> str:
    """As `when`, with seconds."""
    at = moment(text)
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else visible(text)


def span(seconds: float) -> str:
    """Seconds → the two largest units: "3 d 4 h", "2 h 5 min", "4 min", "12 s". The sign does not matter."""
    left = int(abs(seconds))
    days, left = divmod(left, 86400)
    hours, left = divmod(left, 3600)
    minutes, left = divmod(left, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{left} s"


def age(text: str, now: datetime) -> str:
    """How long ago an instant of the store was; "" if it is none."""
    at = moment(text)
    return span((now.astimezone(UTC) - at).total_seconds()) if at else ""


def quantity(text: object) -> str:
    """Decimal text without idle zeroes: "12.000" → "12"; anything else as it is."""
    if text is None:
        return ""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return visible(str(text))
    if not number.is_finite():
        return str(number)
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def size(count: int) -> str:
    """Bytes → "812 bytes", "14.2 kB", "1.3 GB" (powers of ten)."""
    if count < 1000:
        return "1 byte" if count == 1 else f"{count} bytes"
    scaled = float(count)
    for unit in ("kB", "MB", "GB"):
        scaled /= 1000
        if scaled < 999.5 or unit == "GB":
            break
    return f"{scaled:.1f} {unit}" if scaled < 99.95 else f"{scaled:.0f} {unit}"


def visible(text: str) -> str:
    """Text in which every control, format and separator character is shown, so that no name can hide or turn others.

    A control character becomes its number in angle quotes ("‹1B›"), the rest "‹U+202E›". Escaping is not done here.
    """
    return "".join(_shown(char) for char in text) if any(_tricky(char) for char in text) else text


def _tricky(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _shown(char: str) -> str:
    if not _tricky(char):
        return char
    code = ord(char)
    return f"‹{code:02X}›" if code < 0xA0 else f"‹U+{code:04X}›"


def file_name(stored: str) -> str:
    """A partner's file name as stored (percent-encoded bytes) → readable and harmless text."""
    return visible(unquote(stored, errors="replace"))


def download_name(prefix: str, stored: str) -> str:
    """The name of a download: ours, from safe characters only, ending in .txt: "received-12-returns.edi.txt"."""
    kept = "".join(char if char in SAFE_NAME else "_" for char in unquote(stored, errors="replace"))[:80].lstrip(".")
    return f"{prefix}-{kept}.txt" if kept else f"{prefix}.txt"


def link(path: str, **query: object) -> str:
    """A path with a query of the values that are not empty."""
    parameters = {key: str(value) for key, value in query.items() if value not in ("", None, 0)}
    return f"{path}?{urlencode(parameters)}" if parameters else path


def subject_link(subject: str) -> str:
    """Where the thing of an event is shown ("intake:12" → "/files/in/12"); "" if it has no page of its own."""
    kind, _, number = subject.partition(":")
    if kind == "return" and number:
        return f"/returns/{quote(number, safe='')}"
    folder = {"intake": "/files/in/", "dispatch": "/files/out/", "document": "/documents/"}.get(kind)
    return folder + number if folder and number.isascii() and number.isdigit() else ""


def time_tag(text: str, shown: str) -> Markup:
    """A time element with the exact instant in it; "" for no instant."""
    if not text:
        return Markup("")
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(visible(text), shown)
