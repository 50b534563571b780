batch_id=ATLAS-RO-000001
posting_kind=return_order
rows=2
quantity_total=10
amount_total=505.40
file=GENERIC-FIXED_RETURN_ORDER_ATLAS_000001_20250314093000.txt
bytes=1699
sha256=a7e0d31098e64f473b84ff79475303fc8786b9a679ce2710b3bbbcb3b7f1ac35
