batch_id=ATLAS-RO-000001
posting_kind=return_order
rows=2
quantity_total=10
amount_total=505.40
file=GENERIC-FIXED_RETURN_ORDER_ATLAS_000001_20250314093000.txt
bytes=1719
sha256=b0d78483ed1800a2a418de75fd1d11b48133926ddbdad30679c4c0769cccdcf0
