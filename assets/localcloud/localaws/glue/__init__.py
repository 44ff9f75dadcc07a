"""Glue: a catalogue, and jobs, crawlers, triggers and workflows that really run.

`operations.OPERATIONS` lists what is handled; anything else answers as AWS does for an operation it does not know.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
from concurrent.futures import ThreadPoolExecutor

from localaws.contract import AwsError, Headers, Response, Settings, caller, json_response
from localaws.glue import store
from localaws.glue.operation import Call, checked
from localaws.glue.operations import OPERATIONS as HANDLED
from localaws.glue.store import get_state, restore_state

__all__ = ["HANDLED", "get_state", "handle_request", "restore_state", "start", "stop"]


_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="glue")
"""A pool of our own: queries that wait for the catalogue must not take the threads it is answered by."""


_UNLOCKED = frozenset({"TestConnection"})
"""Operations that wait for something outside, and change nothing."""


async def handle_request(
    method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, list[str]]
) -> Response:
    """Answer one request."""
    operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    handler = HANDLED.get(operation)
    if handler is None:
        raise AwsError("UnknownOperationException", f"Unknown operation: {operation}")
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise AwsError("SerializationException", "The body is not JSON") from None
    who = caller()
    checked(operation, given)
    call = Call(operation, given, store.store(who.region), who.account, who.region, who.arn)

    def answer() -> str:
        if operation in _UNLOCKED:
            return json.dumps(handler(call))
        with store.lock:
            return json.dumps(handler(call))

    context = contextvars.copy_context()  # a handler may ask who calls
    text = await asyncio.get_running_loop().run_in_executor(_POOL, context.run, answer)
    status, answer_headers, _ = json_response({})
    return status, answer_headers, text.encode()


async def start(settings: Settings) -> None:
    """Settle what was under way when the last server ended, and begin to look at the clock."""
    from localaws.glue import clock, recovery

    recovery.settle()
    clock.start()


async def stop() -> None:
    """End the runs and crawls that are under way."""
    from localaws.glue import clock, crawling, running

    clock.stop()
    await asyncio.gather(asyncio.to_thread(running.stop_all), asyncio.to_thread(crawling.stop_all))
