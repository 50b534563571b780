"""Trouble with the servers of partners."""

from __future__ import annotations

from gateway.faults.error import GatewayError


class TransportError(GatewayError):
    """A transport failed."""

    remedy = "Look at the partner's transport settings."
    runbook = (
        "A session with the partner's server failed in a way that has no class of its own. The message has the "
        "server's words. Files wait in their order."
    )


class TransportUnknown(TransportError):
    """The partner's settings name no such transport."""

    retry = True
    remedy = "Put the outbound transport back into partner.toml; the files wait for it."
    runbook = "Files wait for a transport that partner.toml no longer names. Nothing is sent by another way instead."


class TransportDown(TransportError):
    """The other side cannot be reached."""

    retry = True
    remedy = "Check host, port and network; it is tried again by itself."
    runbook = (
        "The server did not answer, or broke the connection off. It is tried again with growing pauses. Look at "
        "the network first, then ask the partner whether their server is up."
    )


class TransportTimeout(TransportDown):
    """The session took longer than its limit and was cut."""

    remedy = "Ask the partner about their server; raise the session limit if files are large."
    runbook = (
        "The session was cut at its limit, so that one slow server does not keep the others waiting. What was "
        "transferred counts; the rest is tried again."
    )


class HostKeyChanged(TransportError):
    """The server's host key is not the pinned one."""

    severity = "page"
    remedy = "Do not connect. Ask the partner by another way; if they rotated the key, pin the new one."
    runbook = (
        "The server shows another key than the pinned one: the partner replaced it, or somebody stands between. "
        "No password and no file is sent. Ask the partner by telephone for the fingerprint."
    )


class HostKeyMissing(TransportError):
    """No host key is pinned for this server."""

    remedy = "Put the server's known_hosts line or SHA256 fingerprint into the transport's host_keys."
    runbook = (
        "Without a pinned key nobody knows whether this is the partner's server. Get the fingerprint from the "
        "partner by another way, not from the server itself."
    )


class AuthRefused(TransportError):
    """The server refused our user, key or password."""

    remedy = "Check user and secret with the partner; it is not tried again until the settings change or a person asks."
    runbook = (
        "The server does not know our user, key or password any more. It is not tried again by itself, because "
        "repeated failures lock accounts. A changed setting starts it again."
    )


class SecretUnusable(TransportError):
    """A secret is missing or not readable in the form needed."""

    remedy = "Set the environment variable or file that the settings refer to; key files need mode 0600."
    runbook = (
        "The environment variable or file that holds a secret is not there, is empty, or others can read it. "
        "Nothing is tried without it."
    )


class RemoteDenied(TransportError):
    """The server does not permit this operation."""

    retry = True
    remedy = "Ask the partner to permit it for our user."
    runbook = (
        "The server let us in and refuses an operation, often a rename or a removal. The message names it and the path."
    )


class RemoteChanged(TransportError):
    """A remote file changed while it was read."""

    retry = True
    severity = "info"
    remedy = "Nothing: it is read again when it stays unchanged."
    runbook = (
        "The file on the server grew or shrank while it was fetched: its sender was still writing. The half that "
        "was fetched is thrown away."
    )


class RemoteNameUnsafe(TransportError):
    """A remote listing holds a name that is not one plain path segment."""

    severity = "business_day"
    remedy = "Ask the partner to rename or remove it; it is not taken."
    runbook = (
        "The server lists a name with a slash, a control character, or nothing. Such a name could leave the "
        "folder, so the file is not taken."
    )


class RemoteListingTooLong(TransportError):
    """A remote folder holds more names than the limit."""

    retry = True
    severity = "business_day"
    remedy = "Let the gateway delete or move what it fetched, or have the folder emptied."
    runbook = (
        "The folder holds more names than one look may take, so that new files could be missed. Let the gateway "
        "remove or move what it has fetched."
    )


class RemoteTooLarge(TransportError):
    """A remote file is larger than the limit."""

    severity = "business_day"
    remedy = "Raise max_bytes of the transport, or ask for smaller files."
    runbook = (
        "The file is larger than `max_bytes` of the transport. It is left on the server. Ask the partner whether "
        "it is meant, and raise the limit if it is."
    )


class RemoteConflict(TransportError):
    """A different file with our name is already on the server."""

    remedy = "Have the other file removed, then send again."
    runbook = (
        "The server has a file under our name with other bytes. Nothing is overwritten. The gateway asks a "
        "person in a Hold."
    )
