"""The ways into the domain: a document is decided, a Hold answered, goods disposed of by hand, postings voided.

Each of them changes the ledger of some returns; `finish` then brings postings, Holds, clocks and keys into line.
"""
