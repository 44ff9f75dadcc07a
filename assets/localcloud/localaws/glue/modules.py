"""`--additional-python-modules`: installed by pip, and kept for all later runs that ask for the same ones.

Each set of modules has a directory of its own in the cache, beside the environment that it belongs to. A set is
installed once, however many runs ask for it at the same time, and appears whole or not at all.

Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-libraries.html
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from localaws import processes

FAILED = (
    "LAUNCH ERROR | Python Module Installer indicates modules that failed to install, check logs from the "
    "PythonModuleInstaller. Please refer logs for details."
)
"""What AWS says of modules that pip cannot install."""

_KEPT = 30 * 24 * 3600
"""Seconds that a set is kept without being asked for."""
_DRAFT = 24 * 3600
"""Seconds after which nobody works at a draft any more: its server was killed."""


class NotInstalled(Exception):
    """Modules that pip could not install, or whose run was stopped meanwhile."""


def installed(
    wanted: Sequence[str], options: Sequence[str], cache: Path, pids: Path, output: Path, stopping: threading.Event
) -> Path:
    """The directory of these modules, installed where that was not done before; a path in `wanted` is a wheel's file.

    What pip says goes to `output`. Raises NotInstalled.
    """
    target = cache / _key(wanted, options)
    with _alone(target.with_suffix(".lock"), stopping):
        if target.is_dir():
            return target
        _drop_unused(cache)
        draft = cache / f"draft-{uuid.uuid4().hex}"
        try:
            _pip(["--target", str(draft), *options, *wanted], pids, output, stopping)
            draft.replace(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return target


def _key(wanted: Sequence[str], options: Sequence[str]) -> str:
    """What tells one set from another: the names, or the contents of what was uploaded, for this Python."""
    digest = hashlib.sha256("\n".join([sys.version, sys.prefix, *options]).encode())
    for one in wanted:
        digest.update(b"\n" + (Path(one).read_bytes() if Path(one).is_absolute() else one.encode()))
    return digest.hexdigest()[:24]


@contextlib.contextmanager
def _alone(path: Path, stopping: threading.Event) -> Iterator[None]:
    """Hold a lock among all runs of all local AWSs that share the cache."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if stopping.wait(0.05):
                    raise NotInstalled("stopped") from None
        os.utime(path)
        yield


def _drop_unused(cache: Path) -> None:
    """Remove the sets that no run has asked for in a month, and drafts that a killed server left behind.

    A set's lock is touched by every run.
    """
    for lock in cache.glob("*.lock"):
        if lock.stat().st_mtime < time.time() - _KEPT:
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)
    for draft in cache.glob("draft-*"):
        if draft.stat().st_mtime < time.time() - _DRAFT:
            shutil.rmtree(draft, ignore_errors=True)


def _pip(arguments: list[str], pids: Path, output: Path, stopping: threading.Event) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    with open(output, "ab") as log:
        child = processes.spawn(
            pids, [*command, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        )  # fmt: skip
    while child.poll() is None:
        if stopping.wait(0.05):
            break
    if status := processes.stop(pids, child, patience=1):
        lines = output.read_text(errors="replace").strip().splitlines()
        errors = [line for line in lines if line.startswith("ERROR")]
        raise NotInstalled((errors or lines or [f"pip ended with {status}"])[-1])
