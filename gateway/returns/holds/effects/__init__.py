"""What answers to Holds do to a return: one module a subject, each function a row of the table in `resolve`."""
