"""pyx12 as the oracle of our own reading: its map folder, its judgement, generated sets, written differences."""
