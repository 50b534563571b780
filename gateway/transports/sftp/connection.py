"""One connection to an SFTP server: the host proves itself, then we do, and the session ends when its time is over."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from gateway.faults import (
    AuthRefused,
    GatewayError,
    HostKeyChanged,
    HostKeyMissing,
    RemoteDenied,
    TransportDown,
    TransportTimeout,
    crashpoint,
)
from gateway.transports.sftp.access import SftpAccess
from gateway.transports.sftp.keys import PinnedKeys, fingerprint, load_key


class SftpConnection:
    """One connection from `open` to `close`, closed by force when the time limit of the account is over."""

    def __init__(self, access: SftpAccess) -> None:
        self._access = access
        self._cut = threading.Event()
        self._transport: paramiko.Transport | None = None
        self._socket: socket.socket | None = None
        self._sftp: paramiko.SFTPClient | None = None
        self._timer = threading.Timer(access.time_limit, self._cut_off)
        self._timer.daemon = True

    def open(self) -> None:
        """Connect, compare the host's key with the pinned ones, log in, start SFTP.

        Raises HostKeyMissing, HostKeyChanged, AuthRefused, SecretUnusable, TransportDown, TransportTimeout.
        """
        self._timer.start()
        try:
            with self.translated():
                self._connect()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the session, whatever state it is in."""
        self._timer.cancel()
        self._close_connection()

    @property
    def client(self) -> paramiko.SFTPClient:
        """The SFTP client of the open session."""
        assert self._sftp is not None, "the session is open"
        return self._sftp

    @property
    def lost(self) -> bool:
        """Whether the connection is gone."""
        return self._transport is None or not self._transport.is_active()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What paramiko and the network raise inside → TransportTimeout, RemoteDenied or TransportDown."""
        place = self._access.place
        try:
            yield
        except GatewayError as error:
            if self._cut.is_set() and not isinstance(error, TransportTimeout):
                raise TransportTimeout(self._too_long(), subject=place) from error
            raise
        except (paramiko.SSHException, EOFError, OSError) as error:
            if self._cut.is_set():
                raise TransportTimeout(self._too_long(), subject=place) from error
            if isinstance(error, TimeoutError):
                raise TransportTimeout("The server does not answer.", subject=place) from error
            if isinstance(error, PermissionError):
                raise RemoteDenied(str(error), subject=place) from error
            raise TransportDown(f"{type(error).__name__}: {error}", subject=place) from error

    def _connect(self) -> None:
        pins = PinnedKeys(self._access.host_keys)
        if pins.empty:
            raise HostKeyMissing(subject=self._access.place)
        shown = ""
        for types in pins.families():
            transport = self._handshake(types)
            if transport is None:
                continue  # the server has no key of this family
            key = transport.get_remote_server_key()
            if pins.match(key):
                self._authenticate(transport)
                self._sftp = self._start_sftp(transport)
                crashpoint("sftp.connected")
                return
            shown = f"{key.get_name()} {fingerprint(key)}"
            transport.close()
        raise HostKeyChanged(f"The server shows {shown or 'no key of a pinned type'}.", subject=self._access.place)

    def _handshake(self, types: Sequence[str]) -> paramiko.Transport | None:
        """A transport over which the server showed a key of one of these types; None if it has no such key."""
        timeout = self._access.timeout
        self._socket = socket.create_connection((self._access.host, self._access.port), timeout)
        transport = paramiko.Transport(self._socket)
        self._transport = transport
        transport.banner_timeout = transport.handshake_timeout = timeout
        transport.auth_timeout = transport.channel_timeout = timeout
        transport.get_security_options().key_types = tuple(types)
        try:
            transport.start_client(timeout=timeout)
        except IncompatiblePeer:
            transport.close()
            return None
        except paramiko.SSHException as error:
            transport.close()
            if "host key" in str(error).lower() and not self._cut.is_set():
                return None
            raise
        transport.set_keepalive(30)
        return transport

    def _authenticate(self, transport: paramiko.Transport) -> None:
        access = self._access
        try:
            left: Sequence[str] = ["publickey", "password"]
            if access.key:
                left = transport.auth_publickey(access.user, load_key(access.key, access.key_passphrase))
            if access.password and not transport.is_authenticated():
                left = transport.auth_password(access.user, access.password)
        except paramiko.AuthenticationException as error:
            if self._cut.is_set() or not transport.is_active():
                raise TransportDown(str(error), subject=access.place) from error
            raise AuthRefused(subject=access.place) from error
        if not transport.is_authenticated():
            raise AuthRefused(f"The server also wants {', '.join(left)}.", subject=access.place)

    def _start_sftp(self, transport: paramiko.Transport) -> paramiko.SFTPClient:
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise TransportDown("The server offers no SFTP.", subject=self._access.place)
        channel = client.get_channel()
        assert channel is not None
        channel.settimeout(self._access.timeout)
        return client

    def _cut_off(self) -> None:
        self._cut.set()
        self._close_connection()

    def _close_connection(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self._socket is not None:
            self._socket.close()

    def _too_long(self) -> str:
        return f"The session was cut after {self._access.time_limit:g} seconds."
