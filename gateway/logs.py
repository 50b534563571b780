"""Logs: one JSON object a line on standard error, UTC, stable event names; ids only, never what is in a file."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs() -> None:
    """Send structlog to standard error as JSON lines; called once, by `run`."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Third parties: paramiko tells every handshake, apscheduler every job.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a part of the gateway, named like its module."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return bound
