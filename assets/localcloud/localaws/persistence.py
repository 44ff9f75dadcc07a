"""State on disk: saved after every call that changes something, before it is answered, so that SIGKILL loses nothing.

Calls that are answered at the same time share one save. A service whose state takes long to write (logs, after a long
day) is saved behind the answers instead, at most a tenth of the time; a clean stop saves everything.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localaws.settings import write_private

log = logging.getLogger("localaws.persistence")

_PATIENCE = 0.05
"""Seconds a save may take before answers stop waiting for it."""


class NotSaved(Exception):
    """What a call changed is in memory and not on disk."""


class Journal:
    """Saves the state of services that changed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._get: dict[str, Callable[[], Any]] = {}
        self._dirty: set[str] = set()
        self._took: dict[str, float] = {}
        self._again: dict[str, float] = {}
        self._failed: set[str] = set()
        self._wake: asyncio.Event | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def add(self, service: str, get_state: Callable[[], Any]) -> None:
        """Save `service`, one of this package, by `get_state`."""
        self._get[service] = get_state

    def load(self, service: str) -> Any:
        """The saved state of a service of this package, or None."""
        try:
            return json.loads(self._file(service).read_text())
        except FileNotFoundError:
            return None

    def start(self) -> None:
        """Begin saving; on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._save_for_ever())

    async def stop(self) -> None:
        """Save everything and end."""
        if self._task:
            self._task.cancel()
            self._task = None
        for service in (*self._get, *self._emulated()):
            self._save(service)
        self._release()

    def changed(self, service: str) -> None:
        """Note that a service changed; from any thread."""
        if self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._note, service)

    async def commit(self, service: str) -> None:
        """Note that a service changed and wait until that is on disk (or the save is known to be slow)."""
        self._note(service)
        if self._took.get(service, 0) > _PATIENCE:
            return
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        await done
        if service in self._failed:
            raise NotSaved(f"the state of {service} could not be saved; see the log")

    def _note(self, service: str) -> None:
        self._dirty.add(service)
        if self._wake:
            self._wake.set()

    async def _save_for_ever(self) -> None:
        assert self._wake
        while True:
            await self._wake.wait()
            self._wake.clear()
            now = time.monotonic()
            later = [name for name in self._dirty if self._again.get(name, 0) > now]
            for service in self._dirty.difference(later):
                self._dirty.discard(service)
                begun = time.monotonic()
                self._save(service)
                took = time.monotonic() - begun
                self._took[service] = took
                self._again[service] = time.monotonic() + (took * 9 if took > _PATIENCE else 0)
            self._release()
            if later and self._loop:
                self._loop.call_at(self._loop.time() + 0.2, self._wake.set)

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            if not done.done():
                done.set_result(None)

    def _save(self, service: str) -> None:
        try:
            if service in self._get:
                state = self._get[service]()
                write_private(self._file(service), state if isinstance(state, str) else json.dumps(state))
            else:
                self._save_emulated(service)
            self._failed.discard(service)
        except Exception:
            self._failed.add(service)
            log.exception("state of %s not saved", service)

    def _file(self, service: str) -> Path:
        return self.directory / f"{service}.json"

    def _emulated(self) -> list[str]:
        import ministack.app as emulator

        return [key for key, name in emulator._state_map.items() if name in emulator._loaded_modules]

    def _save_emulated(self, service: str) -> None:
        import ministack.app as emulator
        from ministack.core import persistence

        module = emulator.SERVICE_REGISTRY.get(service, {}).get("module", service)
        for key, name in emulator._state_map.items():
            if name == module and name in emulator._loaded_modules:
                state = emulator._loaded_modules[name].get_state()
                if state is not None:  # the emulator's own saving logs what goes wrong and says nothing
                    wrapped = {"__ministack_format__": persistence._state_format_version(key), "payload": state}
                    text = json.dumps(wrapped, default=persistence._json_default)
                    write_private(Path(persistence.STATE_DIR) / f"{key}.json", text)
