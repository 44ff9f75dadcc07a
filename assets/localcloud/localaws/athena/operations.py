"""Every operation of Athena that is handled; any other is answered as an unknown one."""

from __future__ import annotations

from localaws.athena import catalogs, executions, workgroups
from localaws.json_protocol import Handler

HANDLED: dict[str, Handler] = {
    "BatchGetNamedQuery": workgroups.get_named_batch,
    "BatchGetPreparedStatement": workgroups.get_prepared_batch,
    "BatchGetQueryExecution": executions.get_batch,
    "CreateNamedQuery": workgroups.create_named,
    "CreatePreparedStatement": workgroups.create_prepared,
    "CreateWorkGroup": workgroups.create,
    "DeleteNamedQuery": workgroups.delete_named,
    "DeletePreparedStatement": workgroups.delete_prepared,
    "DeleteWorkGroup": workgroups.delete,
    "GetDataCatalog": catalogs.get,
    "GetDatabase": catalogs.get_database,
    "GetNamedQuery": workgroups.get_named,
    "GetPreparedStatement": workgroups.get_prepared,
    "GetQueryExecution": executions.get,
    "GetQueryResults": executions.get_results,
    "GetQueryRuntimeStatistics": executions.statistics,
    "GetTableMetadata": catalogs.get_table,
    "GetWorkGroup": workgroups.get,
    "ListDataCatalogs": catalogs.list_all,
    "ListDatabases": catalogs.list_databases,
    "ListEngineVersions": workgroups.engine_versions,
    "ListNamedQueries": workgroups.list_named,
    "ListPreparedStatements": workgroups.list_prepared,
    "ListQueryExecutions": executions.list_all,
    "ListTableMetadata": catalogs.list_tables,
    "ListTagsForResource": workgroups.list_tags,
    "ListWorkGroups": workgroups.list_all,
    "StartQueryExecution": executions.start,
    "StopQueryExecution": executions.stop,
    "TagResource": workgroups.tag,
    "UntagResource": workgroups.untag,
    "UpdateNamedQuery": workgroups.update_named,
    "UpdatePreparedStatement": workgroups.update_prepared,
    "UpdateWorkGroup": workgroups.update,
}
