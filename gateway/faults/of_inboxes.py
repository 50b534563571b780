"""Trouble with what is found in an inbox."""

from __future__ import annotations

from gateway.faults.error import GatewayError


class CollectDenied(GatewayError):
    """A file may not be read."""

    retry = True
    remedy = "Give the gateway's user permission to read and move the file."
    runbook = (
        "The sender's program wrote the file with permissions that keep the gateway out. Other files of the "
        "inbox are taken. It clears itself when the file can be read, or is gone."
    )


class OddObject(GatewayError):
    """This is not a plain file of its own, so it is not taken."""

    severity = "business_day"
    remedy = "Remove it: only regular files without further hard links are taken from an inbox."
    runbook = (
        "A link, a folder, a device or a file with further hard links lies in the inbox. Such an object could "
        "change after it was taken, so it is left alone."
    )


class StrayFile(GatewayError):
    """A file lies where no partner is."""

    severity = "business_day"
    remedy = "Move it into inbox/<partner>/ or remove it."
    runbook = (
        "Files are taken from inbox/<partner>/ only, and this one lies elsewhere. Nobody can say whose it is "
        "until it is moved."
    )


class IncompleteFile(GatewayError):
    """A file is quiet but not complete."""

    retry = True
    renews = True
    severity = "info"
    remedy = "Nothing yet: after its waiting time it is taken as truncated. Ask the partner to send it again."
    runbook = (
        "The file has not grown for a while and has no end: no IEA, or not the partner's marker. It may be a "
        "transfer that broke off. After its waiting time it is taken as it is, and the acknowledgment says what "
        "is missing."
    )


class StillChanging(GatewayError):
    """A claimed file is still being written."""

    retry = True
    severity = "info"
    remedy = "Nothing: it is taken when it stays unchanged."
    runbook = "The file was renamed away and its sender still writes into it. It is taken when two looks find it equal."
