"""The engines of the clusters, and the work that goes on behind a status."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from localaws.contract import Settings, changed
from localaws.engines import Address, Postgres
from localaws.engines.address import choose
from localaws.redshift import database, store
from localaws.redshift.store import Record

log = logging.getLogger("localaws.redshift")

MASTER_ROLES = ("pg_read_all_data", "pg_write_all_data", "pg_signal_backend", "pg_monitor")
DATA_API_LOGIN = "rdsdataapi_"
"""How the users begin that the Data API logs in as: one for each user it becomes, who may become no other."""

_engines: dict[tuple[str, str], Postgres] = {}
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="redshift")
_settings: Settings | None = None
_starting = threading.Lock()
_EFFECTIVE = {"datestyle", "extra_float_digits", "search_path", "statement_timeout"}
"""Parameters of a group that PostgreSQL has too."""


def settings() -> Settings:
    """The settings of the server."""
    assert _settings is not None, "redshift was not started"
    return _settings


def begin(given: Settings) -> None:
    """Start the engines of all clusters that should run, and settle what was under way when the server ended.

    Returns when those that are available answer.
    """
    global _settings
    _settings = given
    starting = []
    for region, known in store.regions.items():
        for cluster in list(known.clusters.values()):
            status = cluster["ClusterStatus"]
            if status == "deleting":
                in_background(region, cluster, lambda c=cluster, r=region: forget(r, c))  # type: ignore[misc]
            elif status == "creating":
                in_background(region, cluster, lambda c=cluster, r=region: create(r, c))  # type: ignore[misc]
            elif status in ("paused", "pausing"):
                cluster["ClusterStatus"] = "paused"
            elif status != "hardware-failure":
                starting.append(in_background(region, cluster, lambda c=cluster, r=region: start(r, c)))  # type: ignore
        for snapshot in known.snapshots.values():
            if snapshot["Status"] == "creating":
                snapshot["Status"] = "failed"
    futures.wait(starting, timeout=10)


def end() -> None:
    """Stop all engines."""
    for engine in list(_engines.values()):
        engine.stop()
    _engines.clear()


def in_background(region: str, cluster: Record, work: Callable[[], None], status: str = "available") -> Future[None]:
    """Do the work behind a cluster's status, and set `status` when it is done."""

    def run() -> None:
        try:
            work()
            _settle(region, cluster, status)
        except Exception:
            log.exception("cluster %s", cluster["ClusterIdentifier"])
            _settle(region, cluster, "hardware-failure")
        changed("redshift")

    return _pool.submit(contextvars.copy_context().run, run)


def _settle(region: str, cluster: Record, status: str) -> None:
    with store.lock:
        cluster["ClusterStatus"] = status
        cluster["ClusterAvailabilityStatus"] = {
            "available": "Available", "paused": "Paused", "hardware-failure": "Failed"
        }.get(status, "Modifying")


def engine_of(region: str, identifier: str) -> Postgres | None:
    """The running engine of a cluster."""
    engine = _engines.get((region, identifier))
    return engine if engine is not None and engine.running else None


def create(region: str, cluster: Record) -> None:
    """Make the database of a new cluster, empty or from a snapshot."""
    engine = _made(region, cluster)
    source = cluster.pop("_from_snapshot", None)
    if source and not engine.data.exists():
        engine.adopt(Path(source))
    engine.start()
    prepare(engine, cluster)
    cluster["Endpoint"] = {"Address": engine.address.host, "Port": engine.address.port}


def prepare(engine: Postgres, cluster: Record) -> None:
    """Give the server Redshift's functions, its master user and its first database."""
    with engine.connect("template1", autocommit=True) as connection:
        database.install(connection)
        connection.execute("grant create, usage on schema public to public")
    password = cluster.pop("_password", None)
    if password is not None:
        engine.make_user(cluster["MasterUsername"], password, roles=MASTER_ROLES)
    engine.make_database(cluster["DBName"], cluster["MasterUsername"])


def start(region: str, cluster: Record) -> None:
    """Start the engine of a cluster that exists."""
    engine = _made(region, cluster)
    engine.start()
    cluster["Endpoint"] = {"Address": engine.address.host, "Port": engine.address.port}


def stop(region: str, cluster: Record) -> None:
    """Stop the engine of a cluster; its data stays."""
    engine = _engines.pop((region, cluster["ClusterIdentifier"]), None)
    if engine is not None:
        engine.stop()


def restart(region: str, cluster: Record) -> None:
    """Stop and start the engine, with the parameters it has now."""
    stop(region, cluster)
    start(region, cluster)


def forget(region: str, cluster: Record) -> None:
    """Remove a cluster's engine, its data and its record."""
    engine = _engines.pop((region, cluster["ClusterIdentifier"]), None) or _made(region, cluster)
    engine.remove()
    with store.lock:
        _engines.pop((region, cluster["ClusterIdentifier"]), None)
        store.regions[region].clusters.pop(cluster["ClusterIdentifier"], None)


def rename(region: str, cluster: Record, name: str) -> None:
    """Move the data of a cluster to its new name."""
    stop(region, cluster)
    old = settings().engines / "redshift" / f"{region}-{cluster['ClusterIdentifier']}"
    old.rename(old.with_name(f"{region}-{name}"))


def take_snapshot(region: str, cluster: Record, snapshot: Record) -> None:
    """Copy the data of a cluster."""
    engine = _engines.get((region, cluster["ClusterIdentifier"])) or _made(region, cluster)
    begun = time.time()
    engine.copy_data(snapshot_data(region, snapshot["SnapshotIdentifier"]))
    with store.lock:
        snapshot["Status"] = "available"
        snapshot["ElapsedTimeInSeconds"] = int(time.time() - begun)


def snapshot_data(region: str, identifier: str) -> Path:
    """Where a snapshot's data lies."""
    return settings().engines / "redshift-snapshots" / f"{region}-{identifier}"


def _made(region: str, cluster: Record) -> Postgres:
    """The engine object of a cluster, on the address it had before where that is free."""
    with _starting:
        wanted = Address(cluster.get("_host", "127.0.0.1"), cluster["_port"])
        if not cluster.get("_host") or not wanted.free:
            taken = {
                Address(one["_host"], one["_port"])
                for known in store.regions.values() for one in known.clusters.values()
                if one.get("_host") and one is not cluster
            }
            wanted = choose(cluster["_port"], taken)
        cluster["_host"] = wanted.host
        engine = Postgres(
            settings(), "redshift", f"{region}-{cluster['ClusterIdentifier']}", wanted,
            superuser=database.SUPERUSER, parameters=_parameters(region, cluster),
        )
        _engines[region, cluster["ClusterIdentifier"]] = engine
        return engine


def _parameters(region: str, cluster: Record) -> dict[str, str]:
    name = cluster["ClusterParameterGroups"][0]["ParameterGroupName"]
    group = store.regions[region].parameter_groups.get(name, {})
    return {key: value for key, value in group.get("_values", {}).items() if key in _EFFECTIVE}
