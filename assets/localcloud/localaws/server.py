"""The server process: one loopback port, a lock on the state, and a clean end."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import logging.handlers
import os
import signal
import sys
from pathlib import Path
from typing import IO

from localaws import app, memory
from localaws.settings import Identity, Settings, write_private


class AlreadyRunning(RuntimeError):
    """Another server holds this state."""


def lock(state: Path) -> IO[str]:
    """Hold the state for this process; the kernel lets go of it when the process ends, however it ends."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = open(state / "lock", "a+")  # noqa: SIM115 - held until the process ends
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise AlreadyRunning(f"a local AWS already runs on {state}") from None
    return file


def record_file(state: Path) -> Path:
    """Where a running server says who it is."""
    return state / "server.json"


def log_to_file(settings: Settings) -> None:
    """Send everything logged to the log file, which is kept below 10 MB twice."""
    settings.log.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(settings.log, maxBytes=10_000_000, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("localaws").setLevel(logging.INFO)


def serve(settings: Settings, identity: Identity, held: IO[str]) -> None:
    """Run until SIGTERM or SIGINT; prints nothing but one line when ready. `held` is the lock of the state."""
    memory.few_arenas()
    log_to_file(settings)
    application = app.build(settings, identity)
    try:
        asyncio.run(_run(application))
    finally:
        record_file(settings.state).unlink(missing_ok=True)
        held.close()
        logging.shutdown()
    # Threads of finished engines and jobs are not waited for; everything is saved.
    sys.stdout.flush()
    os._exit(0)


async def _run(application: app.App) -> None:
    from hypercorn.asyncio import serve as serve_http
    from hypercorn.config import Config

    settings = application.settings
    config = Config()
    config.bind = [f"127.0.0.1:{settings.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.shutdown_timeout = 10
    config.loglevel = "WARNING"
    config.errorlog = logging.getLogger("hypercorn.error")
    config.accesslog = None
    config.h11_max_incomplete_size = 1 << 20
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    announcing = asyncio.create_task(_announce(application))
    try:
        await serve_http(application.front, config, shutdown_trigger=ending.wait)  # type: ignore[arg-type]
    finally:
        announcing.cancel()


async def _announce(application: app.App) -> None:
    """Write the record and print it, once the port answers."""
    settings = application.settings
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", settings.port)
            writer.close()
            if application.front.ready:
                break
        except OSError:
            pass
        await asyncio.sleep(0.01)
    text = json.dumps(record(settings, application.identity, os.getpid()))
    write_private(record_file(settings.state), text)
    print(text, flush=True)


def record(settings: Settings, identity: Identity, pid: int) -> dict[str, object]:
    """What `up` prints."""
    return {
        "endpoint": settings.endpoint,
        "access_key_id": identity.access_key_id,
        "secret_access_key": identity.secret_access_key,
        "region": settings.region,
        "account": settings.account,
        "uuid": identity.uuid,
        "pid": pid,
        "log": str(settings.log),
    }
