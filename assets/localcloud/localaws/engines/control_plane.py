"""A service of the query protocol whose resources are engines: what its module offers to the dispatcher."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

from localaws import inside
from localaws.contract import Headers, Response
from localaws.engines.fleet import Fleet
from localaws.query_protocol import Handler, QueryProtocol
from localaws.settings import Settings


class ControlPlane:
    """Requests answered one at a time, and the engines started and stopped with the server."""

    def __init__(self, handled: Mapping[str, Handler], fleet: Fleet[Any], lock: threading.RLock) -> None:
        self._handled = handled
        self._fleet = fleet
        self._lock = lock
        self._protocol = QueryProtocol(fleet.words.service)

    async def handle_request(
        self, method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, list[str]]
    ) -> Response:
        """Answer one request."""

        def answer() -> Response:
            with self._lock:
                return self._protocol.answer(self._handled, body, query_params)

        return await asyncio.to_thread(answer)

    async def start(self, settings: Settings) -> None:
        """Start the engines that ran."""
        inside.bind()
        await asyncio.to_thread(self._fleet.begin, settings)

    async def stop(self) -> None:
        """Stop the engines."""
        await asyncio.to_thread(self._fleet.end)
