"""Definitions of crawlers, and their history. UpdateCrawler merges: what it does not name is kept."""

from __future__ import annotations

import json
from typing import Any

from localaws.contract import AwsError
from localaws.glue import crawling, schedule, tags
from localaws.glue.operation import Call, Operation, already_exists, invalid, not_found, now, page
from localaws.glue.roles import must_be_assumable
from localaws.glue.store import Record

_TARGETS = ("S3Targets", "JdbcTargets", "MongoDBTargets", "DynamoDBTargets", "CatalogTargets", "DeltaTargets",
            "IcebergTargets", "HudiTargets")  # fmt: skip


def create_crawler(call: Call) -> Record:
    """CreateCrawler."""
    name = call.input["Name"]
    if name in call.store.crawlers:
        raise already_exists(f"Crawler with name {name} already exists")
    when = now()
    crawler: Record = {
        "Name": name,
        "DatabaseName": "",
        "Classifiers": [],
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
        "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
        "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
        "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
        "State": "READY",
        "CrawlElapsedTime": 0,
        "CreationTime": when,
        "LastUpdated": when,
        "Version": 1,
    }
    _apply(call, crawler)
    call.store.crawlers[name] = crawler
    tags.put(call, f"crawler/{name}", call.input.get("Tags"))
    return {}


def get_crawler(call: Call) -> Record:
    """GetCrawler."""
    return {"Crawler": _shown(call, crawler(call, call.input["Name"]))}


def get_crawlers(call: Call) -> Record:
    """GetCrawlers."""
    found, more = page([call.store.crawlers[name] for name in sorted(call.store.crawlers)], call.input)
    return {"Crawlers": [_shown(call, one) for one in found], **more}


def list_crawlers(call: Call) -> Record:
    """ListCrawlers, filtered by tags."""
    found, more = page(tags.having(call, "crawler", sorted(call.store.crawlers)), call.input)
    return {"CrawlerNames": found, **more}


def batch_get_crawlers(call: Call) -> Record:
    """BatchGetCrawlers."""
    wanted, kept = call.input["CrawlerNames"], call.store.crawlers
    answer: Record = {"Crawlers": [_shown(call, kept[name]) for name in wanted if name in kept]}
    missing = [name for name in wanted if name not in kept]
    return {**answer, "CrawlersNotFound": missing} if missing else answer


def update_crawler(call: Call) -> Record:
    """UpdateCrawler."""
    kept = crawler(call, call.input["Name"])
    if kept["State"] != "READY":
        raise AwsError("CrawlerRunningException", f"Cannot update Crawler while running - {kept['Name']}")
    new = dict(kept)
    _apply(call, new)
    kept.update(new, LastUpdated=now(), Version=kept["Version"] + 1)
    if call.input.get("Schedule") == "":
        kept.pop("Schedule", None)
    return {}


def delete_crawler(call: Call) -> Record:
    """DeleteCrawler, unless it is at work."""
    kept = crawler(call, call.input["Name"])
    if kept["State"] != "READY":
        raise AwsError("CrawlerRunningException", f"Crawler {kept['Name']} is currently running")
    del call.store.crawlers[kept["Name"]]
    call.store.crawls.pop(kept["Name"], None)
    tags.drop(call, f"crawler/{kept['Name']}")
    return {}


def start_crawler(call: Call) -> Record:
    """StartCrawler."""
    kept = crawler(call, call.input["Name"])
    if kept["State"] != "READY":
        raise AwsError("CrawlerRunningException", f"Crawler with name {kept['Name']} has already started")
    crawling.launch(call.region, kept)
    return {}


def stop_crawler(call: Call) -> Record:
    """StopCrawler asks the crawl to stop; the crawler is READY a little later."""
    kept = crawler(call, call.input["Name"])
    if kept["State"] == "STOPPING":
        raise AwsError("CrawlerStoppingException", f"Crawler with name {kept['Name']} is stopping")
    live = crawling.underway(call.region, kept["Name"])
    if kept["State"] != "RUNNING" or live is None:
        raise AwsError("CrawlerNotRunningException", f"Crawler with name {kept['Name']} is not running")
    kept["State"] = "STOPPING"
    live.stopping.set()
    return {}


