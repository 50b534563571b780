"""`python -m gateway.holds`: the tables of the README; with names of classes: what a person does about such a Hold."""

from __future__ import annotations

import sys

from gateway.holds.catalogue import hold_class
from gateway.holds.text import readme_tables, runbook_page

pages = [runbook_page(hold_class(name)) for name in sys.argv[1:]]
sys.stdout.write("\n".join(pages) or readme_tables())
