"""Work that happens after the answer: rows written in the transaction of the change, and the worker that does them."""
