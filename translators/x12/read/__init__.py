"""The bytes of an X12 file → interchanges, groups and sets with verdicts, findings and documents."""
