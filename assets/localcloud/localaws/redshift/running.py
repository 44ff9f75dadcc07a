"""The PostgreSQL servers behind the clusters."""

from __future__ import annotations

from localaws.contract import Settings
from localaws.engines import Address, Postgres
from localaws.engines.fleet import Fleet, Words
from localaws.redshift import database, store
from localaws.redshift.store import Record

MASTER_ROLES = ("pg_read_all_data", "pg_write_all_data", "pg_signal_backend", "pg_monitor")
DATA_API_LOGIN = "rdsdataapi_"
"""How the users begin that the Data API logs in as: one for each user it becomes, who may become no other."""
_EFFECTIVE = {"datestyle", "extra_float_digits", "search_path", "statement_timeout"}
"""Parameters of a group that PostgreSQL has too."""
_AVAILABILITY = {"available": "Available", "paused": "Paused", "hardware-failure": "Failed"}


class Clusters(Fleet[Postgres]):
    """The engines of the clusters."""

    def databases(self) -> list[tuple[str, dict[str, Record]]]:
        """The clusters of each region."""
        return [(region, known.clusters) for region, known in store.regions.items()]

    def snapshots(self) -> list[Record]:
        """Every snapshot."""
        return [snapshot for known in store.regions for snapshot in known.snapshots.values()]

    def build(self, region: str, record: Record, address: Address) -> Postgres:
        """The server of a cluster, with the parameters of its group that PostgreSQL has too."""
        name = record["ClusterParameterGroups"][0]["ParameterGroupName"]
        values = store.regions[region].parameter_groups.get(name, {}).get("_values", {})
        return Postgres(
            self.settings, "redshift", f"{region}-{record['ClusterIdentifier']}", address,
            superuser=database.SUPERUSER,
            parameters={key: value for key, value in values.items() if key in _EFFECTIVE},
        )

    def prepare(self, engine: Postgres, record: Record) -> None:
        """Give the server Redshift's functions, its master user and its first database."""
        self.started(engine, record)
        with engine.connect("template1", autocommit=True) as connection:
            connection.execute("grant create, usage on schema public to public")
        password = record.get("_password")
        if password is not None:
            engine.make_user(record["MasterUsername"], password, roles=MASTER_ROLES)
        engine.make_database(record["DBName"], record["MasterUsername"])

    def started(self, engine: Postgres, record: Record) -> None:
        """Give each database Redshift's functions of this version: a cluster, or its snapshot, may be older."""
        if record.get("_functions") == database.version():
            return
        with engine.connect("template1", autocommit=True) as connection:
            names = connection.execute("select datname from pg_database where datallowconn").fetchall()
        for (name,) in names:
            with engine.connect(name, autocommit=True) as connection:
                database.install(connection)
        record["_functions"] = database.version()

    def settle(self, record: Record, status: str) -> None:
        """Set the status, and what goes with it."""
        record["ClusterStatus"] = status
        record["ClusterAvailabilityStatus"] = _AVAILABILITY.get(status, "Modifying")

    def taken(self, snapshot: Record, seconds: float) -> None:
        """Say how long a snapshot took."""
        snapshot["ElapsedTimeInSeconds"] = int(seconds)


fleet = Clusters(
    Words(
        "redshift", identifier="ClusterIdentifier", status="ClusterStatus", snapshot="SnapshotIdentifier",
        stopped="paused", stopping="pausing", failed="hardware-failure",
    ),
    store.lock,
)


def settings() -> Settings:
    """The settings of the server."""
    return fleet.settings
