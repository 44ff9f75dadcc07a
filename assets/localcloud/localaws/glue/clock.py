"""The clock that starts crawlers and triggers on schedule. A minute may be shorter in tests."""

from __future__ import annotations

import datetime
import logging
import threading
import time

from localaws.contract import AwsError, changed, settings
from localaws.glue import crawling, schedule, store, triggers, workflows

log = logging.getLogger("localaws.glue")
_ending = threading.Event()


def start() -> None:
    """Begin to look at the clock."""
    _ending.clear()
    threading.Thread(target=_tick_for_ever, name="clock", daemon=True).start()


def stop() -> None:
    """Look no more."""
    _ending.set()


def strike(when: datetime.datetime) -> None:
    """Start everything whose schedule strikes in this minute."""
    with store.lock:
        for region in store.regions():
            memory = store.store(region)
            for crawler in memory.crawlers.values():
                plan = crawler.get("Schedule") or {}
                ready = plan.get("State") == "SCHEDULED" and crawler["State"] == "READY"
                if ready and schedule.due(plan["ScheduleExpression"], when):
                    crawling.launch(region, crawler)
                    changed("glue")
            for trigger in list(memory.triggers.values()):
                active = trigger["Type"] == "SCHEDULED" and trigger["State"] == "ACTIVATED"
                if active and schedule.due(trigger["Schedule"], when):
                    _fire(region, trigger)
                    changed("glue")


def _fire(region: str, trigger: store.Record) -> None:
    try:
        if name := trigger.get("WorkflowName"):
            workflows.begin(region, name, {})
        else:
            triggers.fire(region, trigger)
    except AwsError as error:
        log.warning("schedule of trigger %s: %s", trigger["Name"], error)


def _tick_for_ever() -> None:
    minute = settings().minute
    began, origin = time.monotonic(), datetime.datetime.now(datetime.UTC)
    last = None
    while not _ending.wait(min(1.0, minute / 4)):
        passed = (time.monotonic() - began) * 60 / minute
        when = origin + datetime.timedelta(seconds=passed)
        if minute == 60:
            when = datetime.datetime.now(datetime.UTC)
        now = when.replace(second=0, microsecond=0, tzinfo=None)
        if last is not None and now != last:
            try:
                strike(now)
            except Exception:
                log.exception("schedules of %s", now)
        last = now
