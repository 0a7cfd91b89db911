"""Speed and size of search beside named references: `python -m tests.benchmarks.search`."""
