"""`python -m gateway.faults`: the table of the README; with names of classes: what a person does about such a Fault."""

from __future__ import annotations

import sys

from gateway.faults.catalogue import fault_class
from gateway.faults.text import readme_table, runbook_page

pages = [runbook_page(fault_class(name)) for name in sys.argv[1:]]
sys.stdout.write("\n".join(pages) or readme_table())
