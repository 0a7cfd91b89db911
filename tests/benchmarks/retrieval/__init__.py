"""Retrieval quality on open data: `python -m tests.benchmarks.retrieval`."""
