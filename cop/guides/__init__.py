"""Guides: wiki pages that are not about one strategy, written by members and kept by curators."""
