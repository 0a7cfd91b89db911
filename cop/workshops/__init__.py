"""Workshops: what trainers prepare, with agenda, exercises, handout and linked material."""
