batch_id=B-000042
posting_kind=credit_request
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-CSV_CREDIT_REQUEST_ATLAS_000042_20250314093000.csv
bytes=962
sha256=cfbf7bb5645e2d2c2895d0b5b8b67e4f5f200f9fa55a4c62a6c2402324524b95
