"""Documents and returns: identity, keys, matching, versions that differ, and who may say what."""
