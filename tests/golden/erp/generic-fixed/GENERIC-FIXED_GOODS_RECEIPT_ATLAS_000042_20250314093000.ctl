batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-FIXED_GOODS_RECEIPT_ATLAS_000042_20250314093000.txt
bytes=2352
sha256=b466ad408f924967427e08235c741669e741b95e4ee8ec7629ad32666dea27a6
