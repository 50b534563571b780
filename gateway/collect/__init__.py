"""Collect: find complete files in the inbox and on partners' servers, and claim them.

The scan is the truth; the doorbell only wakes it. Everything claimed lies in inbox/.claimed/, where intake takes it.
"""

from __future__ import annotations

from gateway.collect.completeness import CompletionRule
from gateway.collect.doorbell import Doorbell
from gateway.collect.inbox import Collector, CollectResult
from gateway.collect.poll import PollResult, RemoteInbox, poll_remote

__all__ = ["CollectResult", "Collector", "CompletionRule", "Doorbell", "PollResult", "RemoteInbox", "poll_remote"]
