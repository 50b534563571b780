"""Goods on their way back to suppliers, and the money that comes for them: shipments out, credit notes."""
