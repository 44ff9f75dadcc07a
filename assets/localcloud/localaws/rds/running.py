"""The PostgreSQL and MariaDB servers behind the instances."""

from __future__ import annotations

from localaws.engines import Address, Engine, MariaDB, Postgres
from localaws.engines.fleet import Fleet, Words
from localaws.rds import parameter_groups, store
from localaws.rds.store import Record

_SUPERUSER_ROLES = (
    "pg_monitor", "pg_signal_backend", "pg_checkpoint", "pg_read_all_data", "pg_write_all_data",
    "pg_use_reserved_connections", "pg_create_subscription",
)


class Instances(Fleet[Engine]):
    """The engines of the instances."""

    def databases(self) -> list[tuple[str, dict[str, Record]]]:
        """The instances of each region."""
        return [(region, known.instances) for region, known in store.regions.items()]

    def snapshots(self) -> list[Record]:
        """Every snapshot."""
        return [snapshot for known in store.regions for snapshot in known.snapshots.values()]

    def build(self, region: str, record: Record, address: Address) -> Engine:
        """The server of an instance, of the kind and with the parameters it says."""
        kind = Postgres if record["Engine"] == "postgres" else MariaDB
        return kind(
            self.settings, "rds", f"{region}-{record['DBInstanceIdentifier']}", address,
            parameters=parameter_groups.values_of(region, record),
        )

    def prepare(self, engine: Engine, record: Record) -> None:
        """The master user and the first database; one restored from a snapshot has both."""
        password = record.get("_password")
        if password is None:
            return
        user, name = record["MasterUsername"], record.get("DBName")
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
            if name:
                engine.make_database(name, user)
        elif isinstance(engine, MariaDB):
            engine.make_user(user, password)
            if name:
                engine.make_database(name)

    def endpoint(self, address: Address) -> Record:
        """The endpoint, with the zone that all of a region's instances have."""
        return {"Address": address.host, "Port": address.port, "HostedZoneId": "Z2R2ITUGPM61AM"}

    def taken(self, snapshot: Record, seconds: float) -> None:
        """Say that a snapshot is whole."""
        snapshot["PercentProgress"] = 100


fleet = Instances(
    Words(
        "rds", identifier="DBInstanceIdentifier", status="DBInstanceStatus", snapshot="DBSnapshotIdentifier",
        stopped="stopped", stopping="stopping", failed="failed",
    ),
    store.lock,
)
