"""Temporary passwords: real users of the database, with a password that ends.

Source: https://docs.aws.amazon.com/redshift/latest/mgmt/generating-user-credentials.html
"""

from __future__ import annotations

import datetime
import hashlib
import secrets

from psycopg import sql

from localaws import inside
from localaws.contract import AwsError, caller
from localaws.engines import Postgres
from localaws.redshift import clusters, running
from localaws.redshift.running import fleet
from localaws.redshift.store import Record


def get(given: Record) -> Record:
    """GetClusterCredentials."""
    user = given["DbUser"]
    seconds = given.get("DurationSeconds", 900)
    if not 900 <= seconds <= 3600:
        raise AwsError("InvalidParameterValue", "DurationSeconds must be between 900 and 3600.", 400)
    name = ("IAMA:" if given.get("AutoCreate") else "IAM:") + user
    return _answer(given, user, seconds, create=given.get("AutoCreate", False), shown=name,
                   groups=given.get("DbGroups", []))


def get_with_iam(given: Record) -> Record:
    """GetClusterCredentialsWithIAM: the user is the caller."""
    seconds = given.get("DurationSeconds", 900)
    user = iam_user(caller().arn)
    return _answer(given, user, seconds, create=True, shown=user, groups=[])


def iam_user(arn: str) -> str:
    """The database user that an IAM identity is: `IAM:user` or `IAMR:role`."""
    resource = arn.split(":", 5)[-1]
    if resource.startswith("assumed-role/"):
        return "IAMR:" + resource.split("/")[1]
    return "IAM:" + resource.rsplit("/", 1)[-1]


def ensure(engine: Postgres, user: str, *, create: bool, master: str) -> bool:
    """Make `user` where wanted; the master may do what they may. False where there is no such user."""
    with engine.connect("postgres", autocommit=True) as connection:
        if connection.execute("select 1 from pg_roles where rolname = %s", (user,)).fetchone():
            return True
        if not create:
            return False
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(user)))
        connection.execute(
            sql.SQL("grant {} to {} with admin option").format(sql.Identifier(user), sql.Identifier(master))
        )
    return True


def login_for(engine: Postgres, user: str) -> tuple[str, str]:
    """Name and new password of the login that the Data API uses to become `user`."""
    name = running.DATA_API_LOGIN + hashlib.sha256(user.encode()).hexdigest()[:24]
    password = secrets.token_urlsafe(24)
    with engine.connect("postgres", autocommit=True) as connection:
        known = connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone()
        login = sql.Identifier(name)
        verb = sql.SQL("alter" if known else "create")
        connection.execute(
            sql.SQL("{} role {} login noinherit password {}").format(verb, login, sql.Literal(password))
        )
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(user), login))
    return name, password


def _answer(given: Record, user: str, seconds: int, *, create: bool, shown: str, groups: list[str]) -> Record:
    if "ClusterIdentifier" not in given:
        raise AwsError("MissingParameter", "The request must contain the parameter ClusterIdentifier.", 400)
    cluster = clusters.find(given["ClusterIdentifier"])
    engine = fleet.engine_of(caller().region, cluster["ClusterIdentifier"])
    if engine is None:
        raise AwsError("ClusterNotFound", f"Cluster {cluster['ClusterIdentifier']} is not available.", 404)
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    password = inside.make_password()
    ensure(engine, user, create=create, master=cluster["MasterUsername"])
    with engine.connect("postgres", autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", (user,)).fetchone():
            # AWS answers credentials that do not work for a user who does not exist.
            return {"DbUser": shown, "DbPassword": password, "Expiration": ends}
        # PostgreSQL has one name for a user; the temporary login is a second one that is a member of the first.
        login = sql.Identifier(shown)
        if shown != user and not connection.execute("select 1 from pg_roles where rolname = %s", (shown,)).fetchone():
            connection.execute(sql.SQL("create role {} login in role {}").format(login, sql.Identifier(user)))
        connection.execute(
            sql.SQL("alter role {} login password {} valid until {}").format(
                login, sql.Literal(password), sql.Literal(ends.isoformat())
            )
        )
        for group in groups:
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), login))
    return {"DbUser": shown, "DbPassword": password, "Expiration": ends}
