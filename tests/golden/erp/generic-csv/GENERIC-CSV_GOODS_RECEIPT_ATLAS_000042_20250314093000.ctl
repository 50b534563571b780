batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-CSV_GOODS_RECEIPT_ATLAS_000042_20250314093000.csv
bytes=923
sha256=1a3bf87ed87ccde3456baeb3073a1581404285c47e476f166bdb09aa480e9cda
