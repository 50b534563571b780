"""What every document has in common that is applied to a return: its standing, its ledger, and Holds it opens."""
