"""Case notes: who tried what, where, and how it went."""
