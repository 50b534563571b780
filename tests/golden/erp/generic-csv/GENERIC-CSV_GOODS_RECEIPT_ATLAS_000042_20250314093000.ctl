batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-CSV_GOODS_RECEIPT_ATLAS_000042_20250314093000.csv
bytes=890
sha256=0619f14a39f2999c3b33bd31c759fac7e0b7cbe3a88598c84cafe56f22d0316b
