batch_id=B-000042
posting_kind=credit_request
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-CSV_CREDIT_REQUEST_ATLAS_000042_20250314093000.csv
bytes=926
sha256=ca19c23e6a90d43534902ce71611ab83208838f38260e649367d0e2096c58790
