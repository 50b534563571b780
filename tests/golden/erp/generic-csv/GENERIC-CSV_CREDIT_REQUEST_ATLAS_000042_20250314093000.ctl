batch_id=B-000042
posting_kind=credit_request
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-CSV_CREDIT_REQUEST_ATLAS_000042_20250314093000.csv
bytes=893
sha256=3cc56efc9ba27ebefbdbe30a170c5c605bbc10196b45599acb2377dddc4dac9c
