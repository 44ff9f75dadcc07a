"""Engines that end by themselves are started again, and who asks for them meanwhile waits."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest

from localaws import processes
from localaws.engines import Address, MariaDB, Postgres, fleet
from localaws.settings import Settings
from tests.conftest import Cloud, unique, wait_for


def pids(cloud: Cloud, service: str, name: str) -> list[int]:
    """The processes that work in the data of an engine."""
    data = cloud.state / "engines" / service / f"us-east-1-{name}" / "data"
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.resolve() == data.resolve():
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found


def killed(found: list[int]) -> None:
    assert found
    os.kill(min(found), signal.SIGKILL)
    wait_for(lambda: not processes.alive(min(found)))


@pytest.fixture
def cluster(cloud: Cloud) -> str:
    redshift, name = cloud.client("redshift"), unique("cluster")
    redshift.create_cluster(
        ClusterIdentifier=name, NodeType="ra3.large", MasterUsername="admin", MasterUserPassword="Secret-Passw0rd",
        DBName="dev", ClusterType="single-node",
    )  # fmt: skip
    wait_for(lambda: redshift.describe_clusters(ClusterIdentifier=name)["Clusters"][0]["ClusterStatus"] == "available")
    return name


def ran(cloud: Cloud, cluster: str, text: str) -> Any:
    data = cloud.client("redshift-data")
    statement = data.execute_statement(ClusterIdentifier=cluster, Database="dev", DbUser="admin", Sql=text)["Id"]
    wait_for(lambda: data.describe_statement(Id=statement)["Status"] in ("FINISHED", "FAILED"))
    found = data.describe_statement(Id=statement)
    assert found["Status"] == "FINISHED", found.get("Error")
    return data.get_statement_result(Id=statement)["Records"] if found["HasResultSet"] else None


def test_the_next_statement_finds_a_cluster_whose_engine_was_killed(cloud: Cloud, cluster: str) -> None:
    ran(cloud, cluster, "create table kept as select 7 as n")
    for _ in range(4):
        killed(pids(cloud, "redshift", cluster))
        assert ran(cloud, cluster, "select n from kept") == [[{"longValue": 7}]]
    cloud.client("redshift").delete_cluster(ClusterIdentifier=cluster, SkipFinalClusterSnapshot=True)


def hung_up(server: socket.socket) -> None:
    """Who listens but is no database."""
    with contextlib.suppress(OSError):
        while True:
            server.accept()[0].close()


class One(fleet.Fleet[Any]):
    """A fleet of one record."""

    def __init__(self, record: dict[str, Any], build: Callable[[Address], Any]) -> None:
        words = fleet.Words("rds", "Id", "Status", "SnapshotId", "stopped", "stopping", "failed")
        super().__init__(words, threading.RLock())
        self.record, self.made = record, build

    def databases(self) -> list[tuple[str, dict[str, Any]]]:
        return [("us-east-1", {"db": self.record})]

    def snapshots(self) -> list[Any]:
        return []

    def build(self, region: str, record: dict[str, Any], address: Address) -> Any:
        return self.made(address)

    def prepare(self, engine: Any, record: dict[str, Any]) -> None:
        pass


class Killed:
    """An engine that has ended by itself and takes its time to start again."""

    died, running, log = True, False, Path("log")

    def __init__(self) -> None:
        self.starting, self.go_on = threading.Event(), threading.Event()

    def recover(self) -> None:
        self.starting.set()
        assert self.go_on.wait(10)
        self.died, self.running = False, True

    def stop(self) -> None:
        self.died = self.running = False


@pytest.fixture
def recovering(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[One, Killed, threading.Thread]]:
    """A fleet whose only engine is being started again, until it may go on."""
    monkeypatch.setattr(fleet, "changed", lambda service: None)
    engine = Killed()
    one = One({"Id": "db", "Status": "available", "_port": 0}, lambda address: engine)
    one._engines["us-east-1", "db"] = engine
    thread = threading.Thread(target=one._revive, args=("us-east-1", "db"))
    thread.start()
    assert engine.starting.wait(10)
    yield one, engine, thread
    engine.go_on.set()


def test_what_is_asked_for_while_an_engine_is_started_again_is_not_written_over(
    recovering: tuple[One, Killed, threading.Thread],
) -> None:
    one, engine, thread = recovering
    with one._lock:  # free meanwhile
        assert one.record["Status"] == "rebooting"
        one.record["Status"] = "deleting"
    engine.go_on.set()
    thread.join(10)
    assert one.record["Status"] == "deleting"


def test_who_holds_the_lock_of_the_store_gets_the_engine_that_is_started_again(
    recovering: tuple[One, Killed, threading.Thread],
) -> None:
    one, engine, thread = recovering
    with one._lock:
        threading.Timer(0.1, engine.go_on.set).start()
        assert one.engine_of("us-east-1", "db") is engine
    thread.join(10)
    assert one.record["Status"] == "available"


def test_an_engine_that_is_started_again_does_not_outlive_the_server(
    recovering: tuple[One, Killed, threading.Thread],
) -> None:
    one, engine, thread = recovering
    threading.Timer(0.2, engine.go_on.set).start()
    one.end()
    thread.join(10)
    assert not engine.running


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is Linux's")
@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_an_address_that_is_taken_in_the_last_moment_is_left_to_who_took_it(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    kind = Postgres if engine == "postgres" else MariaDB
    state = Path(tempfile.mkdtemp(prefix="localaws-"))
    settings = Settings(state=state, port=0, account="123456789012", region="us-east-1", uuid="0")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # bound, it looks free until it listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        record: dict[str, Any] = {"Id": "db", "Status": "creating", "_port": port, "_host": ""}
        one = One(record, lambda address: kind(settings, "rds", "db", address))
        chosen, choices = fleet.choose, []

        def late(*given: Any) -> Address:
            choices.append(chosen(*given))
            if len(choices) == 1:  # between the choice and the start
                taken.listen()
                threading.Thread(target=hung_up, args=(taken,), daemon=True).start()
            return choices[-1]

        monkeypatch.setattr(fleet, "choose", late)
        one.create("us-east-1", record)
        assert [choice.host for choice in choices] == ["127.0.0.1", "127.0.0.2"]
        assert (record["_host"], record["Endpoint"]["Port"]) == ("127.0.0.2", port)
        one.end()
    shutil.rmtree(state, ignore_errors=True)


@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_an_instance_comes_back_although_nobody_calls(cloud: Cloud, engine: str) -> None:
    rds, name = cloud.client("rds"), unique("db")
    rds.create_db_instance(
        DBInstanceIdentifier=name, Engine=engine, DBInstanceClass="db.t3.micro", AllocatedStorage=20, DBName="app",
        MasterUsername="boss", MasterUserPassword="Secret-Passw0rd",
    )  # fmt: skip

    def described() -> dict[str, Any]:
        found: dict[str, Any] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return found

    wait_for(lambda: described()["DBInstanceStatus"] == "available")
    endpoint = described()["Endpoint"]

    def connected() -> bool:
        where = {"host": endpoint["Address"], "port": endpoint["Port"], "user": "boss", "password": "Secret-Passw0rd"}
        try:
            if engine == "postgres":
                psycopg.connect(**where, dbname="app").close()
            else:
                pymysql.connect(**where, database="app").close()
        except (psycopg.OperationalError, pymysql.OperationalError):
            return False
        return True

    assert connected()
    killed(pids(cloud, "rds", name))
    wait_for(connected)
    wait_for(lambda: described()["DBInstanceStatus"] == "available")
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
