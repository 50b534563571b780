"""`partner new`: real sample files → a partner folder, with every guess marked."""
