batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-CSV_GOODS_RECEIPT_ATLAS_000042_20250314093000.csv
bytes=959
sha256=fe1500b299484ab63baec859b8746623a791182b5a74c4bd2d969fabb38edb4f
