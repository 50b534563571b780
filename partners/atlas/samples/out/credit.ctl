batch_id=ATLAS-CR-000001
posting_kind=credit_request
rows=1
quantity_total=3
amount_total=253.50
file=GENERIC-CSV_CREDIT_REQUEST_ATLAS_000001_20250319150000.csv
bytes=548
sha256=03f548caf891963e8398d54d0dfc581f2e2a3a34d3d1cf578daf99112c441f7b
