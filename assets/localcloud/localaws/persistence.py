"""State on disk: saved after every call that changes something, before it is answered, so that SIGKILL loses nothing.

Calls that are answered at the same time share one save; after one that took long, calls gather for as long again.
What grows without end is not saved whole: bodies of objects are files, and log events are appended (`log_events.py`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localaws import emulated_state
from localaws.settings import write_private

log = logging.getLogger("localaws.persistence")

_QUICK = 0.02
"""Seconds a save may take without being spaced out."""


class NotSaved(Exception):
    """What a call changed is in memory and not on disk."""


class Journal:
    """Saves the state of services that changed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._get: dict[str, Callable[[], Any]] = {}
        self._dirty: set[str] = set()
        self._again: dict[str, float] = {}
        self._failed: set[str] = set()
        self._wake: asyncio.Event | None = None
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
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
        for service in list(self._waiting):
            self._release(service)

    def changed(self, service: str) -> None:
        """Note that a service changed; from any thread."""
        if self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._note, service)

    async def commit(self, service: str) -> None:
        """Note that a service changed and wait until that is on disk."""
        self._note(service)
        done = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(service, []).append(done)
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
                self._again[service] = time.monotonic() + (took if took > _QUICK else 0)
                self._release(service)
            if later and self._loop:
                soonest = min(self._again[name] for name in later) - time.monotonic()
                self._loop.call_later(max(soonest, 0.001), self._wake.set)

    def _release(self, service: str) -> None:
        for done in self._waiting.pop(service, []):
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
                state = emulated_state.state(name, emulator._loaded_modules[name])
                if state is not None:  # the emulator's own saving logs what goes wrong and says nothing
                    wrapped = {"__ministack_format__": persistence._state_format_version(key), "payload": state}
                    text = json.dumps(wrapped, default=persistence._json_default)
                    write_private(Path(persistence.STATE_DIR) / f"{key}.json", text)
