"""What a run prints, put into CloudWatch Logs under the run's own role, while it runs."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

log = logging.getLogger("localaws.glue")

_MOST_EVENTS = 1000
_MOST_BYTES = 900_000
_MOST_LINE = 250_000


class Stream:
    """One file of output, followed into one log stream."""

    def __init__(self, client: Any, file: Path, group: str, stream: str) -> None:
        self.client = client
        self.file = file
        self.group = group
        self.stream = stream
        self._position = 0
        self._rest = b""
        self._made = False
        self._refused = False

    def follow(self, *, last: bool = False) -> None:
        """Put the lines printed since the last time; one that is not ended waits, unless this is the last time.

        A role without permission to write logs loses its logs, as on AWS; the run goes on.
        """
        if self._refused:
            return
        try:
            with open(self.file, "rb") as output:
                output.seek(self._position)
                data = output.read()
        except FileNotFoundError:
            return
        self._position += len(data)
        lines = (self._rest + data).split(b"\n")
        self._rest = b"" if last else lines.pop()
        texts = [line.decode("utf-8", "replace")[:_MOST_LINE] for line in lines if line.strip()]
        try:
            self._put(texts)
        except Exception as error:
            self._refused = True
            log.warning("logs of %s in %s not written: %s", self.stream, self.group, error)

    def _put(self, texts: list[str]) -> None:
        if not texts:
            return
        if not self._made:
            self._make()
        stamp = int(time.time() * 1000)
        batch: list[dict[str, Any]] = []
        size = 0
        for text in texts:
            length = len(text.encode()) + 26
            if batch and (len(batch) >= _MOST_EVENTS or size + length > _MOST_BYTES):
                self.client.put_log_events(logGroupName=self.group, logStreamName=self.stream, logEvents=batch)
                batch, size = [], 0
            batch.append({"timestamp": stamp, "message": text})
            size += length
        self.client.put_log_events(logGroupName=self.group, logStreamName=self.stream, logEvents=batch)

    def _make(self) -> None:
        exists = self.client.exceptions.ResourceAlreadyExistsException
        for make, names in (
            (self.client.create_log_group, {"logGroupName": self.group}),
            (self.client.create_log_stream, {"logGroupName": self.group, "logStreamName": self.stream}),
        ):
            try:
                make(**names)
            except exists:
                continue
        self._made = True
