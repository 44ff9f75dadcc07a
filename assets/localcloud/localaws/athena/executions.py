"""Queries started, watched, stopped, and their results."""

from __future__ import annotations

import contextvars
import json
import logging
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localaws.athena import store, workgroups
from localaws.athena.sql.problems import Mismatched, QueryFailed
from localaws.athena.sql.statements import bare, kind
from localaws.athena.store import Record, invalid, paged
from localaws.contract import Settings, caller, caller_client, changed

if TYPE_CHECKING:
    from localaws.athena.run.query import Answer, Query

log = logging.getLogger("localaws.athena")
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="athena")
_running: dict[str, Query] = {}
_settings: Settings | None = None
_KEPT = 1000
_SUFFIXES = {"SELECT": ".csv", "CREATE_TABLE_AS_SELECT": "", "INSERT": "", "UNLOAD": ""}


def begin(settings: Settings) -> None:
    """Remember where results are kept and queries work."""
    global _settings
    _settings = settings


def end() -> None:
    """Stop what runs."""
    for query in list(_running.values()):
        query.stop()


def start(given: Record) -> Record:
    """StartQueryExecution."""
    region = store.here()
    token = given.get("ClientRequestToken")
    if token and token in region.tokens and region.tokens[token] in region.executions:
        identifier = region.tokens[token]
        if region.executions[identifier]["Query"] != given["QueryString"]:
            raise invalid("Idempotent parameters do not match")
        return {"QueryExecutionId": identifier}
    group = workgroups.find(given.get("WorkGroup", "primary"))
    if group["State"] != "ENABLED":
        raise invalid(f"WorkGroup {group['Name']} is disabled.")
    location = _location(given, group)
    database = given.get("QueryExecutionContext", {}).get("Database", "").lower()
    text = _resolved(given, group["Name"])
    found = kind(text)
    if found is None:
        raise invalid("Queries of this type are not supported")
    _check_syntax(text, found.substatement)
    identifier = str(uuid.uuid4())
    suffix = _SUFFIXES.get(found.substatement, ".txt")
    output = f"{location.rstrip('/')}/{identifier}{suffix}" if location else ""
    execution: Record = {
        "QueryExecutionId": identifier, "Query": given["QueryString"], "StatementType": found.statement_type,
        "SubstatementType": found.substatement, "WorkGroup": group["Name"],
        "ResultConfiguration": {"OutputLocation": output},
        "QueryExecutionContext": {"Database": database, "Catalog": "awsdatacatalog"} if database else {},
        "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": store.ENGINE},
        "Status": {"State": "QUEUED", "SubmissionDateTime": time.time()},
        "Statistics": {"EngineExecutionTimeInMillis": 0, "DataScannedInBytes": 0},
    }
    if given.get("ExecutionParameters"):
        execution["ExecutionParameters"] = given["ExecutionParameters"]
    region.executions[identifier] = execution
    while len(region.executions) > _KEPT:
        old = next(iter(region.executions))
        del region.executions[old]
        _kept(old).unlink(missing_ok=True)
    if token:
        region.tokens[token] = identifier
    _pool.submit(contextvars.copy_context().run, _run, execution, text, database, location)
    return {"QueryExecutionId": identifier}


def get(given: Record) -> Record:
    """GetQueryExecution."""
    return {"QueryExecution": _find(given["QueryExecutionId"])}


def get_batch(given: Record) -> Record:
    """BatchGetQueryExecution."""
    known = store.here().executions
    return {
        "QueryExecutions": [known[one] for one in given["QueryExecutionIds"] if one in known],
        "UnprocessedQueryExecutionIds": [
            {"QueryExecutionId": one, "ErrorCode": "INTERNAL_FAILURE", "ErrorMessage": "QueryExecution was not found"}
            for one in given["QueryExecutionIds"] if one not in known
        ],
    }


def list_all(given: Record) -> Record:
    """ListQueryExecutions: the newest first."""
    group = given.get("WorkGroup", "primary")
    workgroups.find(group)
    found = [key for key, one in store.here().executions.items() if one["WorkGroup"] == group]
    return paged("QueryExecutionIds", found[::-1], given)


