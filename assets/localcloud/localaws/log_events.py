"""CloudWatch Logs on disk: events are appended to one file as they come; all else is small and saved whole.

The emulator saves every event of every stream each time, twice. Here a call of PutLogEvents costs what its events
cost. A line of the file is one call: where its stream is, when that was made (a stream made again under the same name
is another one) and the events as the emulator keeps them. The file is written anew at each start, without the events
of streams that are gone.
"""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from localaws.settings import write_private

_put: contextvars.ContextVar[list[tuple[dict[str, Any], list[dict[str, Any]]]] | None] = contextvars.ContextVar(
    "log_events_put", default=None
)
"""What the call under way has put: the stream's record and its new events."""
_file: IO[str] | None = None


def state() -> dict[str, Any]:
    """What is saved whole: the emulator's state with empty streams and without its index of events."""
    from ministack.services import cloudwatch_logs as logs

    groups = type(logs._log_groups)()
    for key, group in logs._log_groups._data.items():
        streams = {name: {**stream, "events": []} for name, stream in group["streams"].items()}
        groups._data[key] = {**group, "streams": streams}
    kept = {
        "destinations": logs._destinations,
        "resource_policies": logs._resource_policies,
        "log_group_policies": logs._log_group_policies,
        "metric_filters": logs._metric_filters,
        "queries": logs._queries,
        "delivery_sources": logs._delivery_sources,
        "delivery_destinations": logs._delivery_destinations,
        "deliveries": logs._deliveries,
    }
    return {"log_groups": groups, **kept}


def restore(path: Path) -> None:
    """Put the events back into the streams that the emulator has loaded, and go on appending to the file.

    The emulator's index of events, which GetLogRecord looks into, is made of them again.
    """
    from ministack.services import cloudwatch_logs as logs

    global _file
    lines = path.read_text().splitlines() if path.exists() else []
    kept = []
    for line in lines:
        try:
            put = json.loads(line)
        except ValueError:
            continue  # the line that a killed server was writing; nobody was told that it is kept
        group = logs._log_groups._data.get((put["account"], put["region"], put["group"]))
        stream = group["streams"].get(put["stream"]) if group else None
        if stream is not None and stream["creationTime"] == put["made"]:
            logs._append_log_events(stream, put["events"])
            for event in put["events"]:
                logs._log_records._data[put["account"], put["region"], event["eventId"]] = logs._build_log_record(
                    ptr=event["eventId"], timestamp_ms=event["timestamp"], message=event["message"],
                    log_group=put["group"], log_stream=put["stream"],
                )  # fmt: skip
            kept.append(line)
    write_private(path, "".join(f"{line}\n" for line in kept))
    _file = open(path, "a")  # noqa: SIM115 - open as long as the server


def noting(original: Callable[..., None]) -> Callable[..., None]:
    """`_append_log_events` of the emulator, telling the call under way what it put."""

    def append(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        original(stream, events)
        noted = _put.get()
        if noted is not None and events:
            noted.append((stream, events))

    return append


def begin() -> None:
    """Note what the call of PutLogEvents that follows puts."""
    _put.set([])


def keep(account: str, region: str, given: dict[str, Any]) -> None:
    """Append what the call put; returns when that is in the file."""
    if _file is None:
        raise RuntimeError("the file of log events is not open")
    for stream, events in _put.get() or []:
        where = {"account": account, "region": region, "group": given["logGroupName"]}
        what = {"stream": given["logStreamName"], "made": stream["creationTime"], "events": events}
        _file.write(json.dumps({**where, **what}) + "\n")
    _file.flush()
    _put.set(None)


def close() -> None:
    """Let go of the file."""
    global _file
    if _file is not None:
        _file.close()
        _file = None
