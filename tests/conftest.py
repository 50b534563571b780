"""What all tests share: generated tests repeat the same examples, so that a run says something about the change.

GATEWAY_FRESH_SEEDS=1 explores new ones (a nightly run does); what fails then prints its seed or its example.
"""

from __future__ import annotations

import os

from hypothesis import settings

FRESH = bool(os.environ.get("GATEWAY_FRESH_SEEDS"))

settings.register_profile("repeat", derandomize=True, deadline=None)
settings.register_profile("fresh", deadline=None)
settings.load_profile("fresh" if FRESH else "repeat")
