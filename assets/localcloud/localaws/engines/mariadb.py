"""MariaDB: Debian's mariadb-server-core, of which no wheel exists. It answers for RDS's `mysql` and `mariadb`."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pymysql

from localaws.engines.address import Address
from localaws.engines.engine import Engine, EngineError
from localaws.settings import Settings, write_private

_DEFAULTS = {
    "innodb_buffer_pool_size": "32M",
    "performance_schema": "OFF",
    "innodb_flush_log_at_trx_commit": "2",  # written at each commit; the kernel keeps it when the process is killed
    "character_set_server": "utf8mb4",
    "default_time_zone": "+00:00",
}


class MariaDB(Engine):
    """One MariaDB server. Its superuser is ours; the master user has all rights but SUPER and FILE."""

    _stop_signal = signal.SIGTERM

    def __init__(
        self,
        settings: Settings,
        service: str,
        name: str,
        address: Address,
        *,
        superuser: str = "rdsadmin",
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(settings, service, name, address)
        self.superuser = superuser
        self.parameters = dict(parameters or {})

    def start(self) -> None:
        """Make the data directory where there is none, and start the server; returns when it answers SQL."""
        server, install = _program("mariadbd"), _program("mariadb-install-db")
        privileges = self._privileges(server)
        if not (self.root / "superuser").exists():
            write_private(self.root / "superuser", secrets.token_urlsafe(24))
        # Read before the port is opened; one statement to a line.
        account = f"'{self.superuser}'@'127.0.0.%'"
        init = self.root / "init.sql"
        write_private(
            init,
            f"CREATE USER IF NOT EXISTS {account} IDENTIFIED BY '{self._password()}';\n"
            f"ALTER USER {account} IDENTIFIED BY '{self._password()}';\n"
            f"GRANT ALL ON *.* TO {account} WITH GRANT OPTION;\n"
            "DROP USER IF EXISTS ''@'localhost';\n"
            "DROP USER IF EXISTS 'root'@'localhost';\n",
        )
        privileges.give(self.root)
        if not (self.data / "mysql").exists():
            with self._new_data() as draft:
                self._install(
                    [
                        str(install), "--no-defaults", f"--datadir={draft}", "--skip-test-db", "--skip-name-resolve",
                        "--auth-root-authentication-method=normal",
                    ],
                    privileges,
                )
        command = [
            str(server), "--no-defaults", f"--datadir={self.data}", f"--port={self.address.port}",
            f"--bind-address={self.address.host}", f"--socket={self.root}/socket", f"--pid-file={self.root}/pid",
            "--skip-log-bin", "--skip-name-resolve", "--local-infile=OFF", f"--init-file={init}",
        ]
        command += [f"--{name.replace('_', '-')}={value}" for name, value in {**_DEFAULTS, **self.parameters}.items()]
        self._launch(command, privileges)
        self._wait_for_sql()
        init.unlink()

    def apply(self, parameters: Mapping[str, str]) -> None:
        """Take new parameters; those that need no restart have effect at once."""
        self.parameters = dict(parameters)
        with self.connect() as connection, connection.cursor() as cursor:
            for name, value in parameters.items():
                with contextlib.suppress(pymysql.Error):  # a variable that only a restart changes
                    cursor.execute(f"SET GLOBAL {name} = %s", (int(value) if value.isdigit() else value,))

    def copy_data(self, target: Path) -> None:
        """Copy the data directory while the process is halted: what a snapshot of its disk would hold.

        Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html (I/O is suspended)
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        pid = self.pid
        if pid is not None:
            os.kill(pid, signal.SIGSTOP)
        try:
            shutil.copytree(self.data, target)
        finally:
            if pid is not None:
                os.kill(pid, signal.SIGCONT)

    def adopt(self, source: Path) -> None:
        """Begin with a copy that `copy_data` wrote instead of an empty database. Before the first start."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self._new_data() as draft:
            shutil.copytree(source, draft)

    def connect(self, user: str = "", password: str = "", database: str | None = None) -> Any:
        """A connection; as the superuser where no user is given."""
        return pymysql.connect(
            host=self.address.host,
            port=self.address.port,
            user=user or self.superuser,
            password=password if user else self._password(),
            database=database,
            autocommit=True,
            connect_timeout=10,
        )

    def make_user(self, user: str, password: str) -> None:
        """Make the master user, or give it the password again.

        Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
        """
        rights = (
            "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, "
            "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, "
            "SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER"
        )
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY %s", (user, password))
            cursor.execute("ALTER USER %s@'%%' IDENTIFIED BY %s", (user, password))
            cursor.execute(f"GRANT {rights} ON *.* TO %s@'%%' WITH GRANT OPTION", (user,))

    def make_database(self, database: str) -> None:
        """Make a database unless there is one of that name."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE IF NOT EXISTS `{database.replace('`', '``')}`")

    def set_password(self, user: str, password: str) -> None:
        """Change a user's password."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("ALTER USER %s@'%%' IDENTIFIED BY %s", (user, password))

    def _password(self) -> str:
        return (self.root / "superuser").read_text().strip()

    def _wait_for_sql(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.connect().close()
                return
            except pymysql.Error as error:
                if time.monotonic() > deadline or not self.running:
                    self.stop()
                    raise EngineError(f"MariaDB does not answer: {error}") from error
            time.sleep(0.03)


def _program(name: str) -> Path:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise EngineError(f"there is no {name} here: install Debian's mariadb-server-core and mariadb-client-core")
    return Path(found)
