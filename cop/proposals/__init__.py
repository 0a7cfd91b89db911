"""Proposed edits of pages that curators keep: the approved text stays live until one of them accepts."""
