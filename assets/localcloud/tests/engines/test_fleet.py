"""Engines that end by themselves are started again, and who asks for them meanwhile waits."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest

from localaws import processes
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


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is Linux's")
@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_an_address_that_is_taken_in_the_last_moment_is_left_to_who_took_it(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    from localaws.engines import Address, MariaDB, Postgres, fleet
    from localaws.settings import Settings

    kind = Postgres if engine == "postgres" else MariaDB
    state = Path(tempfile.mkdtemp(prefix="localaws-"))
    settings = Settings(state=state, port=0, account="123456789012", region="us-east-1", uuid="0")

    class One(fleet.Fleet[Any]):
        def databases(self) -> list[tuple[str, dict[str, Any]]]:
            return [("us-east-1", {"db": record})]

        def snapshots(self) -> list[Any]:
            return []

        def build(self, region: str, record: dict[str, Any], address: Address) -> Any:
            return kind(settings, "rds", "db", address)

        def prepare(self, engine: Any, record: dict[str, Any]) -> None:
            pass

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        record: dict[str, Any] = {"Id": "db", "Status": "creating", "_port": port, "_host": ""}
        words = fleet.Words("rds", "Id", "Status", "SnapshotId", "stopped", "stopping", "failed")
        one = One(words, threading.RLock())
        chosen = fleet.choose

        def late(*given: Any) -> Address:
            found = chosen(*given)
            taken.listen()  # between the choice and the start
            return found

        monkeypatch.setattr(fleet, "choose", late)
        one.create("us-east-1", record)
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
