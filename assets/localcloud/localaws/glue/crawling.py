"""Crawls that are under way: a thread each, which looks at the data under the crawler's role."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import threading
import time
import uuid
from typing import Any

from localaws import memory
from localaws.contract import AwsError, changed, role_session
from localaws.glue import found, jdbc, roles, store
from localaws.glue.lake import Search, Stopped
from localaws.glue.operation import now
from localaws.glue.store import Record, lock
from localaws.iam import sessions

log = logging.getLogger("localaws.glue")

GROUP = "/aws-glue/crawlers"
_underway: dict[tuple[str, str], Crawling] = {}


class Crawling:
    """One crawl under way."""

    def __init__(self, region: str, crawler: Record) -> None:
        self.region = region
        self.crawler = crawler
        self.stopping = threading.Event()
        self.changes = found.Changes()
        self.lines: list[str] = []
        self.logs: Any = None
        when = now()
        crawl_id = str(uuid.uuid4())
        self.crawl: Record = {
            "CrawlId": crawl_id,
            "State": "RUNNING",
            "StartTime": when,
            "LogGroup": GROUP,
            "LogStream": crawler["Name"],
            "MessagePrefix": crawl_id,
            "DPUHour": 0.0,
        }
        self.thread = threading.Thread(target=self._go, name=f"crawl-{crawler['Name']}", daemon=True)

    def _go(self) -> None:
        begun = time.monotonic()
        status, message = "SUCCEEDED", ""
        self._say(f"BENCHMARK : Running Start Crawl for Crawler {self.crawler['Name']}")
        try:
            self._crawl()
        except Stopped:
            status = "CANCELLED"
        except AwsError as error:
            status, message = "FAILED", error.message
        except Exception as error:
            status, message = "FAILED", str(error)
            log.info("crawl of %s failed: %s", self.crawler["Name"], error)
        self._say(
            f"ERROR : {message}" if message else "BENCHMARK : Crawler has finished running and is in state READY"
        )
        self._put_logs()
        with lock:
            took = time.monotonic() - begun
            ended = {"SUCCEEDED": "COMPLETED", "CANCELLED": "STOPPED", "FAILED": "FAILED"}[status]
            self.crawl.update(State=ended, EndTime=now(), Summary=self.changes.summary())
            self.crawl["DPUHour"] = round(took / 3600 * 2, 4)
            last = {"Status": status, "StartTime": self.crawl["StartTime"], "LogGroup": GROUP}
            last |= {"LogStream": self.crawl["LogStream"], "MessagePrefix": self.crawl["MessagePrefix"]}
            if message:
                self.crawl["ErrorMessage"] = last["ErrorMessage"] = message[:2000]
            self.crawler.update(State="READY", LastCrawl=last, CrawlElapsedTime=0)
            _underway.pop((self.region, self.crawler["Name"]), None)
            from localaws.glue import triggers

            triggers.crawl_ended(self.region, self.crawler["Name"], status, self.crawl["CrawlId"])
        changed("glue")
        memory.give_back()

    def _crawl(self) -> None:
        role = roles.arn(self.crawler["Role"])
        credentials = role_session(role, roles.PRINCIPAL, "AWS-Crawler")
        glue = sessions.client("glue", credentials, self.region)
        s3 = sessions.client("s3", credentials, self.region)
        self.logs = sessions.client("logs", credentials, self.region)
        writer = found.Writer(glue, self.crawler, self.changes)
        targets = self.crawler["Targets"]
        for kind in ("DynamoDBTargets", "MongoDBTargets", "DeltaTargets", "IcebergTargets", "HudiTargets"):
            if targets.get(kind):
                raise AwsError("InvalidInputException", f"{kind} are not crawled by the local AWS.")
        if self.crawler.get("DatabaseName"):
            writer.ensure_database()
        seen: set[str] = set()
        below: list[str] = []
        for target in targets.get("S3Targets", []):
            for table in self._search(s3, target["Path"], target).tables():
                writer.write(table)
                seen.add(table.location)
            below.append(_location(target["Path"]))
        if below and self.crawler["RecrawlPolicy"].get("RecrawlBehavior") != "CRAWL_NEW_FOLDERS_ONLY":
            writer.drop_missing(seen, below)
        self._crawl_databases(writer, targets.get("JdbcTargets", []), credentials)
        for target in targets.get("CatalogTargets", []):
            self._crawl_catalog(s3, glue, target)
        for (kind, act), names in self.changes.names.items():
            self._say(f"INFO : {kind} {act}: {', '.join(names[:20])}")

    def _search(self, s3: Any, path: str, target: Record) -> Search:
        bucket, prefix = _parsed(path)
        grouping = json.loads(self.crawler.get("Configuration") or "{}").get("Grouping", {})
        kept = store.store(self.region).classifiers
        return Search(
            s3,
            bucket,
            prefix,
            target.get("Exclusions") or [],
            [kept[name] for name in self.crawler.get("Classifiers", []) if name in kept],
            self.stopping.is_set,
            sample=int(target.get("SampleSize") or 5),
            level=int(grouping.get("TableLevelConfiguration") or 0),
            combine=grouping.get("TableGroupingPolicy") == "CombineCompatibleSchemas",
        )

    def _crawl_databases(self, writer: found.Writer, targets: list[Record], credentials: Any) -> None:
        secrets = sessions.client("secretsmanager", credentials, self.region) if targets else None
        for target in targets:
            connection = store.store(self.region).connections.get(target["ConnectionName"])
            if connection is None:
                raise AwsError("EntityNotFoundException", f"Connection {target['ConnectionName']} not found.")
            for given in jdbc.found_tables(connection, target["Path"], target.get("Exclusions") or [], secrets):
                given["Name"] = f"{self.crawler.get('TablePrefix') or ''}{given['Name']}".lower()
                given["Parameters"]["UPDATED_BY_CRAWLER"] = self.crawler["Name"]
                writer.write_plain(given)

    def _crawl_catalog(self, s3: Any, glue: Any, target: Record) -> None:
        """Tables that are in the catalogue already: their columns and partitions are brought up to date."""
        for name in target["Tables"]:
            old = glue.get_table(DatabaseName=target["DatabaseName"], Name=name)["Table"]
            location = old["StorageDescriptor"]["Location"]
            tables = self._search(s3, location, {}).tables()
            if len(tables) != 1:
                continue
            table = tables[0]
            table.name, table.location = name, location
            writer = found.Writer(
                glue, {**self.crawler, "DatabaseName": target["DatabaseName"], "TablePrefix": ""}, self.changes
            )
            writer.write(table)

    def _say(self, text: str) -> None:
        self.lines.append(f"[{self.crawl['CrawlId']}] {text}")

    def _put_logs(self) -> None:
        if self.logs is None:
            return
        try:
            exists = self.logs.exceptions.ResourceAlreadyExistsException
            names: dict[str, str] = {"logGroupName": GROUP}
            for make in (self.logs.create_log_group, self.logs.create_log_stream):
                with contextlib.suppress(exists):
                    make(**names)
                names["logStreamName"] = self.crawler["Name"]
            stamp = int(time.time() * 1000)
            self.logs.put_log_events(**names, logEvents=[{"timestamp": stamp, "message": line} for line in self.lines])
        except Exception as error:
            log.warning("logs of crawler %s not written: %s", self.crawler["Name"], error)


def launch(region: str, crawler: Record) -> Crawling:
    """Start a crawl; its record is the first of the crawler's crawls. The store's lock is held."""
    crawling = Crawling(region, crawler)
    crawler.update(State="RUNNING", CrawlElapsedTime=0)
    memory = store.store(region)
    memory.crawls.setdefault(crawler["Name"], []).insert(0, crawling.crawl)
    _underway[region, crawler["Name"]] = crawling
    crawling.thread.start()
    return crawling


def underway(region: str, name: str) -> Crawling | None:
    """The crawl of a crawler that is under way."""
    return _underway.get((region, name))


def stop_all() -> None:
    """End every crawl, since the server ends."""
    for crawling in list(_underway.values()):
        crawling.stopping.set()
    for crawling in list(_underway.values()):
        crawling.thread.join(1)


def _parsed(path: str) -> tuple[str, str]:
    match = re.fullmatch(r"s3[an]?://([^/]+)/?(.*)", path)
    if not match:
        raise AwsError("InvalidInputException", f"Not an S3 path: {path}")
    return match[1], match[2]


def _location(path: str) -> str:
    bucket, prefix = _parsed(path)
    return f"s3://{bucket}/{prefix}"
