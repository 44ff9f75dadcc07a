"""Which resource a request names, for IAM: what the emulator gets wrong or does not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

Extract = Callable[..., str]


def extended(original: Extract) -> Extract:
    """`extract_resource_arn` of the emulator, with the services of this package decided here."""

    def extract(
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        params: dict[str, Any],
        region: str,
        account: str,
    ) -> str:
        if service in ("glue", "redshift-data", "athena"):
            operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
            fields = json_fields(body)
            if service == "glue":
                return glue_arn(operation, fields, region, account)
            if service == "athena":
                return athena_arn(operation, fields, region, account)
            return redshift_data_arn(fields, region, account)
        if service == "redshift":
            return redshift_arn(_form(body, params), region, account)
        return original(service, method, path, headers, body, params, region, account)

    return extract


_GLUE_KINDS = ("Job", "Crawler", "Trigger", "Workflow", "Connection", "Classifier", "SecurityConfiguration", "Session")


def glue_arn(operation: str, fields: dict[str, Any], region: str, account: str) -> str:
    """ARN that Glue authorises `operation` on.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html
    """
    prefix = f"arn:aws:glue:{region}:{account}:"
    database = fields.get("DatabaseName") or (fields.get("DatabaseInput") or {}).get("Name")
    if "ResourceArn" in fields:
        return str(fields["ResourceArn"])
    if operation.endswith(("Database", "Databases")):
        name = fields.get("Name") or database
        return f"{prefix}database/{name}" if name else f"{prefix}catalog"
    if database and ("Table" in operation or "Partition" in operation or "Column" in operation):
        table = fields.get("TableName") or fields.get("Name") or (fields.get("TableInput") or {}).get("Name")
        return f"{prefix}table/{database}/{table}" if table else f"{prefix}database/{database}"
    if operation == "GetDataCatalogEncryptionSettings" or "ResourcePolicy" in operation or operation == "SearchTables":
        return f"{prefix}catalog"
    name = fields.get("Name") or fields.get("JobName") or fields.get("CrawlerName") or fields.get("WorkflowName")
    for kind in ("Crawler", "Trigger", "Workflow", "Connection", "Job"):
        if kind in operation and not operation.startswith(("List", "BatchGet")) and operation != f"Get{kind}s":
            inner = fields.get("ConnectionInput") if kind == "Connection" else fields.get("JobUpdate")
            found = name or fields.get("ConnectionName") or (inner or {}).get("Name")
            return f"{prefix}{kind.lower()}/{found}" if found else "*"
    return "*"


def glue_parents(arn: str) -> list[str]:
    """What else Glue asks IAM about: who reaches for a table needs its database and the catalogue too.

    Source: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html (a call on a child needs
    permission on its ancestors).
    """
    prefix, _, resource = arn.rpartition(":")
    kind, _, path = resource.partition("/")
    catalog = f"{prefix}:catalog"
    if kind == "table":
        return [f"{prefix}:database/{path.partition('/')[0]}", catalog]
    return [catalog] if kind in ("database", "connection") else []


def athena_arn(operation: str, fields: dict[str, Any], region: str, account: str) -> str:
    """ARN that Athena authorises `operation` on: the workgroup, or the data catalogue.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
    """
    prefix = f"arn:aws:athena:{region}:{account}:"
    if "ResourceARN" in fields:
        return str(fields["ResourceARN"])
    if operation in ("GetDataCatalog", "CreateDataCatalog", "UpdateDataCatalog", "DeleteDataCatalog"):
        return f"{prefix}datacatalog/{fields.get('Name')}"
    if operation in ("GetDatabase", "ListDatabases", "GetTableMetadata", "ListTableMetadata"):
        return f"{prefix}datacatalog/{fields.get('CatalogName')}"
    if operation in ("ListWorkGroups", "ListDataCatalogs", "ListEngineVersions"):
        return "*"
    if operation.endswith("WorkGroup") and operation not in ("ListQueryExecutions",):
        return f"{prefix}workgroup/{fields.get('WorkGroup') or fields.get('Name')}"
    return f"{prefix}workgroup/{fields.get('WorkGroup') or 'primary'}"


def redshift_data_arn(fields: dict[str, Any], region: str, account: str) -> str:
    """ARN of the cluster a statement runs on."""
    cluster = fields.get("ClusterIdentifier")
    return f"arn:aws:redshift:{region}:{account}:cluster:{cluster}" if cluster else "*"


_REDSHIFT = (
    ("SnapshotIdentifier", "snapshot"),
    ("ClusterSubnetGroupName", "subnetgroup"),
    ("ParameterGroupName", "parametergroup"),
)


def redshift_arn(fields: dict[str, str], region: str, account: str) -> str:
    """ARN that Redshift authorises an action on.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshift.html
    """
    prefix = f"arn:aws:redshift:{region}:{account}:"
    action = fields.get("Action", "")
    cluster = fields.get("ClusterIdentifier", "")
    if fields.get("ResourceName"):
        return fields["ResourceName"]
    for field, kind in _REDSHIFT:
        value = fields.get(field)
        wanted = kind == "snapshot" or "Group" in action
        if value and wanted and not (kind == "snapshot" and action.startswith("RestoreFrom")):
            return f"{prefix}{kind}:{cluster}/{value}" if kind == "snapshot" else f"{prefix}{kind}:{value}"
    return f"{prefix}cluster:{cluster}" if cluster else "*"


def json_fields(body: bytes) -> dict[str, Any]:
    """The fields of a JSON request; none when it is not JSON."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _form(body: bytes, params: dict[str, Any]) -> dict[str, str]:
    fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    return {**fields, **{name: value[0] if isinstance(value, list) else value for name, value in params.items()}}
