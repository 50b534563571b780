"""Every class of technical trouble that a person may see, as one literal table."""

from __future__ import annotations

from gateway.faults.error import GatewayError, code_of
from gateway.faults.of_events import EventsUndelivered, WebhookFailing
from gateway.faults.of_home import (
    AlreadyThere,
    ArchiveCorrupt,
    ArchiveMissing,
    DiskFull,
    FolderUnusable,
    FsyncFailed,
    HomeInUse,
    HomeMissing,
    InboxGone,
    OutputNameUnsafe,
)
from gateway.faults.of_inboxes import CollectDenied, IncompleteFile, OddObject, StillChanging, StrayFile
from gateway.faults.of_processing import ImportProfileWrong, NoImportProfile, ParserUnusable, PartnerFolderWrong
from gateway.faults.of_store import StoreBusy, StoreDriverOld, StoreTooNew
from gateway.faults.of_transports import (
    AuthRefused,
    HostKeyChanged,
    HostKeyMissing,
    RemoteChanged,
    RemoteConflict,
    RemoteDenied,
    RemoteListingTooLong,
    RemoteNameUnsafe,
    RemoteTooLarge,
    SecretUnusable,
    TransportDown,
    TransportError,
    TransportTimeout,
    TransportUnknown,
)

CLASSES: tuple[type[GatewayError], ...] = (
    # the home and its disk
    HomeInUse,
    HomeMissing,
    DiskFull,
    FsyncFailed,
    FolderUnusable,
    InboxGone,
    OutputNameUnsafe,
    AlreadyThere,
    ArchiveMissing,
    ArchiveCorrupt,
    # what is found in an inbox
    CollectDenied,
    OddObject,
    StrayFile,
    IncompleteFile,
    StillChanging,
    # the servers of partners
    TransportError,
    TransportUnknown,
    TransportDown,
    TransportTimeout,
    HostKeyChanged,
    HostKeyMissing,
    AuthRefused,
    SecretUnusable,
    RemoteDenied,
    RemoteChanged,
    RemoteNameUnsafe,
    RemoteListingTooLong,
    RemoteTooLarge,
    RemoteConflict,
    # those who are told of events
    WebhookFailing,
    EventsUndelivered,
    # the parser and partner folders
    ParserUnusable,
    PartnerFolderWrong,
    NoImportProfile,
    ImportProfileWrong,
    # the store
    StoreBusy,
    StoreTooNew,
    StoreDriverOld,
)

FAULTS = {code_of(kind): kind for kind in CLASSES}
"""Class of Fault, as the store has it → the error that raises it."""


def fault_class(name: str) -> type[GatewayError]:
    """The error of a class of Fault. Raises LookupError for a class that is not in the catalogue."""
    kind = FAULTS.get(name)
    if kind is None:
        raise LookupError(f"there is no Fault class {name!r}: add it to gateway/faults")
    return kind
