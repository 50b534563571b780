"""The last part of a return's life: postings for the ERP, which of them may go, and the ERP's results."""
