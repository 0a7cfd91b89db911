"""Practice pages: the curated page of each strategy, and the evidence ledger that notes add up to."""
