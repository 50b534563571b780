batch_id=ATLAS-CR-000001
posting_kind=credit_request
rows=1
quantity_total=3
amount_total=253.50
file=GENERIC-CSV_CREDIT_REQUEST_ATLAS_000001_20250319150000.csv
bytes=564
sha256=23a4d01a3dc425cb948e08c9eae54650c3c788fb5245c87c3cbee6f221a0589b
