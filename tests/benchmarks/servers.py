"""Servers on this machine alone, the load they are put under, and what they took of it. Linux only (/proc)."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
_TICK = os.sysconf("SC_CLK_TCK")
_PATIENCE = 120
#: What `clocked` says of an answer.
_ENGINE = re.compile(rb"Server-Timing: engine;dur=([0-9.]+)")


@dataclass(frozen=True)
class Load:
    """What came of a burst of requests: how many a second, the servers' processor time for one, the engine's of it."""

    rate: float
    cpu_ms: float
    engine_ms: float = 0.0


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str], port: int, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; enter it when the server listens."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_for(process, port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers; a server that has ended is an error."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            message = f"the server ended: {said[-2000:]}"
            raise RuntimeError(message)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.005)
    message = "the server did not start to listen"
    raise RuntimeError(message)


def gunicorn(app: str, port: int) -> list[str]:
    """Return the command that serves an application with two workers."""
    options = ["--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    quiet = ["--log-level", "warning", "--keep-alive", "30"]
    return [sys.executable, "-m", "gunicorn", *options, *quiet, app]


def burst(
    port: int, path: str, seconds: float, pid: int, *, cookie: str = "", hands: int = 4
) -> Load:
    """Ask for one page again and again over a few kept connections."""
    request = asked(port, path, cookie)
    before, started = cpu_seconds(pid), time.perf_counter()
    with ThreadPoolExecutor(hands) as pool:
        answers = list(pool.map(lambda _: _ask(port, request, started + seconds), range(hands)))
    spent = time.perf_counter() - started
    total = max(sum(count for count, _ in answers), 1)
    took = (cpu_seconds(pid) - before) * 1000
    return Load(total / spent, took / total, sum(engine for _, engine in answers) / total)


def asked(port: int, path: str, cookie: str = "") -> bytes:
    """Return a GET request as a browser sends it."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept-Encoding: gzip",
        "Accept-Language: zh-CN,zh;q=0.9",
    ]
    return "\r\n".join([*lines, *([f"Cookie: {cookie}"] if cookie else []), "", ""]).encode()


def _ask(port: int, request: bytes, until: float) -> tuple[int, float]:
    """Send the request until the time is over; return how often it was answered, and the engine's milliseconds."""
    count, engine = 0, 0.0
    while time.perf_counter() < until:
        with socket.create_connection(("127.0.0.1", port), _PATIENCE) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.perf_counter() < until:
                connection.sendall(request)
                head, kept = _answer(connection)
                if not head.startswith(b"HTTP/1.1 200"):
                    message = f"{request.split()[1]!r} answered {head[:40]!r}"
                    raise RuntimeError(message)
                count += 1
                told = _ENGINE.search(head)
                engine += float(told[1]) if told else 0.0
                if not kept:
                    break
    return count, engine


def _answer(connection: socket.socket) -> tuple[bytes, bool]:
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65536)
        if not more:
            message = "the server closed the connection"
            raise RuntimeError(message)
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    lowered = head.lower()
    missing = int(lowered.partition(b"content-length:")[2].split(b"\r\n")[0]) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return head, b"connection: close" not in lowered


def family(pid: int) -> list[int]:
    """Return the process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(below for child in children for below in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and its children so far."""
    total = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def memory_mb(pid: int, line: str = "VmRSS") -> float:
    """Return the memory a process holds now (`VmRSS`) or held at its most (`VmHWM`), in MiB."""
    for row in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if row.startswith(line + ":"):
            return int(row.split()[1]) / 1024
    return 0.0
