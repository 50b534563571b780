"""The third part of a return's life: what becomes of the goods, and goods that go back to their vendor."""
