"""Looks into files of offices, PDF and sound, in a process of its own: what is taken, and what is taken out of it."""
