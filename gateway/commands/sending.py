"""`send`: ask for import files for an ERP now, outside its windows. The request is audited and carried out once."""

from __future__ import annotations

from pathlib import Path

from gateway.commands import Write
from gateway.commands.requesting import leave_request
from gateway.home import Home
from gateway.store.people import requests


def send_now(root: Path, destination: str, actor: str, write: Write) -> int:
    """Ask that what is ready for an ERP goes out; 1 if there is no such ERP."""
    return leave_request(Home(root).require(), requests.SEND_NOW, {"destination": destination}, actor, write)
