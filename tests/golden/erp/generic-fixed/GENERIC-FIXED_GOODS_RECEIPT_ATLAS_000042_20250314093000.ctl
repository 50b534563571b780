batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-FIXED_GOODS_RECEIPT_ATLAS_000042_20250314093000.txt
bytes=2478
sha256=72f9ddd3697c45007d6d75a1d745ba8bb785a83c8cd410bf3d20ef7e33453ac0