def list_crawls(call: Call) -> Record:
    """ListCrawls, the newest first, filtered."""
    name = crawler(call, call.input["CrawlerName"])["Name"]
    found = call.store.crawls.get(name, [])
    for one in call.input.get("Filters", []):
        found = [crawl for crawl in found if _accepts(one, crawl)]
    parts, more = page(found, call.input, default=20, most=1000)
    return {"Crawls": parts, **more}


def get_crawler_metrics(call: Call) -> Record:
    """GetCrawlerMetrics, from the crawls themselves."""
    names = call.input.get("CrawlerNameList") or sorted(call.store.crawlers)
    found, more = page([crawler(call, name)["Name"] for name in names], call.input)
    return {"CrawlerMetricsList": [_metrics(call, name) for name in found], **more}


def start_crawler_schedule(call: Call) -> Record:
    """StartCrawlerSchedule."""
    kept = _scheduled(call)
    if kept["State"] == "SCHEDULED":
        raise AwsError("SchedulerRunningException", f"Schedule of crawler {call.input['CrawlerName']} is running")
    kept["State"] = "SCHEDULED"
    return {}


def stop_crawler_schedule(call: Call) -> Record:
    """StopCrawlerSchedule."""
    kept = _scheduled(call)
    if kept["State"] != "SCHEDULED":
        raise AwsError("SchedulerNotRunningException", f"Schedule of {call.input['CrawlerName']} is not running")
    kept["State"] = "NOT_SCHEDULED"
    return {}


def update_crawler_schedule(call: Call) -> Record:
    """UpdateCrawlerSchedule."""
    kept = crawler(call, call.input["CrawlerName"])
    expression = call.input.get("Schedule")
    if not expression:
        kept.pop("Schedule", None)
        return {}
    schedule.check(expression)
    kept["Schedule"] = {"ScheduleExpression": expression, "State": "SCHEDULED"}
    return {}


def crawler(call: Call, name: str) -> Record:
    """A crawler by its name."""
    found = call.store.crawlers.get(name)
    if found is None:
        raise not_found(f"Crawler with name {name} does not exist")
    return found


