"""Child processes that never outlive the server: engines and job runs.

On Linux the kernel ends a child when the thread that started it ends (PR_SET_PDEATHSIG), so all children are started
by one thread that lives as long as the server. Besides, each child has a file with its pid and start time, and a start
of the server ends what a killed server left behind (on macOS, which has no such signal, this alone does it).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


def spawn(pids: Path, command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own; `options` are Popen's. Blocks until it was started."""
    parent = os.getpid()

    def begin() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # the server died between fork and prctl
                os._exit(1)

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, start_new_session=True, preexec_fn=begin, **options)

    child = _starter.submit(start).result()
    pids.mkdir(parents=True, exist_ok=True)
    (pids / str(child.pid)).write_text(started_at(child.pid))
    return child


def stop(
    pids: Path, child: subprocess.Popen[bytes], *, signal_first: int = signal.SIGTERM, patience: float = 5
) -> int:
    """End a child and its process group: ask, wait `patience` seconds, then kill. Answers its exit status."""
    if child.poll() is None:
        signal_group(child.pid, signal_first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    signal_group(child.pid, signal.SIGKILL)
    status = child.wait()
    forget(pids, child)
    return status


def forget(pids: Path, child: subprocess.Popen[bytes]) -> None:
    """Drop the record of a child that has ended."""
    (pids / str(child.pid)).unlink(missing_ok=True)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a child's process group; one that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def sweep(pids: Path, log: Callable[[str], None] = lambda _: None) -> int:
    """End the children a killed server left behind. A pid that was given to another process since is left alone."""
    ended = 0
    for record in pids.glob("*") if pids.is_dir() else ():
        pid = int(record.name)
        if record.read_text() == started_at(pid) != "":
            log(f"ending process {pid} of an earlier server")
            signal_group(pid, signal.SIGKILL)
            ended += 1
            _wait_gone(pid)
        record.unlink(missing_ok=True)
    return ended


def end_those_in(directory: Path) -> None:
    """End the processes that work in `directory`: what a server that was killed leaves for a moment (on Linux)."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if link.resolve() == directory.resolve():
                pid = int(link.parent.name)
                os.kill(pid, signal.SIGKILL)
                _wait_gone(pid)


def started_at(pid: int) -> str:
    """When a process started, in the kernel's own units, or "" when there is none; a reused pid differs."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        pass
    if sys.platform == "linux":
        return ""
    asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        if sys.platform == "linux":
            return False
    return bool(started_at(pid))


def _wait_gone(pid: int) -> None:
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