def stop(given: Record) -> Record:
    """StopQueryExecution."""
    execution = _find(given["QueryExecutionId"])
    with store.lock:
        if execution["Status"]["State"] in ("QUEUED", "RUNNING"):
            execution["Status"] |= {"State": "CANCELLED", "StateChangeReason": "Query cancelled by user",
                                    "CompletionDateTime": time.time()}
    query = _running.get(execution["QueryExecutionId"])
    if query is not None:
        query.stop()
    return {}


def get_results(given: Record) -> Record:
    """GetQueryResults: the first row of a SELECT's first page are the names of its columns."""
    execution = _find(given["QueryExecutionId"])
    state = execution["Status"]["State"]
    if state != "SUCCEEDED":
        ended = state in ("FAILED", "CANCELLED")
        raise invalid(f"Query did not finish successfully. Final query state: {state}" if ended else
                      f"Query has not yet finished. Current state: {state}")
    try:
        kept = json.loads(_kept(execution["QueryExecutionId"]).read_text())
    except FileNotFoundError:
        raise invalid("The result is no longer there") from None
    rows = kept["rows"]
    if execution["SubstatementType"] == "SELECT":
        rows = [[one["Name"] for one in kept["columns"]], *rows]
    if given.get("MaxResults", 1000) > 1000:
        raise invalid("MaxResults is more than maximum allowed length 1000.")
    page = paged("Rows", rows, given, 1000)
    shown = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in page["Rows"]]
    answer: Record = {"ResultSet": {"Rows": shown, "ResultSetMetadata": {"ColumnInfo": kept["columns"]}},
                      "UpdateCount": kept.get("updated") or 0}
    return {**answer, "NextToken": page["NextToken"]} if "NextToken" in page else answer


def statistics(given: Record) -> Record:
    """GetQueryRuntimeStatistics."""
    execution = _find(given["QueryExecutionId"])
    counted = execution["Statistics"]
    return {"QueryRuntimeStatistics": {
        "Timeline": {key: counted[key] for key in ("QueryQueueTimeInMillis", "EngineExecutionTimeInMillis",
                                                   "TotalExecutionTimeInMillis") if key in counted},
        "Rows": {"OutputRows": counted.get("_rows", 0), "InputBytes": counted.get("DataScannedInBytes", 0)},
    }}


def _find(identifier: str) -> Record:
    execution = store.here().executions.get(identifier)
    if execution is None:
        raise invalid(f"QueryExecution {identifier} was not found")
    return execution


def _location(given: Record, group: Record) -> str:
    """Where the result goes: the workgroup's place where it is enforced, else the request's."""
    configured = group["Configuration"].get("ResultConfiguration", {}).get("OutputLocation", "")
    asked = given.get("ResultConfiguration", {}).get("OutputLocation", "")
    enforced = group["Configuration"].get("EnforceWorkGroupConfiguration", False) and configured
    location = str(configured if enforced else asked or configured)
    if not location:
        raise invalid("No output location provided. An output location is required either through the Workgroup "
                      "result configuration setting or as an API input.")
    if not re.match(r"s3://[^/]+", location):
        raise invalid(f"outputLocation is not a valid S3 path: {location}")
    return location


def _resolved(given: Record, group: str) -> str:
    """The text to run: EXECUTE is its statement, question marks are parameters.

    Source: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
    """
    text = bare(given["QueryString"])
    parameters = list(given.get("ExecutionParameters") or [])
    if match := re.match(r"execute\s+(\w+)(?:\s+using\s+(.*))?\Z", text, re.I | re.S):
        record = store.here().prepared.get(f"{group}/{match[1]}")
        if record is None:
            raise invalid(f"PreparedStatement {match[1]} was not found in workGroup {group}")
        text = bare(record["QueryStatement"])
        if match[2]:
            parameters = [one.strip() for one in re.findall(r"(?:'(?:[^']|'')*'|[^,'])+", match[2])]
    if re.match(r"prepare\b", text, re.I):
        return text
    pieces = re.split(r"('(?:[^']|'')*'|\"[^\"]*\"|\?)", text)
    places = pieces.count("?")
    if places != len(parameters):
        raise invalid(f"Incorrect number of parameters: expected {places} but found {len(parameters)}")
    values = iter(parameters)
    return "".join(next(values) if piece == "?" else piece for piece in pieces)


def _check_syntax(text: str, substatement: str) -> None:
    """A query that cannot be parsed is refused at once, as on AWS."""
    if substatement == "SELECT":
        from localaws.athena.sql import trino

        try:
            trino.parse(text)
        except Mismatched as error:
            raise invalid(str(error)) from None


