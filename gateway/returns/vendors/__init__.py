"""Goods that go back to their vendor, where we are the one who asks: our request, the vendor's answer, what we claim.

One claim per return and supplier. What it asks for follows from the ledger (the units with the outcome rtv); what may
be claimed is the less of that and what the supplier allows, and nothing while it has not answered.
"""
