"""Connections to a cluster's database as the user that a request names."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from localaws.contract import AwsError, caller, caller_client
from localaws.engines import Postgres
from localaws.redshift import credentials, store
from localaws.redshift.failures import StatementFailed
from localaws.redshift.running import fleet


@dataclass(frozen=True)
class Place:
    """Where and as whom statements run."""

    region: str
    cluster: str
    database: str
    user: str
    """"" where a secret says who."""
    create_user: bool
    master: str
    login: tuple[str, str] | None
    """User and password from a secret."""

    def connect(self) -> psycopg.Connection[Any]:
        """Open a connection, in autocommit. Raises StatementFailed."""
        engine = fleet.engine_of(self.region, self.cluster)
        if engine is None:
            raise StatementFailed("ERROR: The cluster is not available")
        try:
            if self.login:
                return engine.connect(self.database, *self.login, autocommit=True)
            return self._as_user(engine)
        except psycopg.OperationalError as error:
            text = str(error).rsplit("FATAL:", 1)[-1].strip().splitlines()[0]
            raise StatementFailed(f"ERROR: FATAL: {text}") from error

    def _as_user(self, engine: Postgres) -> psycopg.Connection[Any]:
        """Log in as a user that may become this one and no other, and become it."""
        key = (engine.pid or 0, self.user)
        for _ in range(2):
            with _lock:
                if key not in _logins:
                    if not credentials.ensure(engine, self.user, create=self.create_user, master=self.master):
                        raise StatementFailed(
                            f'ERROR: FATAL: password authentication failed for user "{self.user}"'
                        )
                    _logins[key] = credentials.login_for(engine, self.user)
                login = _logins[key]
            connection = engine.connect(self.database, *login, autocommit=True)
            try:
                connection.execute(sql.SQL("set role {}").format(sql.Identifier(self.user)))
                return connection
            except psycopg.Error:  # the user was dropped since, and may be another one now
                connection.close()
                with _lock:
                    _logins.pop(key, None)
        raise StatementFailed(f'ERROR: FATAL: password authentication failed for user "{self.user}"')


_logins: dict[tuple[int, str], tuple[str, str]] = {}
"""User and password for each engine's process and each user."""
_lock = threading.Lock()


def place(given: dict[str, Any]) -> Place:
    """What a request says about where it runs. Raises ValidationException."""
    if given.get("WorkgroupName"):
        raise AwsError("ValidationException", "Redshift endpoint doesn't exist in this region.", 400)
    if not given.get("ClusterIdentifier"):
        raise AwsError("ValidationException", "Either ClusterIdentifier or WorkgroupName is needed.", 400)
    if given.get("SecretArn") and given.get("DbUser"):
        raise AwsError("ValidationException", "SecretArn and DbUser cannot be given together.", 400)
    who = caller()
    cluster = store.here().clusters.get(given["ClusterIdentifier"].lower())
    if cluster is None or cluster["ClusterStatus"] in ("creating", "deleting"):
        raise AwsError("ValidationException", "Redshift endpoint doesn't exist in this region.", 400)
    if cluster["ClusterStatus"] == "paused":
        raise AwsError("ValidationException", "The cluster is paused. Resume it to run statements.", 400)
    if not given.get("Database") and not given.get("ConnectedDatabase"):
        raise AwsError("ValidationException", "Database is needed.", 400)
    login = _secret(given["SecretArn"]) if given.get("SecretArn") else None
    user = given.get("DbUser") or ("" if login else credentials.iam_user(who.arn))
    return Place(
        who.region, cluster["ClusterIdentifier"], given.get("ConnectedDatabase") or given["Database"], user,
        not given.get("DbUser"), cluster["MasterUsername"], login,
    )


def _secret(arn: str) -> tuple[str, str]:
    """User and password that a secret holds, read with the caller's own rights."""
    from botocore.exceptions import ClientError

    try:
        text = caller_client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
        values = json.loads(text)
        return values["username"], values["password"]
    except ClientError as error:
        said = error.response["Error"]
        raise AwsError("ValidationException", f"{said['Code']}: {said['Message']}", 400) from None
    except (ValueError, KeyError, TypeError):
        raise AwsError("ValidationException", "The secret must be JSON with username and password.", 400) from None


@dataclass
class Session:
    """A connection that outlives its statement."""

    identifier: str
    place: Place
    owner: str
    seconds: int
    connection: psycopg.Connection[Any]
    created: float = field(default_factory=time.time)
    used: float = field(default_factory=time.time)
    statement: str = ""
    closed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def ended(self) -> bool:
        """Whether it was not used for as long as it was to be kept."""
        return self.closed or self.connection.closed or (not self.statement and time.time() > self.used + self.seconds)

    def shown(self) -> dict[str, Any]:
        """As ListSessions answers it."""
        status = "CLOSED" if self.ended else "BUSY" if self.statement else "AVAILABLE"
        found = {
            "SessionId": self.identifier, "Status": status, "CreatedAt": self.created, "UpdatedAt": self.used,
            "Database": self.place.database, "DbUser": self.place.user, "ClusterIdentifier": self.place.cluster,
            "SessionAliveSeconds": self.seconds, "SessionTtl": self.used + self.seconds,
        }
        return {**found, "CurrentStatementId": self.statement} if self.statement else found


sessions: dict[str, Session] = {}


def open_session(where: Place, owner: str, seconds: int) -> Session:
    """Open a session that is kept for `seconds` after each statement."""
    session = Session(str(uuid.uuid4()), where, owner, seconds, where.connect())
    close_ended()
    sessions[session.identifier] = session
    return session


def find(identifier: str, owner: str) -> Session:
    """A session of the caller's. Raises ValidationException."""
    close_ended()
    session = sessions.get(identifier)
    if session is None or session.owner != owner or session.ended:
        raise AwsError("ValidationException", "The session does not exist or has expired.", 400)
    if session.statement:
        raise AwsError("ValidationException", "Session is busy with another statement.", 400)
    return session


def close_ended() -> None:
    """Close the sessions whose time is over."""
    for session in list(sessions.values()):
        if session.ended:
            session.closed = True
            session.connection.close()
            if time.time() > session.used + session.seconds + 3600:
                del sessions[session.identifier]


def close_all() -> None:
    """Close every session."""
    for session in sessions.values():
        session.connection.close()
    sessions.clear()
