"""The table of transports: what it costs at a start, and what is said of it to those who write a partner.toml."""

from __future__ import annotations

import json
import subprocess
import sys

from gateway.transports import TRANSPORTS, Inbound, Outbound, transport_of
from tests.readme import section, table_rows


def test_no_library_that_talks_to_servers_is_loaded_at_a_start() -> None:
    program = "import gateway.cli, gateway.engine, gateway.transports, sys; print('paramiko' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed == "False\n"


def _settings(model: type[Inbound] | type[Outbound]) -> dict[str, str]:
    """The settings of a model but for its kind → the default, as the table of the README writes it."""
    shown = {}
    for name, field in model.model_fields.items():
        if field.is_required():
            shown[name] = "required"
        else:
            shown[name] = "none" if field.default is None else f"`{json.dumps(field.default)}`"
    shown.pop("kind")
    return shown


def _known(kind: str) -> set[tuple[str, str, str, str]]:
    transport = transport_of(kind)
    inbound, outbound = _settings(transport.inbound), _settings(transport.outbound)
    both = {name for name, default in inbound.items() if outbound.get(name) == default}
    return (
        {(kind, "both", f"`{name}`", inbound[name]) for name in both}
        | {(kind, "inbound", f"`{name}`", default) for name, default in inbound.items() if name not in both}
        | {(kind, "outbound", f"`{name}`", default) for name, default in outbound.items() if name not in both}
    )


def test_every_transport_and_its_settings_stand_in_the_readme() -> None:
    described = table_rows(section("partners/README.md", "## Transports"))
    kinds = {cells[0].strip("`") for cells in described}
    assert kinds == set(TRANSPORTS), f"no rows in partners/README.md for {sorted(set(TRANSPORTS) - kinds)}"
    settings = {(cells[0].strip("`"), *cells[1:4]) for cells in described if cells[2] != "none"}
    assert settings == {setting for kind in TRANSPORTS for setting in _known(kind)}
