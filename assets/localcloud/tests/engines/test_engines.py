from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pymysql
import pytest

from localaws import processes
from localaws.engines import Address, EngineError, MariaDB, Postgres
from localaws.engines.address import choose
from localaws.settings import Settings


def test_the_requested_port_is_kept_and_another_address_taken_where_it_is_in_use() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        probe.listen()
        port = probe.getsockname()[1]
        if sys.platform == "linux":
            assert choose(port) == Address("127.0.0.2", port)
            assert choose(port, [Address("127.0.0.2", port)]) == Address("127.0.0.3", port)
        else:
            assert choose(port).host == "127.0.0.1"


def test_postgres_keeps_its_data_checks_passwords_and_leaves_no_process(open_settings: Settings) -> None:
    engine = Postgres(open_settings, "rds", "one", choose(15432))
    engine.start()
    engine.make_user("Boss", "it's \\ secret")
    engine.make_database("app", "Boss")
    with engine.connect("app", "Boss", "it's \\ secret") as connection:
        connection.execute("create table t(a int)")
        connection.execute("insert into t values (7)")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        engine.connect("app", "Boss", "wrong")
    engine.set_password("Boss", "new")
    pid = engine.pid
    assert pid is not None
    begun = time.monotonic()
    engine.stop()
    assert time.monotonic() - begun < 2
    assert not processes.alive(pid) and not list(open_settings.pids.iterdir())
    engine.start()
    with engine.connect("app", "Boss", "new") as connection:
        assert connection.execute("select a from t").fetchall() == [(7,)]
    with pytest.raises(psycopg.Error), engine.connect("app", "Boss", "new") as connection:
        connection.execute("copy t from program 'true'")
    engine.remove()
    assert not engine.root.exists()


def test_postgres_copies_its_data_while_it_is_written_to(open_settings: Settings, tmp_path: Path) -> None:
    engine = Postgres(open_settings, "rds", "one", choose(15432))
    engine.start()
    with engine.connect("postgres", autocommit=True) as connection:
        connection.execute("create table t as select generate_series(1, 1000) a")
    engine.copy_data(tmp_path / "copy")
    with engine.connect("postgres", autocommit=True) as connection:
        connection.execute("delete from t")
    other = Postgres(open_settings, "rds", "two", choose(15432))
    other.adopt(tmp_path / "copy")
    other.start()
    with other.connect("postgres") as connection:
        assert connection.execute("select count(*) from t").fetchone() == (1000,)
    engine.remove()
    other.remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_root_reaches_a_closed_state_through_a_user_namespace(closed_settings: Settings) -> None:
    engine = Postgres(closed_settings, "rds", "one", choose(15432))
    engine.start()
    assert os.readlink(f"/proc/{engine.pid}/ns/user") != os.readlink("/proc/self/ns/user")
    engine.remove()


def test_mariadb_keeps_its_data_checks_passwords_and_is_copied(open_settings: Settings, tmp_path: Path) -> None:
    engine = MariaDB(open_settings, "rds", "one", choose(13306))
    engine.start()
    engine.make_user("boss", "it's \\ secret")
    engine.make_database("app")
    with engine.connect("boss", "it's \\ secret", "app") as connection, connection.cursor() as cursor:
        cursor.execute("create table t(a int)")
        cursor.execute("insert into t values (7)")
        with pytest.raises(pymysql.Error):
            cursor.execute("select 1 into outfile '/tmp/should-not-exist'")
    with pytest.raises(pymysql.Error, match="Access denied"):
        engine.connect("boss", "wrong")
    engine.copy_data(tmp_path / "copy")
    engine.stop()
    engine.start()
    engine.set_password("boss", "new")
    with engine.connect("boss", "new", "app") as connection, connection.cursor() as cursor:
        cursor.execute("select a from t")
        assert cursor.fetchall() == ((7,),)
    engine.remove()
    other = MariaDB(open_settings, "rds", "two", choose(13306))
    other.adopt(tmp_path / "copy")
    other.start()
    with other.connect("boss", "it's \\ secret", "app") as connection, connection.cursor() as cursor:
        cursor.execute("select a from t")
        assert cursor.fetchall() == ((7,),)
    other.remove()


@pytest.mark.skipif(sys.platform != "linux", reason="macOS sweeps at the next start instead")
@pytest.mark.parametrize("kind", ["Postgres", "MariaDB"])
@pytest.mark.parametrize("state", ["open_settings", "closed_settings"])
def test_an_engine_ends_with_a_server_that_is_killed(kind: str, state: str, request: pytest.FixtureRequest) -> None:
    settings: Settings = request.getfixturevalue(state)
    script = (
        "import time\nfrom pathlib import Path\nfrom localaws import engines\n"
        "from localaws.settings import Settings\n"
        f"s = Settings(state=Path({str(settings.state)!r}), port=0, account='1', region='us-east-1', uuid='0')\n"
        f"e = engines.{kind}(s, 'rds', 'x', engines.address.choose(15999)); e.start(); print(e.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    server.kill()
    server.wait()
    server.stdout.close()
    deadline = time.monotonic() + 3
    while processes.alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes.alive(pid)


def test_a_start_that_fails_says_what_the_engine_wrote(open_settings: Settings) -> None:
    engine = Postgres(open_settings, "rds", "one", choose(15432), parameters={"shared_buffers": "nonsense"})
    with pytest.raises(EngineError, match="shared_buffers"):
        engine.start()
