"""`python -m cop` is the command `cop`."""

import sys

# Before anything else is imported: what follows cannot even be read by an older Python.
if sys.version_info < (3, 11):  # noqa: UP036 (that is the question here)
    sys.stderr.write(
        f"This is Python {sys.version_info[0]}.{sys.version_info[1]}, and 同行 Tongxing needs 3.11 or "
        "later: make the virtual environment with a newer one, say `python3.11 -m venv .venv`.\n"
    )
    sys.exit(2)

from cop.cli import main

if __name__ == "__main__":
    main()
