"""The second part of a return's life: shipments, receipts and inspections become claims on its lines."""
