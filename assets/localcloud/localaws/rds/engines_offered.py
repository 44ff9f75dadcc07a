"""Engines and versions that can be asked for.

The program that runs is the one that is installed; the version asked for is what AWS's API reports, so that a plan
that names a version finds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from localaws.contract import AwsError
from localaws.rds.store import Record, paged


@dataclass(frozen=True)
class Offer:
    """An engine of RDS's."""

    engine: str
    port: int
    license: str
    versions: tuple[str, ...]
    """The newest minor of each major, oldest first; the last but one is the default."""
    reserved: frozenset[str]
    """Names a master user may not have."""
    parameters: tuple[tuple[str, str, str], ...] = field(default=())
    """Name, data type and apply type of the parameters that can be set."""

    def family(self, version: str) -> str:
        """The parameter group family of a version."""
        return f"{self.engine}{self.major(version)}"

    def major(self, version: str) -> str:
        """The part of a version that names a family."""
        return version.split(".")[0] if self.engine == "postgres" else ".".join(version.split(".")[:2])

    def resolve(self, version: str | None) -> str:
        """The full version for what was asked for. Raises InvalidParameterCombination."""
        if version is None:
            return self.versions[-2]
        for known in self.versions:
            if version == self.major(known):
                return known
            if self.major(version) == self.major(known):
                return version
        raise AwsError("InvalidParameterCombination", f"Cannot find version {version} for {self.engine}", 400)


_POSTGRES = (
    ("autovacuum", "boolean", "dynamic"), ("checkpoint_timeout", "integer", "dynamic"),
    ("client_encoding", "string", "dynamic"), ("datestyle", "string", "dynamic"),
    ("deadlock_timeout", "integer", "dynamic"), ("default_statistics_target", "integer", "dynamic"),
    ("effective_cache_size", "integer", "dynamic"), ("idle_in_transaction_session_timeout", "integer", "dynamic"),
    ("lock_timeout", "integer", "dynamic"), ("log_connections", "string", "dynamic"),
    ("log_disconnections", "boolean", "dynamic"), ("log_min_duration_statement", "integer", "dynamic"),
    ("log_statement", "string", "dynamic"), ("maintenance_work_mem", "integer", "dynamic"),
    ("max_connections", "integer", "static"), ("max_locks_per_transaction", "integer", "static"),
    ("max_parallel_workers", "integer", "dynamic"), ("max_prepared_transactions", "integer", "static"),
    ("max_wal_size", "integer", "dynamic"), ("random_page_cost", "float", "dynamic"),
    ("search_path", "string", "dynamic"), ("shared_buffers", "integer", "static"),
    ("statement_timeout", "integer", "dynamic"), ("temp_buffers", "integer", "dynamic"),
    ("timezone", "string", "dynamic"), ("track_activity_query_size", "integer", "static"),
    ("wal_buffers", "integer", "static"), ("work_mem", "integer", "dynamic"),
)
_MYSQL = (
    ("character_set_server", "string", "dynamic"), ("collation_server", "string", "dynamic"),
    ("connect_timeout", "integer", "dynamic"), ("event_scheduler", "string", "dynamic"),
    ("general_log", "boolean", "dynamic"), ("group_concat_max_len", "integer", "dynamic"),
    ("innodb_buffer_pool_size", "integer", "dynamic"), ("innodb_file_per_table", "boolean", "dynamic"),
    ("innodb_lock_wait_timeout", "integer", "dynamic"), ("interactive_timeout", "integer", "dynamic"),
    ("log_bin_trust_function_creators", "boolean", "dynamic"), ("long_query_time", "float", "dynamic"),
    ("lower_case_table_names", "integer", "static"), ("max_allowed_packet", "integer", "dynamic"),
    ("max_connections", "integer", "dynamic"), ("slow_query_log", "boolean", "dynamic"),
    ("sql_mode", "string", "dynamic"), ("table_open_cache", "integer", "dynamic"), ("time_zone", "string", "dynamic"),
    ("tmp_table_size", "integer", "dynamic"), ("wait_timeout", "integer", "dynamic"),
)

OFFERS = {
    one.engine: one
    for one in (
        Offer("postgres", 5432, "postgresql-license", ("13.22", "14.19", "15.14", "16.10", "17.6", "18.1"),
              frozenset({"admin", "rdsadmin", "postgres_admin", "rds_superuser"}), _POSTGRES),
        Offer("mysql", 3306, "general-public-license", ("8.0.43", "8.4.6"), frozenset({"rdsadmin"}), _MYSQL),
        Offer("mariadb", 3306, "general-public-license", ("10.5.29", "10.6.23", "10.11.14", "11.4.8", "11.8.3"),
              frozenset({"rdsadmin"}), _MYSQL),
    )
}


def find(engine: str) -> Offer:
    """An engine by name. Raises InvalidParameterValue."""
    offer = OFFERS.get(engine.lower())
    if offer is None:
        raise AwsError("InvalidParameterValue", f"Invalid DB engine: {engine}", 400)
    return offer


def of_family(family: str) -> Offer:
    """The engine of a parameter group family. Raises InvalidParameterValue."""
    for offer in OFFERS.values():
        if family in {offer.family(version) for version in offer.versions}:
            return offer
    raise AwsError("InvalidParameterValue", f"{family} is not a valid parameter group family", 400)


def describe_versions(given: Record) -> Record:
    """DescribeDBEngineVersions."""
    found = []
    for offer in OFFERS.values():
        versions = [offer.resolve(None)] if given.get("DefaultOnly") else offer.versions
        for version in versions:
            if given.get("Engine", offer.engine) != offer.engine:
                continue
            if given.get("EngineVersion", version) not in (version, offer.major(version)):
                continue
            if given.get("DBParameterGroupFamily", offer.family(version)) != offer.family(version):
                continue
            found.append({
                "Engine": offer.engine, "EngineVersion": version, "DBParameterGroupFamily": offer.family(version),
                "MajorEngineVersion": offer.major(version), "Status": "available",
                "DBEngineDescription": offer.engine, "DBEngineVersionDescription": f"{offer.engine} {version}",
                "ValidUpgradeTarget": [], "SupportsReadReplica": False, "SupportsLogExportsToCloudwatchLogs": False,
            })
    return paged("DBEngineVersions", found, given)


def describe_orderable(given: Record) -> Record:
    """DescribeOrderableDBInstanceOptions."""
    offer = find(given["Engine"])
    found = [
        {"Engine": offer.engine, "EngineVersion": version, "DBInstanceClass": name, "LicenseModel": offer.license,
         "MultiAZCapable": True, "Vpc": True, "StorageType": "gp3", "SupportsStorageEncryption": True,
         "SupportsIAMDatabaseAuthentication": False, "MinStorageSize": 20, "MaxStorageSize": 65536}
        for version in offer.versions for name in INSTANCE_CLASSES
        if given.get("EngineVersion", version) == version and given.get("DBInstanceClass", name) == name
    ]
    return paged("OrderableDBInstanceOptions", found, given)


INSTANCE_CLASSES = tuple(
    f"db.{family}.{size}"
    for family in ("t3", "t4g", "m5", "m6g", "m6i", "m7g", "m7i", "r5", "r6g", "r6i", "r7g")
    for size in ("micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge")
    if family.startswith("t") or size not in ("micro", "small", "medium")
)
"""Sizes that are offered; on this machine they are all the same."""
