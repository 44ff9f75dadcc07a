"""Rows of a table in a database, by its Python driver."""

import contextlib
import datetime
import decimal
import importlib
import json

import boto3
from botocore.exceptions import ClientError

from tickit_sources import SourceError

MODULES = {"postgresql": "psycopg", "mysql": "pymysql", "sqlserver": "pymssql"}
"""The driver of each engine."""

PACKAGES = {"postgresql": "psycopg[binary]", "mysql": "PyMySQL", "sqlserver": "pymssql"}

QUOTES = {"postgresql": '""', "mysql": "``", "sqlserver": "[]"}

AT_ONCE = 5_000
TIMEOUT = 15
PADDED = 1042
"""PostgreSQL's identifier of the type CHAR(n), whose values are padded with blanks that mean nothing."""


def rows(source, columns):
    """`(row number, values)` of each row, in the order of the key; values are texts or None. Raises SourceError."""
    driver = _driver(source.engine)
    with contextlib.ExitStack() as closing:
        try:
            connection = _connect(source, driver, _secret(source))
            closing.callback(connection.close)
            cursor = _cursor(source.engine, driver, connection)
            cursor.execute(f"SELECT * FROM {_quoted(source.engine, source.name)} ORDER BY "
                           f"{_quoted(source.engine, columns[0])}")
            batch = cursor.fetchmany(AT_ONCE)  # a cursor of the server's knows its columns after the first rows
            places, padded = _places(source, columns, cursor.description)
            number = 0
            while batch:
                for row in batch:
                    number += 1
                    yield number, [_text(row[at], at in padded) for at in places]
                batch = cursor.fetchmany(AT_ONCE)
        except driver.Error as error:
            raise SourceError(f"{source}: {_said(error)}") from error


def _driver(engine):
    try:
        driver = importlib.import_module(MODULES[engine])
    except ImportError as error:
        raise SourceError(f"reading from {engine}:// needs its driver: give the job "
                          f"--additional-python-modules {PACKAGES[engine]} ({error})") from error
    version = getattr(driver, "VERSION_STRING", driver.__version__)  # pymysql's other one is MySQLdb's
    print(f"{engine}:// is read by {driver.__name__} {version}")
    return driver


def _secret(source):
    try:
        text = boto3.client("secretsmanager").get_secret_value(SecretId=source.secret)["SecretString"]
    except ClientError as error:
        raise SourceError(f"{source}: {error}") from error
    try:
        secret = json.loads(text)
        lacking = [name for name in ("host", "username", "password") if name not in secret]
    except (ValueError, TypeError):
        raise SourceError(f"{source}: the secret is not JSON") from None
    if lacking:
        raise SourceError(f"{source}: the secret has no {', '.join(lacking)}; expected host, port, username, password "
                          "and dbname")
    return secret


def _connect(source, driver, secret):
    place = {"host": secret["host"], "user": secret["username"], "password": secret["password"]}
    port, database = secret.get("port"), secret.get("dbname")
    if driver.__name__ == "psycopg":
        return driver.connect(**place, port=port or 5432, dbname=database, connect_timeout=TIMEOUT)
    if driver.__name__ == "pymysql":
        return driver.connect(**place, port=int(port or 3306), database=database, connect_timeout=TIMEOUT,
                              charset="utf8mb4")
    return driver.connect(server=place["host"], user=place["user"], password=place["password"],
                          port=str(port or 1433), database=database or "", login_timeout=TIMEOUT)


def _cursor(engine, driver, connection):
    """A cursor that does not bring all rows into memory."""
    if driver.__name__ == "psycopg":
        return connection.cursor(name="rows")
    if engine == "mysql":
        from pymysql.cursors import SSCursor

        return connection.cursor(SSCursor)
    return connection.cursor()


def _quoted(engine, name):
    begin, end = QUOTES[engine]
    return ".".join(f"{begin}{part}{end}" for part in name.split("."))


def _places(source, columns, description):
    names = [one[0].lower() for one in description]
    if lacking := [name for name in columns if name not in names]:
        raise SourceError(f"{source} has no column {', '.join(lacking)}; it has {', '.join(names)}")
    padded = {at for at, one in enumerate(description) if source.engine == "sqlserver" or one[1] == PADDED}
    return [names.index(name) for name in columns], padded


def _text(value, padded):
    """A value as a text file would have it."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.rstrip(" ") if padded else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray)):
        bit = value in (b"\x00", b"\x01")  # MySQL's BIT(1)
        return str(value[0]) if bit else value.decode("utf-8", "backslashreplace")
    return str(value)


def _said(error):
    """A driver's complaint in one line."""
    parts = [str(part) for part in error.args if part] or [type(error).__name__]
    return " ".join(" ".join(parts).split())
