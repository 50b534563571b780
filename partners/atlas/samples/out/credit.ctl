batch_id=ATLAS-CR-000001
posting_kind=credit_request
rows=1
quantity_total=3
amount_total=253.50
file=GENERIC-CSV_CREDIT_REQUEST_ATLAS_000001_20250319150000.csv
bytes=588
sha256=9ebed3c78ad84fcd908b39c7f192369ca9942e0cd02dcadbaa8f299598dc8f41
