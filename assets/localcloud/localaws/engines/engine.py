"""What PostgreSQL and MariaDB have in common: a data directory, an address, a process that ends with the server."""

from __future__ import annotations

import abc
import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from localaws import processes
from localaws.engines.address import Address
from localaws.engines.privileges import Privileges, dropped
from localaws.settings import Settings

_PATIENCE = 60.0
"""Seconds an engine may take to open its port; recovery after a kill is part of it."""


class EngineError(RuntimeError):
    """An engine could not be installed, started or asked."""


class Engine(abc.ABC):
    """A database server with its data below `settings.engines`. All methods block: call them in a thread."""

    def __init__(self, settings: Settings, service: str, name: str, address: Address) -> None:
        self.address = address
        self.root = settings.engines / service / name
        self._pids = settings.pids
        self._state = settings.state
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self._child is not None and self._child.poll() is None

    @property
    def died(self) -> bool:
        """Whether the process was started and has ended by itself."""
        return self._child is not None and self._child.poll() is not None

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._child.pid if self._child is not None and self.running else None

    @property
    def data(self) -> Path:
        """The server's own data directory."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """What the server wrote."""
        return self.root / "log"

    @abc.abstractmethod
    def start(self) -> None:
        """Make the data directory where there is none, and start the server; returns when it answers."""

    @abc.abstractmethod
    def copy_data(self, target: Path) -> None:
        """Write a consistent copy of the data to `target`, which must not exist, while the server runs (or not)."""

    @abc.abstractmethod
    def adopt(self, source: Path) -> None:
        """Begin with a copy that `copy_data` wrote instead of an empty database. Before the first start."""

    @abc.abstractmethod
    def apply(self, parameters: Mapping[str, str]) -> None:
        """Take new parameters; those that need no restart have effect at once."""

    @abc.abstractmethod
    def set_password(self, user: str, password: str) -> None:
        """Change a user's password."""

    def stop(self) -> None:
        """End the server in an orderly way; no error when it does not run."""
        child, self._child = self._child, None
        if child is not None:
            processes.stop(self._pids, child, signal_first=self._stop_signal, patience=8)

    def recover(self) -> None:
        """Start the server again after it has ended by itself, and what it left behind with it."""
        child, self._child = self._child, None
        if child is not None:
            processes.stop(self._pids, child)
        processes.end_those_in(self.data)
        self.start()

    def remove(self) -> None:
        """Stop, and delete the data."""
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    _stop_signal: int

    @contextlib.contextmanager
    def _new_data(self) -> Iterator[Path]:
        """A directory to make, which becomes the data when it is whole: a kill leaves no half of it behind."""
        draft = self.root / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        yield draft
        shutil.rmtree(self.data, ignore_errors=True)
        draft.rename(self.data)

    def _privileges(self, program: Path) -> Privileges:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        return dropped(self.root, self._state, program)

    def _install(self, command: list[str], privileges: Privileges) -> None:
        """Run the program that makes a data directory."""
        done = subprocess.run(
            [*privileges.prefix, *command], capture_output=True, text=True, check=False, **privileges.options
        )
        if done.returncode != 0:
            raise EngineError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-1500:]}")

    def _launch(self, command: list[str], privileges: Privileges) -> None:
        """Start the server and wait until its port is open."""
        with open(self.log, "ab") as log:
            self._child = processes.spawn(
                self._pids,
                [*privileges.prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **privileges.options,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._open():
            if not self.running:
                self._child = None
                raise EngineError(f"{Path(command[0]).name} ended at once: {self._last_words()}")
            if time.monotonic() > deadline:
                self.stop()
                raise EngineError(f"{Path(command[0]).name} did not open {self.address}: {self._last_words()}")
            time.sleep(0.02)

    def _open(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex((self.address.host, self.address.port)) == 0

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-800:].strip()
