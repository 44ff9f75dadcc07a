"""Databases crawled: a Redshift cluster of this same local AWS behind a connection, its password in a secret."""

from __future__ import annotations

import json

import pytest

from localaws.contract import AwsError
from localaws.glue import jdbc
from tests.conftest import Cloud, allow, unique, wait_for
from tests.glue.test_crawlers import GLUE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("jdbc:postgresql://h:5/d", ("postgresql", "h", 5, "d")),
        ("jdbc:mysql://h/d?a=b", ("mysql", "h", 3306, "d")),
        ("jdbc:redshift://h.x/d", ("redshift", "h.x", 5439, "d")),
    ],
)
def test_addresses(url: str, expected: tuple[str, str, int, str]) -> None:
    assert jdbc.parsed(url)[:4] == expected


def test_what_is_no_address_is_told() -> None:
    with pytest.raises(AwsError):
        jdbc.parsed("postgresql://h/d")


def test_tables_of_a_database_are_crawled(cloud: Cloud) -> None:
    glue, redshift, name = cloud.client("glue"), cloud.client("redshift"), unique("cluster")
    password = "Secret-Passw0rd"
    redshift.create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        MasterUsername="admin",
        MasterUserPassword=password,
        DBName="dev",
        ClusterType="single-node",
    )

    def cluster() -> dict:
        found: dict = redshift.describe_clusters(ClusterIdentifier=name)["Clusters"][0]
        return found

    wait_for(lambda: cluster()["ClusterStatus"] == "available")
    data = cloud.client("redshift-data")
    statement = data.execute_statement(
        ClusterIdentifier=name,
        Database="dev",
        DbUser="admin",
        Sql="create table sales (id bigint, name varchar(20), price decimal(8,2), day date)",
    )["Id"]
    wait_for(lambda: data.describe_statement(Id=statement)["Status"] == "FINISHED")
    secret = cloud.client("secretsmanager").create_secret(
        Name=unique("secret"), SecretString=json.dumps({"username": "admin", "password": password})
    )["ARN"]
    endpoint = cluster()["Endpoint"]
    connection, crawler, database = unique("connection"), unique("crawler"), unique("db")
    glue.create_connection(
        ConnectionInput={
            "Name": connection,
            "ConnectionType": "JDBC",
            "ConnectionProperties": {
                "JDBC_CONNECTION_URL": f"jdbc:redshift://{endpoint['Address']}:{endpoint['Port']}/dev",
                "SECRET_ID": secret,
            },
        }
    )
    glue.test_connection(ConnectionName=connection)
    role = cloud.role("glue.amazonaws.com", allow("secretsmanager:GetSecretValue", on=secret), managed=(GLUE,))
    targets = {"JdbcTargets": [{"ConnectionName": connection, "Path": "dev/public/%"}]}
    glue.create_crawler(Name=crawler, Role=role, DatabaseName=database, Targets=targets)
    glue.start_crawler(Name=crawler)
    wait_for(lambda: glue.get_crawler(Name=crawler)["Crawler"]["State"] == "READY")
    assert glue.get_crawler(Name=crawler)["Crawler"]["LastCrawl"]["Status"] == "SUCCEEDED"
    table = glue.get_table(DatabaseName=database, Name="dev_public_sales")["Table"]
    assert [(one["Name"], one["Type"]) for one in table["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"),
        ("name", "string"),
        ("price", "decimal(8,2)"),
        ("day", "date"),
    ]
    assert table["Parameters"]["connectionName"] == connection
    redshift.delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)
