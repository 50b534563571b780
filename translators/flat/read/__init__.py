"""The bytes of a flat file and its layout → sets of canonical documents, with findings."""
