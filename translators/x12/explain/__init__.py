"""An X12 file for a person: loops, names, codes spelt out, findings in place."""
