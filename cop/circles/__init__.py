"""Circles: small groups with a purpose and hosts, whose entries and discussions nobody else reads."""
