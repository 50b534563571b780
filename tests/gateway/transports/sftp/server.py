"""A real OpenSSH server on a loopback port, with keys and folders of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from gateway.transports.sftp.access import SftpAccess

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def why_not() -> str:
    """Why no server can be started here; "" if one can."""
    if SSHD is None or shutil.which("ssh-keygen") is None:
        return "NOT RUN: no OpenSSH server (sshd and ssh-keygen); install openssh-server"
    if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
        try:
            Path("/run/sshd").mkdir(parents=True)
        except OSError as error:
            return f"NOT RUN: sshd needs /run/sshd, which cannot be made: {error.strerror}"
    return ""


@dataclass
class Server:
    """`root` is what its accounts see as their server's files; every test takes a folder of its own below it."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    host_keys: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / "files"

    def start(self) -> Server:
        assert SSHD is not None
        self.root.mkdir(exist_ok=True)
        for kind in ("ed25519", "rsa"):
            self._keygen(f"host_{kind}", kind)
        self._keygen("user", "ed25519")
        self._keygen("user_locked", "ed25519", "open sesame")
        self._keygen("stranger", "ed25519")
        allowed = [(self.folder / name).with_suffix(".pub").read_text() for name in ("user", "user_locked")]
        (self.folder / "authorized_keys").write_text("".join(allowed))
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._configure(["ed25519", "rsa"])
        self._run()
        return self

    def _keygen(self, name: str, kind: str, passphrase: str = "") -> None:
        path = self.folder / name
        path.unlink(missing_ok=True)
        command = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", str(path)]
        subprocess.run(command if kind != "rsa" else [*command, "-b", "2048"], check=True)

    def _configure(self, host_keys: list[str]) -> None:
        lines = [
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            *(f"HostKey {self.folder}/host_{kind}" for kind in host_keys),
            f"PidFile {self.folder}/pid",
            f"AuthorizedKeysFile {self.folder}/authorized_keys",
            "StrictModes no",
            "UsePAM no",
            "PermitRootLogin yes",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "MaxStartups 100",
            "Subsystem sftp internal-sftp",
            "LogLevel ERROR",
        ]
        (self.folder / "sshd_config").write_text("\n".join(lines) + "\n")
        self.host_keys = [(self.folder / f"host_{kind}.pub").read_text().strip() for kind in host_keys]

    def _run(self) -> None:
        assert SSHD is not None
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(self.folder / "sshd_config")], stdout=log, stderr=log
        )
        log.close()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError(f"sshd did not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def resume(self) -> None:
        """The same server again after `stop`: same address, same keys."""
        self._run()

    def rotate_host_keys(self) -> None:
        """Another server answers at the same address."""
        self.stop()
        for kind in ("ed25519", "rsa"):
            self._keygen(f"host_{kind}", kind)
        self._configure(["ed25519", "rsa"])
        self._run()

    def key(self, name: str = "user") -> str:
        return (self.folder / name).read_text()

    def access(self, folder: Path | str = ".", **changes: object) -> SftpAccess:
        """How a gateway reaches this server; `folder` is where it polls or delivers."""
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": getpass.getuser(),
            "host_keys": tuple(self.host_keys),
            "key": self.key(),
            "path": str(folder),
            "timeout": 5.0,
            "time_limit": 20.0,
        }
        return SftpAccess(**(values | changes))  # type: ignore[arg-type]  # the tests give what the fields want

    def section(self, folder: Path) -> dict[str, object]:
        """The same as a side of `[transport]` in a partner.toml says it."""
        return {
            "kind": "sftp",
            "host": "127.0.0.1",
            "port": self.port,
            "user": getpass.getuser(),
            "host_keys": self.host_keys,
            "key": {"file": str(self.folder / "user")},
            "path": str(folder),
        }
