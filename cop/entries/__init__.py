"""The shared life of everything that has a page of its own."""
