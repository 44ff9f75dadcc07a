"""The engines behind the records of a service, and the work that goes on behind a record's status.

A record is AWS's own (a Redshift cluster, an RDS instance); `_port` is the port that was asked for and `_host` the
loopback address it was found free on. An engine that ends by itself is started again: at once when somebody calls for
it, and within a second otherwise. Meanwhile the record says so.
"""

from __future__ import annotations

import abc
import contextvars
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from localaws.contract import changed
from localaws.engines.address import Address, choose
from localaws.engines.engine import Engine, EngineError
from localaws.settings import Settings

Record = dict[str, Any]
E = TypeVar("E", bound=Engine)

_LOOK = 1.0
"""Seconds between two looks at the engines."""
_MOST_RESTARTS = 5
"""Times an engine is started again within `_SPAN` seconds before it is given up."""
_SPAN = 60.0
_MOST_ADDRESSES = 3
"""Times an engine is given another address because its own is taken."""


@dataclass(frozen=True)
class Words:
    """What a service calls its databases: names of members, and values of the status."""

    service: str
    """Also the name of the directory below `engines`."""
    identifier: str
    status: str
    snapshot: str
    stopped: str
    stopping: str
    failed: str
    recovering: str = "rebooting"


class Fleet(abc.ABC, Generic[E]):
    """The engines of one service."""

    def __init__(self, words: Words, lock: threading.RLock) -> None:
        self.words = words
        self.log = logging.getLogger(f"localaws.{words.service}")
        self._lock = lock
        """The store's: held while a record changes."""
        self._engines: dict[tuple[str, str], E] = {}
        self._restarts: dict[tuple[str, str], list[float]] = {}
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix=words.service)
        self._settings: Settings | None = None
        self._choosing = threading.Lock()
        self._reviving = threading.Lock()
        """Held while an engine that ended by itself is started. Who holds it never waits for the store's lock."""
        self._ended: set[tuple[str, str]] = set()
        """Engines that ended by themselves, while their records say so; changed with the store's lock held."""
        self._ending = threading.Event()
        self._watching: threading.Thread | None = None

    # What differs between services.

    @abc.abstractmethod
    def databases(self) -> list[tuple[str, dict[str, Record]]]:
        """The records of each region, by identifier."""

    @abc.abstractmethod
    def snapshots(self) -> list[Record]:
        """Every snapshot."""

    @abc.abstractmethod
    def build(self, region: str, record: Record, address: Address) -> E:
        """The engine object of a record."""

    @abc.abstractmethod
    def prepare(self, engine: E, record: Record) -> None:
        """Give a server that has just been made its users and its first database; once more after a kill."""

    def started(self, engine: E, record: Record) -> None:
        """Bring a server whose data was there already up to date."""

    def settle(self, record: Record, status: str) -> None:
        """Set a record's status, with the store's lock held."""
        record[self.words.status] = status

    def endpoint(self, address: Address) -> Record:
        """The endpoint that a record shows."""
        return {"Address": address.host, "Port": address.port}

    # What a server of the service does.

    @property
    def settings(self) -> Settings:
        """The settings of the server."""
        assert self._settings is not None, f"{self.words.service} was not started"
        return self._settings

    def begin(self, settings: Settings) -> None:
        """Start the engines of all records that should run, and settle what was under way when the server ended.

        Returns when those that are available answer.
        """
        self._settings = settings
        words = self.words
        starting = []
        for region, known in self.databases():
            for record in list(known.values()):
                status = record[words.status]
                if status == "deleting":
                    self.in_background(region, record, lambda one=record, r=region: self.forget(r, one))  # type: ignore[misc]
                elif status == "creating":
                    self.in_background(region, record, lambda one=record, r=region: self.create(r, one))  # type: ignore[misc]
                elif status in (words.stopped, words.stopping):
                    record[words.status] = words.stopped
                elif status != words.failed:
                    work = self.in_background(region, record, lambda one=record, r=region: self.start(r, one))  # type: ignore[misc]
                    starting.append(work)
        for snapshot in self.snapshots():
            if snapshot["Status"] == "creating":
                snapshot["Status"] = "failed"
        futures.wait(starting, timeout=10)
        self._watching = threading.Thread(target=self._watch, name=f"{words.service}-watch", daemon=True)
        self._watching.start()

    def end(self) -> None:
        """Stop all engines at the same time, those too that are being started again."""
        self._ending.set()
        with self._reviving:
            list(self._pool.map(lambda engine: engine.stop(), list(self._engines.values())))
            self._engines.clear()
        if self._watching is not None:
            self._watching.join()

    def in_background(
        self, region: str, record: Record, work: Callable[[], None], status: str = "available"
    ) -> Future[None]:
        """Do the work behind a record's status, and set `status` when it is done."""

        def run() -> None:
            try:
                work()
                then = status
            except Exception:
                self.log.exception("%s", record[self.words.identifier])
                then = self.words.failed
            with self._lock:
                self.settle(record, then)
            changed(self.words.service)

        return self._pool.submit(contextvars.copy_context().run, run)

    # What is done to one engine.

    def engine_of(self, region: str, identifier: str) -> E | None:
        """The running engine of a record; one that has ended by itself is started again."""
        engine = self._engines.get((region, identifier))
        if engine is not None and (not engine.running or self._reviving.locked()):
            self._revive(region, identifier)  # or wait until somebody else has done so
        return engine if engine is not None and engine.running else None

    def create(self, region: str, record: Record) -> None:
        """Make the database of a new record, empty or from a snapshot.

        What it is made from stays in the record until that is done, for another start after a kill.
        """
        source = record.get("_from_snapshot")
        engine = self._made(region, record)
        if source and not engine.data.exists():
            engine.adopt(Path(source))
        engine = self._start(engine, region, record)
        self.prepare(engine, record)
        for given in ("_from_snapshot", "_password"):
            record.pop(given, None)
        record["Endpoint"] = self.endpoint(engine.address)

    def start(self, region: str, record: Record) -> None:
        """Start the engine of a record whose data is there."""
        engine = self._start(self._made(region, record), region, record)
        self.started(engine, record)
        record["Endpoint"] = self.endpoint(engine.address)

    def stop(self, region: str, record: Record) -> None:
        """Stop the engine of a record; its data stays."""
        engine = self._taken_out(region, record[self.words.identifier])
        if engine is not None:
            engine.stop()

    def restart(self, region: str, record: Record) -> None:
        """Stop and start the engine, with the parameters and the port it has now."""
        self.stop(region, record)
        self.start(region, record)

    def forget(self, region: str, record: Record) -> None:
        """Remove an engine, its data and its record."""
        identifier = record[self.words.identifier]
        engine = self._taken_out(region, identifier) or self._made(region, record)
        engine.remove()
        with self._lock:
            self._engines.pop((region, identifier), None)
            dict(self.databases())[region].pop(identifier, None)

    def rename(self, region: str, record: Record, name: str) -> None:
        """Stop the engine and move its data to its new name."""
        self.stop(region, record)
        old = self.settings.engines / self.words.service / f"{region}-{record[self.words.identifier]}"
        old.rename(old.with_name(f"{region}-{name}"))

    def take_snapshot(self, region: str, record: Record, snapshot: Record) -> None:
        """Copy the data of a record."""
        engine = self._engines.get((region, record[self.words.identifier])) or self._made(region, record)
        begun = time.monotonic()
        engine.copy_data(self.snapshot_data(region, snapshot[self.words.snapshot]))
        with self._lock:
            self.taken(snapshot, time.monotonic() - begun)
            snapshot["Status"] = "available"

    def taken(self, snapshot: Record, seconds: float) -> None:
        """Say in a snapshot's record that it has been taken, and how long that took."""

    def snapshot_data(self, region: str, identifier: str) -> Path:
        """Where a snapshot's data lies."""
        return self.settings.engines / f"{self.words.service}-snapshots" / f"{region}-{identifier}"

    def _start(self, engine: E, region: str, record: Record) -> E:
        """Start an engine; on another address where another local AWS, say, has taken its own meanwhile."""
        for _ in range(_MOST_ADDRESSES):
            try:
                engine.start()
                return engine
            except EngineError:
                if engine.running or engine.address.free:
                    raise
            engine = self._made(region, record)
        engine.start()
        return engine

    def _made(self, region: str, record: Record) -> E:
        """The engine object of a record, on the address it had before where that is free."""
        with self._choosing:
            wanted = Address(record.get("_host") or "127.0.0.1", record["_port"])
            if not record.get("_host") or not wanted.free:
                taken = {
                    Address(one["_host"], one["_port"])
                    for _, known in self.databases() for one in known.values()
                    if one.get("_host") and one is not record
                }
                wanted = choose(record["_port"], taken)
            record["_host"] = wanted.host
            engine = self.build(region, record, wanted)
            self._engines[region, record[self.words.identifier]] = engine
            return engine

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK):
            for region, identifier in [key for key, engine in list(self._engines.items()) if engine.died]:
                self._revive(region, identifier)

    def _revive(self, region: str, identifier: str) -> None:
        """Start an engine that has ended by itself; give it up when it does so again and again.

        The record changes with the store's lock held, before the engine is started and after it. Meanwhile the lock is
        free: what is asked for then, a deletion say, is not written over.
        """
        key = (region, identifier)
        with self._lock:
            record = _records(self.databases(), region).get(identifier)
            engine = self._engines.get(key)
            if record is None or self._ending.is_set():
                return
            if engine is not None and engine.died and record[self.words.status] == "available":
                self._ended.add(key)
                self.settle(record, self.words.recovering)
            if key not in self._ended:
                return  # what is under way starts it, or stops it
        then = self._recovered(key)
        with self._lock:
            if then is None:
                return  # somebody else has done so, or it was stopped
            self._ended.discard(key)
            if record[self.words.status] == self.words.recovering:
                self.settle(record, then)
        changed(self.words.service)

    def _recovered(self, key: tuple[str, str]) -> str | None:
        """Start an engine that has ended; the status its record gets, or None when there was nothing to do."""
        with self._reviving:
            engine = self._engines.get(key)
            if engine is None or not engine.died or self._ending.is_set():
                return None
            self.log.warning("%s ended by itself and is started again", key[1])
            lately = [one for one in self._restarts.get(key, []) if one > time.monotonic() - _SPAN]
            self._restarts[key] = [*lately, time.monotonic()]
            try:
                if len(lately) >= _MOST_RESTARTS:
                    raise EngineError(f"{key[1]} ends again and again; see {engine.log}")
                engine.recover()
                return "available"
            except Exception:
                self.log.exception("%s", key[1])
                self._engines.pop(key, None)
                return self.words.failed

    def _taken_out(self, region: str, identifier: str) -> E | None:
        """The engine of a record, which nobody starts again from now on."""
        engine = self._engines.pop((region, identifier), None)
        with self._reviving:  # whoever is starting it is done
            self._ended.discard((region, identifier))
        return engine


def _records(databases: list[tuple[str, dict[str, Record]]], region: str) -> Mapping[str, Record]:
    return dict(databases).get(region, {})
