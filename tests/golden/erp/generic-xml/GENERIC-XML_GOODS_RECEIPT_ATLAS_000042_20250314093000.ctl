batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-XML_GOODS_RECEIPT_ATLAS_000042_20250314093000.xml
bytes=2600
sha256=601be2cfb4fc0d570253047b5064c66b202c24e9f1fa68bf33ca9da10d5221e9
