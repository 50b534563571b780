batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-FIXED_GOODS_RECEIPT_ATLAS_000042_20250314093000.txt
bytes=2448
sha256=b33efbeebc6a1ff92e0347607634d9c92455a808e8783afa8b339a0e888737e0
