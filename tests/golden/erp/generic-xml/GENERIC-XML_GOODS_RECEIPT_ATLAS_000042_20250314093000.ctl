batch_id=B-000042
posting_kind=goods_receipt
rows=3
quantity_total=5.500
amount_total=798.00
file=GENERIC-XML_GOODS_RECEIPT_ATLAS_000042_20250314093000.xml
bytes=2714
sha256=b333765cd486708007e0a6a5f8da8bc94fada8c8d2b967c7c46ee12b5f807047
