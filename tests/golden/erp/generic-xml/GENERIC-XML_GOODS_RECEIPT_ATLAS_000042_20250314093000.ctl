batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-XML_GOODS_RECEIPT_ATLAS_000042_20250314093000.xml
bytes=2792
sha256=89c424002c6af365f32176f76567ba91b7f28f62deb721c94ea324f41846c62e
