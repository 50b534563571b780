"""The gateway: everything that touches a disk, a socket, a clock or a database, around pure translators and domain."""

__version__ = "0.1.0"
