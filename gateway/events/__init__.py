"""Business events told to others: webhooks, and a file a day for those who count.

Doors: `WebhookDispatch` (events to receivers over HTTP, signed), `DailyFiles` (a day's events as files of a partner).
"""

from gateway.events.daily_files import DailyFiles
from gateway.events.webhooks import WebhookDispatch

__all__ = ["DailyFiles", "WebhookDispatch"]
