"""The engines of the instances, and the work that goes on behind a status."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from localaws.contract import Settings, changed
from localaws.engines import Address, Engine, MariaDB, Postgres
from localaws.engines.address import choose
from localaws.rds import parameter_groups, store
from localaws.rds.store import Record

log = logging.getLogger("localaws.rds")

_engines: dict[tuple[str, str], Engine] = {}
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="rds")
_settings: Settings | None = None
_starting = threading.Lock()

_SUPERUSER_ROLES = (
    "pg_monitor", "pg_signal_backend", "pg_checkpoint", "pg_read_all_data", "pg_write_all_data",
    "pg_use_reserved_connections", "pg_create_subscription",
)


def settings() -> Settings:
    """The settings of the server."""
    assert _settings is not None, "rds was not started"
    return _settings


def begin(given: Settings) -> None:
    """Start the engines of all instances that should run, and settle what was under way when the server ended.

    Returns when those that are available answer.
    """
    global _settings
    _settings = given
    starting = []
    for region, known in store.regions.items():
        for instance in list(known.instances.values()):
            status = instance["DBInstanceStatus"]
            if status == "deleting":
                in_background(region, instance, lambda i=instance, r=region: forget(r, i))  # type: ignore[misc]
            elif status == "creating":
                in_background(region, instance, lambda i=instance, r=region: create(r, i))  # type: ignore[misc]
            elif status in ("stopped", "stopping"):
                instance["DBInstanceStatus"] = "stopped"
            elif status != "failed":
                starting.append(in_background(region, instance, lambda i=instance, r=region: start(r, i)))  # type: ignore
        for snapshot in known.snapshots.values():
            if snapshot["Status"] == "creating":
                snapshot["Status"] = "failed"
    futures.wait(starting, timeout=10)


def end() -> None:
    """Stop all engines at the same time."""
    list(_pool.map(lambda engine: engine.stop(), list(_engines.values())))
    _engines.clear()


def in_background(
    region: str, instance: Record, work: Callable[[], None], status: str = "available"
) -> Future[None]:
    """Do the work behind an instance's status, and set `status` when it is done."""

    def run() -> None:
        try:
            work()
            instance["DBInstanceStatus"] = status
        except Exception:
            log.exception("instance %s", instance["DBInstanceIdentifier"])
            instance["DBInstanceStatus"] = "failed"
        changed("rds")

    return _pool.submit(contextvars.copy_context().run, run)


def engine_of(region: str, identifier: str) -> Engine | None:
    """The running engine of an instance."""
    engine = _engines.get((region, identifier))
    return engine if engine is not None and engine.running else None


def create(region: str, instance: Record) -> None:
    """Make the database of a new instance, empty or from a snapshot."""
    engine = _made(region, instance)
    source = instance.pop("_from_snapshot", None)
    if source and not engine.data.exists():
        engine.adopt(Path(source))
    engine.start()
    password = instance.pop("_password", None)
    if password is not None:
        _prepare(engine, instance, password)
    _show_endpoint(engine, instance)


def _prepare(engine: Engine, instance: Record, password: str) -> None:
    """The master user and the first database."""
    user = instance["MasterUsername"]
    if isinstance(engine, Postgres):
        with engine.connect("postgres", autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = 'rds_superuser'").fetchone():
                connection.execute("create role rds_superuser")
            known = {row[0] for row in connection.execute("select rolname from pg_roles")}
            for role in _SUPERUSER_ROLES:
                if role in known:
                    connection.execute(f"grant {role} to rds_superuser with admin option")
        engine.make_user(user, password, roles=("rds_superuser",))
        with engine.connect("postgres", autocommit=True) as connection:
            connection.execute('alter database postgres owner to "' + user.replace('"', '""') + '"')
        if instance.get("DBName"):
            engine.make_database(instance["DBName"], user)
    elif isinstance(engine, MariaDB):
        engine.make_user(user, password)
        if instance.get("DBName"):
            engine.make_database(instance["DBName"])


def start(region: str, instance: Record) -> None:
    """Start the engine of an instance that exists."""
    engine = _made(region, instance)
    engine.start()
    _show_endpoint(engine, instance)


def stop(region: str, instance: Record) -> None:
    """Stop the engine of an instance; its data stays."""
    engine = _engines.pop((region, instance["DBInstanceIdentifier"]), None)
    if engine is not None:
        engine.stop()


def restart(region: str, instance: Record) -> None:
    """Stop and start the engine, with the parameters and the port it has now."""
    stop(region, instance)
    start(region, instance)


def forget(region: str, instance: Record) -> None:
    """Remove an instance's engine, its data and its record."""
    identifier = instance["DBInstanceIdentifier"]
    engine = _engines.pop((region, identifier), None) or _made(region, instance)
    engine.remove()
    with store.lock:
        _engines.pop((region, identifier), None)
        store.regions[region].instances.pop(identifier, None)


def rename(region: str, instance: Record, name: str) -> None:
    """Move the data of an instance to its new name."""
    stop(region, instance)
    old = settings().engines / "rds" / f"{region}-{instance['DBInstanceIdentifier']}"
    old.rename(old.with_name(f"{region}-{name}"))


def take_snapshot(region: str, instance: Record, snapshot: Record) -> None:
    """Copy the data of an instance."""
    engine = _engines.get((region, instance["DBInstanceIdentifier"])) or _made(region, instance)
    engine.copy_data(snapshot_data(region, snapshot["DBSnapshotIdentifier"]))
    snapshot["Status"], snapshot["PercentProgress"] = "available", 100


def snapshot_data(region: str, identifier: str) -> Path:
    """Where a snapshot's data lies."""
    return settings().engines / "rds-snapshots" / f"{region}-{identifier}"


def _show_endpoint(engine: Engine, instance: Record) -> None:
    instance["Endpoint"] = {
        "Address": engine.address.host, "Port": engine.address.port, "HostedZoneId": "Z2R2ITUGPM61AM"
    }


def _made(region: str, instance: Record) -> Engine:
    """The engine object of an instance, on the address it had before where that is free."""
    with _starting:
        wanted = Address(instance.get("_host") or "127.0.0.1", instance["_port"])
        if not instance.get("_host") or not wanted.free:
            taken = {
                Address(one["_host"], one["_port"])
                for known in store.regions.values() for one in known.instances.values()
                if one.get("_host") and one is not instance
            }
            wanted = choose(instance["_port"], taken)
        instance["_host"] = wanted.host
        kind = Postgres if instance["Engine"] == "postgres" else MariaDB
        engine = kind(
            settings(), "rds", f"{region}-{instance['DBInstanceIdentifier']}", wanted,
            parameters=parameter_groups.values_of(region, instance),
        )
        _engines[region, instance["DBInstanceIdentifier"]] = engine
        return engine
