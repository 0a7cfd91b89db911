"""Runs one part of the program on bytes that somebody sent, within bounds, and trusts nothing.

It runs as a program of its own: it reads the bytes from standard input and writes to standard output one line of JSON,
then what was made of them. It bounds its own memory and processor time before it looks at the first byte, knows no
secret of the site (its environment is empty), and what it runs imports nothing of the site: whatever hostile bytes do
to it, it ends here.
"""

import importlib
import json
import sys


class Refused(Exception):
    """There is nothing to be made of it; the text is one of the words the other side knows."""


def bound(memory: int, seconds: int) -> None:
    """Bound the bytes of address space and the seconds of the processor, where the system knows how."""
    try:
        import os
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No file of any size can be written, whatever code a file might bring to run.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Readers come first.
    os.nice(10)


def main() -> None:
    """Answer for standard input; the arguments: the bounds, where our modules are, which one, what it is told."""
    memory, seconds, root, module, *told = sys.argv[1:]
    bound(int(memory), int(seconds))
    sys.path.insert(0, root)
    data = sys.stdin.buffer.read()
    try:
        said, parts = importlib.import_module(module).answer(data, *told)
    except MemoryError:
        said, parts = {"refused": "large"}, []
    except Exception as error:  # noqa: BLE001 (whatever a decoder raises, the file is no good)
        # `Refused` of the imported module is another class than the one of this program.
        why = str(error) if type(error).__name__ == Refused.__name__ else "broken"
        said, parts = {"refused": why, "error": _told(error)}, []
    out = sys.stdout.buffer
    lengths = [len(part) for part in parts]
    out.write(json.dumps({"said": said, "lengths": lengths}).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


def _told(error: Exception) -> str:
    """Return what went wrong and where; never the words of the error, for they may hold those of the file."""
    from traceback import extract_tb

    at = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {at.name}, line {at.lineno}"


if __name__ == "__main__":
    main()
