"""Why Holds about returns should be open: one module a subject, each function a row of the table in `derived`.

A cause follows from the state of the return alone. Its Hold opens when the cause appears and closes when it is gone.
"""
