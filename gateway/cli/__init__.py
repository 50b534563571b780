"""The command line. Stable: scripts depend on names, options, exit codes and the JSON printed.

Each command imports what it needs when it runs: `translate` of one small file starts in well under half a second.
A command returns its exit code: 0 done, 1 the answer is no (a rejected file, a failed check), 2 not readable or wrong
usage, 70 the disk cannot be trusted, 75 another process owns the home: try again later; 130 interrupted.
"""

from __future__ import annotations

from gateway.cli.command_line import app, main

__all__ = ["app", "main"]