def _run(execution: Record, text: str, database: str, location: str) -> None:
    assert _settings is not None
    from localaws.athena.run.catalog import Catalog
    from localaws.athena.run.query import Query

    identifier = execution["QueryExecutionId"]
    begun = time.monotonic()
    region = caller().region
    try:
        with store.lock:
            if execution["Status"]["State"] == "CANCELLED":
                return
            execution["Status"]["State"] = "RUNNING"
        if _prepared(execution, text):
            _write(execution, caller_client("s3", region=region), None, location)
        else:
            s3 = caller_client("s3", region=region)
            catalog = Catalog(caller_client("glue", region=region), database)
            query = _running[identifier] = Query(text, catalog, s3, _settings.work / "athena" / identifier, location)
            answer = query.run()
            if query.stopped:
                raise QueryFailed("Query cancelled by user")
            _write(execution, s3, answer, location)
        _end(execution, "SUCCEEDED", begun)
    except QueryFailed as error:
        _end(execution, "FAILED", begun, error)
    except Exception as error:
        log.exception("query %s", identifier)
        _end(execution, "FAILED", begun, QueryFailed(f"GENERIC_INTERNAL_ERROR: {error}", 1001, 1))
    finally:
        _running.pop(identifier, None)
        changed("athena")


def _prepared(execution: Record, text: str) -> bool:
    """PREPARE and DEALLOCATE PREPARE."""
    group = execution["WorkGroup"]
    if match := re.match(r"prepare\s+(\w+)\s+from\s+(.*)\Z", text, re.I | re.S):
        workgroups.put_prepared(group, match[1], match[2])
        return True
    if match := re.match(r"deallocate\s+prepare\s+(\w+)\s*\Z", text, re.I):
        if store.here().prepared.pop(f"{group}/{match[1]}", None) is None:
            raise QueryFailed(f"NOT_FOUND: Prepared statement not found: {match[1]}")
        return True
    return False


def _write(execution: Record, s3: Any, answer: Answer | None, location: str) -> None:
    """Write the result to S3 as the caller, and keep it for GetQueryResults."""
    from localaws.athena.run import paths, results
    from localaws.athena.run.query import Answer, manifest_text

    answer = answer or Answer(text="", suffix=".txt")
    identifier = execution["QueryExecutionId"]
    bucket, key = paths.bucket_and_key(f"{location.rstrip('/')}/{identifier}")
    with paths.denied(location):
        if answer.suffix and answer.text is not None:
            s3.put_object(Bucket=bucket, Key=key + answer.suffix, Body=answer.text.encode(),
                          ContentType="text/csv" if answer.suffix == ".csv" else "text/plain")
        s3.put_object(Bucket=bucket, Key=f"{key}{answer.suffix}.metadata", Body=results.metadata(answer.columns))
        if answer.manifest is not None:
            s3.put_object(Bucket=bucket, Key=f"{key}-manifest.csv", Body=manifest_text(answer.manifest).encode())
            execution["Statistics"]["DataManifestLocation"] = f"s3://{bucket}/{key}-manifest.csv"
    execution["Statistics"] |= {"DataScannedInBytes": answer.scanned}
    target = _kept(identifier)
    target.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    target.write_text(json.dumps({"columns": [one.info() for one in answer.columns], "rows": answer.rows,
                                  "updated": answer.update_count}))


def _end(execution: Record, state: str, begun: float, error: QueryFailed | None = None) -> None:
    millis = int((time.monotonic() - begun) * 1000)
    with store.lock:
        execution["Statistics"] |= {
            "EngineExecutionTimeInMillis": millis, "TotalExecutionTimeInMillis": millis + 1,
            "QueryQueueTimeInMillis": 1, "QueryPlanningTimeInMillis": 0, "ServiceProcessingTimeInMillis": 0,
        }
        status = execution["Status"]
        status["CompletionDateTime"] = time.time()
        if status["State"] == "CANCELLED":
            return
        status["State"] = state
        if error is not None:
            status["StateChangeReason"] = error.reason
            status["AthenaError"] = {"ErrorCategory": error.kind, "ErrorType": error.error_type, "Retryable": False,
                                     "ErrorMessage": error.reason}


def _kept(identifier: str) -> Path:
    assert _settings is not None
    return _settings.state / "athena" / f"{identifier}.json"
