"""Trouble with the home and its disk."""

from __future__ import annotations

from gateway.faults.error import EXIT_FATAL, EXIT_IN_USE, GatewayError


class HomeInUse(GatewayError):
    """Another process of the gateway owns this home."""

    retry = True
    remedy = "Wait for the other process or stop it; `replay` and Hold answers may be given beside it."
    exit_code = EXIT_IN_USE
    runbook = (
        "One process owns a home, so that no file is processed twice. Another `run` or `once` is at work, or a "
        "scheduled one overlaps. Nothing is wrong with the home."
    )


class HomeMissing(GatewayError):
    """This folder is not a gateway home."""

    remedy = "Create one with `returns-gateway init DIR` or name one with --home."
    runbook = (
        "The folder has no partners/, inbox/, outbox/ and archive/ of a gateway. Look at --home, GATEWAY_HOME "
        "and the folder that the command started in."
    )


class DiskFull(GatewayError):
    """There is not enough free space."""

    retry = True
    severity = "page"
    remedy = "Free space on the filesystem of this home. Nothing is claimed until then; the inbox keeps the files."
    runbook = (
        "The filesystem of the home has less free space than `min_free_disk_mb` of the house, or a write failed "
        "for want of space. Files stay in the inbox and lose nothing. Look at what grew: archive/ and logs "
        "first; `[retention]` removes old payloads."
    )


class FsyncFailed(GatewayError):
    """The disk refused to confirm a write: what it holds is unknown until a restart."""

    severity = "page"
    remedy = "Check the disk and its kernel log, then start the gateway again; it verifies what it finds."
    exit_code = EXIT_FATAL
    runbook = (
        "The kernel could not write what it had taken, and may have dropped it. The process ends, because what "
        "it knows of the disk is no longer true. Look at the kernel log for errors of the device before you "
        "start again."
    )


class FolderUnusable(GatewayError):
    """A folder cannot be read or written."""

    retry = True
    remedy = "Make the folder exist and give the gateway's user access to it."
    runbook = (
        "A folder of the home or of a partner is missing, read-only, or not ours. Files for it wait in their "
        "order; other partners go on. It clears itself when the folder can be used again."
    )


class InboxGone(FolderUnusable):
    """The inbox is missing or became another filesystem."""

    severity = "page"
    remedy = (
        "Mount the inbox again; if it was made anew, start the gateway again, which makes its own folder in it. "
        "Nothing is claimed until then; what is here already goes on."
    )
    runbook = (
        "The inbox vanished, or another filesystem is mounted in its place, so that a rename out of it would not "
        "be atomic. Nothing is claimed until it is back. What was claimed before goes on."
    )


class OutputNameUnsafe(GatewayError):
    """A file to send has a name that is not one plain path segment."""

    remedy = "Correct the partner's file name pattern, then send it again."
    runbook = (
        "A name that a pattern made contains a slash, a control character, or nothing. The file is held and not "
        "sent. Look at the pattern's fields: one of them has an odd value."
    )


class AlreadyThere(GatewayError):
    """A file with this name exists, and files are never overwritten."""

    remedy = "Move the existing file away or decide that it is the wanted one."
    runbook = (
        "Files in an outbox are published without replacing. A file of the same name is there: an old one that "
        "nobody took, or another program's. The gateway asks a person in a Hold."
    )


class ArchiveMissing(GatewayError):
    """Archived bytes are gone."""

    severity = "page"
    remedy = "Restore the file from the backup of archive/sha256."
    runbook = (
        "The store names bytes that archive/sha256 does not have. Nobody but the gateway and its retention "
        "should remove files there. What needs the bytes waits or is held; `returns-gateway verify` lists every "
        "one."
    )


class ArchiveCorrupt(GatewayError):
    """Archived bytes no longer match their sha256."""

    severity = "page"
    remedy = "Restore the file from the backup of archive/sha256, then look for the cause on the disk."
    runbook = (
        "A file of the archive has other bytes than its name says. The gateway never changes an archived file: "
        "look for a failing disk or a program that writes there. `returns-gateway verify` lists every one."
    )