def _apply(call: Call, kept: Record) -> None:
    """Put what a call declares into a crawler."""
    given = call.input
    if "Role" in given:
        must_be_assumable(given["Role"])
        # Answered as a name, even where an ARN was given (seen on live AWS); a path is kept.
        kept["Role"] = given["Role"].split(":role/", 1)[-1]
    if "Targets" in given:
        kept["Targets"] = _targets(call, given["Targets"])
    if given.get("Schedule"):
        schedule.check(given["Schedule"])
        kept["Schedule"] = {"ScheduleExpression": given["Schedule"], "State": "SCHEDULED"}
    for name in given.get("Classifiers", []):
        if name not in call.store.classifiers:
            raise not_found(f"Classifier {name} not found.")
    if text := given.get("Configuration"):
        try:
            json.loads(text)
        except ValueError:
            raise invalid("Crawler configuration is not JSON.") from None
    for name in ("SchemaChangePolicy", "RecrawlPolicy", "LineageConfiguration", "LakeFormationConfiguration"):
        if name in given:
            kept[name] = {**kept[name], **given[name]}
    if kept["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_EVENT_MODE":
        raise invalid("CRAWL_EVENT_MODE needs a queue of S3 events, which the local AWS does not have.")
    new_only = kept["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY"
    if new_only and set(kept["SchemaChangePolicy"].values()) != {"LOG"}:
        raise invalid("The schema change policy for crawl new folders only must be LOG for both behaviors.")
    for name in ("DatabaseName", "Description", "Classifiers", "TablePrefix", "Configuration",
                 "CrawlerSecurityConfiguration"):  # fmt: skip
        if name in given:
            kept[name] = given[name]


def _targets(call: Call, given: Record) -> Record:
    targets: dict[str, list[Any]] = {kind: [dict(one) for one in given.get(kind, [])] for kind in _TARGETS}
    if not any(targets.values()):
        raise invalid("Crawler cannot be created without any targets.")
    for one in targets["S3Targets"]:
        one.setdefault("Exclusions", [])
        if not one.get("Path", "").startswith(("s3://", "s3a://", "s3n://")) and one.get("Path"):
            one["Path"] = "s3://" + one["Path"]
        if not one.get("Path"):
            raise invalid("The path of an S3 target must be set.")
    for one in targets["JdbcTargets"]:
        one.setdefault("Exclusions", [])
        if one.get("ConnectionName") not in call.store.connections:
            raise not_found(f"Connection {one.get('ConnectionName')} not found.")
    return dict(targets)


def _shown(call: Call, kept: Record) -> Record:
    shown = {name: value for name, value in kept.items() if value != "" or name == "DatabaseName"}
    if kept["State"] != "READY" and (crawls := call.store.crawls.get(kept["Name"])):
        shown["CrawlElapsedTime"] = int((now() - crawls[0]["StartTime"]) * 1000)
    return shown


def _scheduled(call: Call) -> Record:
    kept = crawler(call, call.input["CrawlerName"]).get("Schedule")
    if not kept:
        raise AwsError("NoScheduleException", f"Crawler {call.input['CrawlerName']} has no schedule")
    found: Record = kept
    return found


def _accepts(one: Record, crawl: Record) -> bool:
    fields = {
        "CRAWL_ID": "CrawlId",
        "STATE": "State",
        "DPU_HOUR": "DPUHour",
        "START_TIME": "StartTime",
        "END_TIME": "EndTime",
    }
    value, wanted = crawl.get(fields[one["FieldName"]]), one["FieldValue"]
    if isinstance(value, float):
        wanted = float(wanted) / (1000 if one["FieldName"].endswith("TIME") and float(wanted) > 1e11 else 1)
    if value is None:
        return False
    tests = {"GT": value > wanted, "GE": value >= wanted, "LT": value < wanted, "LE": value <= wanted}
    tests |= {"EQ": value == wanted, "NE": value != wanted}
    return bool(tests[one.get("FilterOperator", "EQ")])


def _metrics(call: Call, name: str) -> Record:
    crawls = [one for one in call.store.crawls.get(name, []) if "EndTime" in one]
    lengths = sorted(one["EndTime"] - one["StartTime"] for one in crawls)
    last = json.loads(crawls[0].get("Summary", "{}")).get("TABLE", {}) if crawls else {}
    return {
        "CrawlerName": name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": False,
        "LastRuntimeSeconds": round(crawls[0]["EndTime"] - crawls[0]["StartTime"], 3) if crawls else 0.0,
        "MedianRuntimeSeconds": round(lengths[len(lengths) // 2], 3) if lengths else 0.0,
        "TablesCreated": last.get("ADD", {}).get("Count", 0),
        "TablesUpdated": last.get("UPDATE", {}).get("Count", 0),
        "TablesDeleted": last.get("DELETE", {}).get("Count", 0),
    }


OPERATIONS: dict[str, Operation] = {
    "CreateCrawler": create_crawler,
    "GetCrawler": get_crawler,
    "GetCrawlers": get_crawlers,
    "ListCrawlers": list_crawlers,
    "BatchGetCrawlers": batch_get_crawlers,
    "UpdateCrawler": update_crawler,
    "DeleteCrawler": delete_crawler,
    "StartCrawler": start_crawler,
    "StopCrawler": stop_crawler,
    "ListCrawls": list_crawls,
    "GetCrawlerMetrics": get_crawler_metrics,
    "StartCrawlerSchedule": start_crawler_schedule,
    "StopCrawlerSchedule": stop_crawler_schedule,
    "UpdateCrawlerSchedule": update_crawler_schedule,
}
