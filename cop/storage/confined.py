"""Runs one part of the program on one file that somebody sent, within bounds, and trusts nothing.

It runs as a program of its own: it reads the file from standard input and writes to standard output one line of JSON,
then what was made of the file. It bounds its own memory and processor time before it looks at the first byte, and
knows no secret of the site (its environment is empty): whatever a hostile file does to it, it ends here.
"""

import importlib
import json
import sys

#: Bytes of address space, and seconds of the processor, for one file.
MEMORY = 900 * 1024 * 1024
SECONDS = 15


class Refused(Exception):
    """The file is not taken; the text is one of the words the other side knows."""


def bound() -> None:
    """Bound what this process may take, where the system knows how."""
    try:
        import os
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No file of any size can be written, whatever code a file might bring to run.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Readers come first.
    os.nice(10)


def main() -> None:
    """Answer for the file on standard input; the arguments: where our modules are, which one, what it is told."""
    bound()
    root, module, *told = sys.argv[1:]
    sys.path.insert(0, root)
    data = sys.stdin.buffer.read()
    try:
        said, parts = importlib.import_module(module).answer(data, *told)
    except MemoryError:
        said, parts = {"refused": "large"}, []
    except Exception as error:  # noqa: BLE001 (whatever a decoder raises, the file is no good)
        # `Refused` of the imported module is another class than the one of this program.
        why = str(error) if type(error).__name__ == Refused.__name__ else "broken"
        said, parts = {"refused": why, "error": type(error).__name__}, []
    out = sys.stdout.buffer
    lengths = [len(part) for part in parts]
    out.write(json.dumps({"said": said, "lengths": lengths}).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


if __name__ == "__main__":
    main()
