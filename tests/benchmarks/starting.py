"""Time and memory of the first `cop up` and of every later one: `python -m tests.benchmarks.starting`.

The time runs until the site answers a request; memory is what the process held at its most until then.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import servers


@dataclass(frozen=True)
class Start:
    """One start: seconds until a page came, and the most memory held until then."""

    seconds: float
    peak_mb: float
    cpu_seconds: float


def start(data: Path) -> Start:
    """Start the site on this data folder, ask for one page, and end it."""
    port = servers.free_port()
    command = [sys.executable, "-m", "cop", "up", "--port", str(port), "--data", str(data)]
    began = time.perf_counter()
    # As on a machine whose owner set nothing: what the first start compiled, later ones read.
    with servers.running(command, port, PYTHONDONTWRITEBYTECODE="") as process:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", "/healthz")
        client.getresponse().read()
        client.close()
        return Start(
            time.perf_counter() - began,
            servers.memory_mb(process.pid, "VmHWM"),
            servers.cpu_seconds(process.pid),
        )


def main() -> int:
    """Measure in a new data folder and print; nothing is judged here."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.starting")
    parser.add_argument("--again", type=int, default=3, help="later starts to measure")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        starts = [start(Path(folder)) for _ in range(1 + asked.again)]
    for name, one in zip(["first", *["later"] * asked.again], starts, strict=True):
        print(
            f"{name}: {one.seconds:.1f} s until it answers ({one.cpu_seconds:.1f} s of processor), "
            f"{one.peak_mb:.0f} MiB at most"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
