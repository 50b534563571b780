"""What an ERP says about whole files and documents → results for single postings."""
