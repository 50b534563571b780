"""Technical trouble: what the world does to us, as typed errors, and what to do about each.

Every class of Fault is an error class with its severity, its remedy and its runbook; `CLASSES` lists them. Doors: the
errors, `classify` (try again or give up), `crashpoint` (where tests kill the process). `python -m gateway.faults`
prints the table of the README.
"""

from gateway.faults.catalogue import CLASSES, FAULTS, fault_class
from gateway.faults.crashpoints import crashpoint, install_hook
from gateway.faults.error import EXIT_FAILED, EXIT_FATAL, EXIT_IN_USE, GatewayError, Severity, code_of, default_message
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
from gateway.faults.of_store import NameTaken, StateMoved, StoreBusy, StoreDriverOld, StoreError, StoreTooNew
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
from gateway.faults.retrying import NoRetry, Retry, classify, from_os_error

__all__ = [
    "CLASSES",
    "EXIT_FAILED",
    "EXIT_FATAL",
    "EXIT_IN_USE",
    "FAULTS",
    "AlreadyThere",
    "ArchiveCorrupt",
    "ArchiveMissing",
    "AuthRefused",
    "CollectDenied",
    "DiskFull",
    "EventsUndelivered",
    "FolderUnusable",
    "FsyncFailed",
    "GatewayError",
    "HomeInUse",
    "HomeMissing",
    "HostKeyChanged",
    "HostKeyMissing",
    "ImportProfileWrong",
    "InboxGone",
    "IncompleteFile",
    "NameTaken",
    "NoImportProfile",
    "NoRetry",
    "OddObject",
    "OutputNameUnsafe",
    "ParserUnusable",
    "PartnerFolderWrong",
    "RemoteChanged",
    "RemoteConflict",
    "RemoteDenied",
    "RemoteListingTooLong",
    "RemoteNameUnsafe",
    "RemoteTooLarge",
    "Retry",
    "SecretUnusable",
    "Severity",
    "StateMoved",
    "StillChanging",
    "StoreBusy",
    "StoreDriverOld",
    "StoreError",
    "StoreTooNew",
    "StrayFile",
    "TransportDown",
    "TransportError",
    "TransportTimeout",
    "TransportUnknown",
    "WebhookFailing",
    "classify",
    "code_of",
    "crashpoint",
    "default_message",
    "fault_class",
    "from_os_error",
    "install_hook",
]
